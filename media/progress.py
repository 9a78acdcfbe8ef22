"""Reporting progress of long work."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0–1) and a short note.

It may raise `Cancelled`: whoever reports progress must then stop its child process and let
the error pass. Call it as often as you like; the receiver limits how often it writes.
"""


def silent(fraction: float, note: str) -> None:
    """A `Progress` that tells nobody."""


def scaled(progress: Progress, start: float, end: float) -> Progress:
    """Return a `Progress` whose 0–1 is the part `start`–`end` of `progress`."""

    def report(fraction: float, note: str) -> None:
        progress(start + (end - start) * min(1.0, max(0.0, fraction)), note)

    return report

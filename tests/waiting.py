"""Waiting in tests for what another thread or process does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE_SECONDS = 300.0
"""So long that no machine is busy enough to reach it: only what never happens does."""
_PAUSE_SECONDS = 0.005
_LONGEST_PAUSE_SECONDS = 0.1


def until(happened: Callable[[], object], what: str | Callable[[], str]) -> None:
    """Wait until `happened` says yes; fail with `what` (“the child ends”) if it never does.

    `what` may be asked for only then, such as for what a log says at last.
    """
    ends, pause = time.monotonic() + PATIENCE_SECONDS, _PAUSE_SECONDS
    while not happened():
        assert time.monotonic() < ends, _failed(what if isinstance(what, str) else what())
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)


async def soon(happened: Callable[[], object], what: str) -> None:
    """As `until`, for what happens on this event loop."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < ends, _failed(what)
        await asyncio.sleep(_PAUSE_SECONDS)


def _failed(what: str) -> str:
    return f"In {PATIENCE_SECONDS:g} seconds it did not happen that {what}."

"""Reading what ffmpeg writes to `-progress`."""

from __future__ import annotations

from media.progress import Progress


class ProgressReader:
    """Turns the `key=value` lines of `-progress pipe:1` into calls of a `Progress`.

    `duration` is the length of the work in seconds of output (0: unknown, then only 0 is reported).
    """

    def __init__(self, progress: Progress, duration: float, note: str) -> None:
        self._progress = progress
        self._duration = duration
        self._note = note
        self._rest = b""
        self._done: dict[str, float] = {}

    def received(self, data: bytes) -> bool:
        """Take more output; True when the work moved on since the last time."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        before = dict(self._done)
        for line in lines:
            if found := parse_line(line):
                name, value = found
                self._done[name] = max(value, self._done.get(name, 0.0))
        return self._done != before

    def tick(self) -> None:
        """Report how far the work is. Lets what the progress raises pass."""
        self._progress(self.fraction, self._note)

    @property
    def fraction(self) -> float:
        """How much is done, 0–1."""
        if self._duration <= 0:
            return 0.0
        return min(1.0, self._done.get("seconds", 0.0) / self._duration)


def parse_line(line: bytes) -> tuple[str, float] | None:
    """`("seconds", …)` or `("bytes", …)` from a line that tells one, None from any other.

    `out_time_us` is read because `out_time_ms` holds microseconds too (an old ffmpeg mistake kept for
    compatibility); both may be `N/A` or negative before the first frame.
    """
    name, _, value = line.strip().partition(b"=")
    try:
        if name == b"out_time_us":
            return ("seconds", max(0.0, int(value) / 1_000_000))
        if name in (b"total_size", b"frame"):
            return (name.decode(), max(0.0, float(int(value))))
    except ValueError:
        pass
    return None

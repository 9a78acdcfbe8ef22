"""How an encoder does, measured on what arrives. Pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from media.live.containers.flv import VIDEO, Tag, picture_of

WINDOW_SECONDS = 10.0
LATE_SECONDS = 600.0


class Meter:
    """Counts tags as they come; all rates are over the last ten seconds."""

    def __init__(self) -> None:
        self._bytes: deque[tuple[datetime, int, int]] = deque()
        self._times: deque[int] = deque(maxlen=300)
        self._steps: deque[int] = deque(maxlen=60)
        self._last_key: int | None = None
        self._early: deque[tuple[datetime, float]] = deque()
        self._first: tuple[datetime, int] | None = None
        self.keyframes = 0.0
        self.dropped = 0
        self.frames = 0

    def count(self, tag: Tag, at: datetime) -> None:
        """A tag received at `at`."""
        self._bytes.append((at, tag.kind, len(tag.payload)))
        while (at - self._bytes[0][0]).total_seconds() > WINDOW_SECONDS:
            self._bytes.popleft()
        if tag.kind != VIDEO:
            return
        picture = picture_of(tag)
        if picture is None or picture.config:
            return
        self.frames += 1
        if picture.key:
            if self._last_key is not None:
                self.keyframes = max(0.0, (tag.timestamp - self._last_key) / 1000)
            self._last_key = tag.timestamp
        self._step(tag.timestamp)
        self._lateness(tag.timestamp, at)

    def _step(self, time: int) -> None:
        if self._times:
            step = time - self._times[-1]
            usual = self._usual
            if usual and 1.6 * usual < step < 5000:
                self.dropped += round(step / usual) - 1
            elif 0 < step < 1000:
                self._steps.append(step)
        self._times.append(time)

    @property
    def _usual(self) -> float:
        """The usual step between pictures in ms: the middle one of the last; 0 until there are some."""
        if len(self._steps) < 8:
            return 0.0
        ordered = sorted(self._steps)
        return ordered[len(ordered) // 2]

    def _lateness(self, time: int, at: datetime) -> None:
        if self._first is None:
            self._first = (at, time)
        late = (at - self._first[0]).total_seconds() - (time - self._first[1]) / 1000
        self._early.append((at, late))
        while (at - self._early[0][0]).total_seconds() > LATE_SECONDS:
            self._early.popleft()
        if len(self._early) > 4000:  # one of two is enough to know the least
            self._early = deque(list(self._early)[::2])

    @property
    def delay(self) -> float:
        """Seconds by which the last picture came later than the promptest of the last ten minutes."""
        if not self._early:
            return 0.0
        return max(0.0, self._early[-1][1] - min(late for _, late in self._early))

    @property
    def frame_rate(self) -> float:
        """Pictures a second."""
        return round(1000 * len(self._steps) / sum(self._steps), 2) if len(self._steps) >= 8 else 0.0

    def kbps(self, kind: int) -> float:
        """Kilobits a second of `media.live.containers.flv.AUDIO` or `VIDEO`."""
        if len(self._bytes) < 2:
            return 0.0
        span = (self._bytes[-1][0] - self._bytes[0][0]).total_seconds()
        size = sum(size for _, each, size in self._bytes if each == kind)
        return round(8 * size / 1000 / span, 1) if span > 0.2 else 0.0

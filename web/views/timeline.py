"""The thin timeline with answer marks, the same drawing everywhere. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transcribe.segments import Segment, SegmentKind

SCALE = 1000
_NARROWEST = 6
_GAP = 4  # keeps answers that follow each other apart


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A span on the timeline; `x` and `width` in thousandths of its length. `here` marks the one
    that is meant."""

    x: int
    width: int
    here: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Answers as marks, chapter starts as ticks (thousandths), and what it says to those who
    cannot see it."""

    marks: tuple[TimelineMark, ...]
    ticks: tuple[int, ...]
    label: str


def draw(
    segments: Sequence[Segment], duration: float, label: str, here: tuple[float, float] | None = None
) -> Timeline:
    """Place the answers among `segments` on a line of `duration` seconds.

    `here` is the span meant (start and end in seconds); it gets a mark even when no answer is there.
    """
    if duration <= 0:
        return Timeline((), (), label)
    spans = {(each.start, each.end) for each in segments if each.kind == SegmentKind.ANSWER}
    if here is not None:
        spans.add(here)
    marks = [_mark(start, end, duration, (start, end) == here) for start, end in sorted(spans)]
    ticks = {round(SCALE * each.start / duration) for each in segments if each.kind == SegmentKind.CHAPTER}
    return Timeline(tuple(marks), tuple(sorted(tick for tick in ticks if 0 < tick < SCALE)), label)


def _mark(start: float, end: float, duration: float, here: bool) -> TimelineMark:
    x = min(SCALE - _NARROWEST, max(0, round(SCALE * start / duration)))
    width = max(_NARROWEST, round(SCALE * (end - start) / duration) - _GAP)
    return TimelineMark(x, min(width, SCALE - x), here)

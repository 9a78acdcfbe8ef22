"""Segments: chapters and answers of an episode."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, count


class SegmentKind(StrEnum):
    """What a span of an episode is."""

    CHAPTER = "chapter"
    ANSWER = "answer"


class SegmentOrigin(StrEnum):
    """Who made a segment."""

    MACHINE = "machine"
    LIVE = "live"
    EDITOR = "editor"


class SegmentState(StrEnum):
    """Whether a person has confirmed it."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of an episode, `start` to `end` in seconds.

    For an answer, `start` is where the question is put, `answer_start` where the answer to it begins
    (what a worker taps plays from `start`), `question` the question's text, `asker` who asked as shown,
    `answerers` who answers as heard. `confidence` is 0–1.
    """

    kind: SegmentKind
    start: float
    end: float
    title: str
    question: str = ""
    asker: str = ""
    answerers: tuple[str, ...] = ()
    answer_start: float | None = None
    topics: tuple[str, ...] = ()
    origin: SegmentOrigin = SegmentOrigin.MACHINE
    state: SegmentState = SegmentState.SUGGESTED
    confidence: float = 0.5
    id: str = ""


def segment_id(episode: str, segment: Segment, taken: Collection[str] = ()) -> str:
    """An id that is not in `taken`, and the same when a segment is found again at the same place."""
    first = f"{episode}:{segment.kind}:{round(segment.start * 1000)}"
    numbered = (f"{first}:{number}" for number in count(2))
    return next(key for key in chain([first], numbered) if key not in taken)


def new_suggestions(kept: Sequence[Segment], suggested: Sequence[Segment]) -> list[Segment]:
    """Those of `suggested` that no kept segment of their kind covers by more than half."""
    return [
        new
        for new in suggested
        if not any(old.kind is new.kind and overlap(old, new) > (new.end - new.start) / 2 for old in kept)
    ]


def brought_in(episode: str, stored: Sequence[Segment], given: Sequence[Segment]) -> list[Segment]:
    """`given` as an episode's segments: with ids of their own, and an editor's where they are not as stored."""
    known = {segment.id: segment for segment in stored}
    found: dict[str, Segment] = {}
    for segment in given:
        key = segment.id if segment.id in known and segment.id not in found else ""
        key = key or segment_id(episode, segment, known.keys() | found.keys())
        mine = replace(segment, id=key)
        found[key] = mine if known.get(key) == mine else replace(mine, origin=SegmentOrigin.EDITOR)
    return list(found.values())


def overlap(a: Segment, b: Segment) -> float:
    """Seconds that two segments share."""
    return max(0.0, min(a.end, b.end) - max(a.start, b.start))

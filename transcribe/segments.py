"""Segments: chapters and answers of an episode."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
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
    `answerers` who answers as heard. `confidence` is 0–1. Marks of editors: since `law_changed` another law
    holds (`law_note` says which), `superseded_by` is the id of a newer answer, on `review_on` somebody
    looks at it again. `version` counts what was saved of it, from 1.
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
    law_changed: date | None = None
    law_note: str = ""
    superseded_by: str = ""
    review_on: date | None = None
    version: int = field(default=1, compare=False)

    @property
    def outdated(self) -> bool:
        """Whether something newer holds than what is said in it."""
        return self.law_changed is not None or bool(self.superseded_by)

    @property
    def marked(self) -> bool:
        """Whether a person has put a mark on it."""
        return self.outdated or self.review_on is not None


def segment_id(episode: str, segment: Segment, taken: Collection[str] = ()) -> str:
    """An id that is not in `taken`, and the same when a segment is found again at the same place."""
    first = f"{episode}:{segment.kind}:{round(segment.start * 1000)}"
    numbered = (f"{first}:{number}" for number in count(2))
    return next(key for key in chain([first], numbered) if key not in taken)


def new_suggestions(kept: Sequence[Segment], suggested: Sequence[Segment]) -> list[Segment]:
    """Those of `suggested` that kept segments of their kind do not cover by more than half.

    Kept is what a person has decided on, a dismissed suggestion too: all together count, so that a
    suggestion that was split does not come back whole. Nor does one that covers more than half of an answer
    marked on air: the machine begins where the question is introduced, the moderator where it is read.
    """
    return [
        new
        for new in suggested
        if covered(new, [old for old in kept if old.kind is new.kind]) <= (new.end - new.start) / 2
        and not any(_marked_within(old, new) for old in kept)
    ]


def _marked_within(old: Segment, new: Segment) -> bool:
    marked = old.origin is SegmentOrigin.LIVE and old.kind is new.kind
    return marked and overlap(old, new) > (old.end - old.start) / 2


def covered(segment: Segment, others: Sequence[Segment]) -> float:
    """Seconds of `segment` that `others` cover together."""
    total, reached = 0.0, segment.start
    for start, end in sorted((other.start, other.end) for other in others):
        first, last = max(start, reached), min(end, segment.end)
        if last > first:
            total += last - first
            reached = last
    return total


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

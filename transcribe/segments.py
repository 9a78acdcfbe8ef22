"""Segments: chapters and answers of an episode."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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

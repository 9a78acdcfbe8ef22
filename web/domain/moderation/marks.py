"""Marks: when an answer began and ended on air, by the clock on the wall, and what they become in a recording. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from transcribe.editing.segments import (
    NAME_LENGTH,
    QUESTION_LENGTH,
    SHORTEST_SECONDS,
    TITLE_LENGTH,
    plain_text,
)
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from web.domain.questions.questions import Question, QuestionState

Clock = Callable[[datetime], float | None]
"""Seconds in the recording at a wall-clock time (UTC, without a zone); None where that is not known yet."""

RUNNING_SECONDS = 60.0
"""How long an answer that still runs is taken to be, until it ends."""
HELD = "held"


@dataclass(frozen=True, slots=True)
class Mark:
    """An answer on air: UTC without a zone, `ended_at` None while it runs. `segment` is the id of what was made
    of it, "" for nothing yet. `state_before` and `held_before` are the question's, for taking the mark back."""

    id: str
    episode: str
    question: str
    guest: str
    began_at: datetime
    ended_at: datetime | None = None
    segment: str = ""
    state_before: QuestionState = QuestionState.INCOMING
    held_before: bool = False

    @property
    def before(self) -> str:
        """The state before as one word, for keeping."""
        return f"{self.state_before}:{HELD}" if self.held_before else str(self.state_before)


def read_before(kept: str) -> tuple[QuestionState, bool]:
    """What `Mark.before` said."""
    state, _, held = kept.partition(":")
    return QuestionState(state), held == HELD


def asker_of(question: Question) -> str:
    """Who asks, as far as they want that shown: “chị Lan, Công ty May 10”."""
    return ", ".join(part for part in (question.name, question.workplace) if part)


def segment_of_mark(mark: Mark, question: Question, clock: Clock, now: datetime) -> Segment | None:
    """The answer in the recording; None while its place is not known.

    Args:
        mark: when it was answered.
        question: what was answered, as shown.
        clock: leads into the recording.
        now: ends a mark that still runs, by `RUNNING_SECONDS` more.
    """
    start, end = clock(mark.began_at), clock(mark.ended_at or now)
    if start is None or end is None:
        return None
    if mark.ended_at is None:
        end += RUNNING_SECONDS
    return Segment(
        SegmentKind.ANSWER,
        round(start, 3),
        round(max(end, start + SHORTEST_SECONDS), 3),
        plain_text(question.shown[:TITLE_LENGTH], TITLE_LENGTH),
        plain_text(question.shown[:QUESTION_LENGTH], QUESTION_LENGTH),
        plain_text(asker_of(question)[:NAME_LENGTH], NAME_LENGTH),
        (mark.guest,) if mark.guest else (),
        topics=question.topics,
        origin=SegmentOrigin.LIVE,
        state=SegmentState.CONFIRMED,
        confidence=1.0,
    )


def pressed(now: datetime, lead: float) -> datetime:
    """When an answer began that is marked now: people press `lead` seconds after it did."""
    return now - timedelta(seconds=lead)

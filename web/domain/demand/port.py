"""What was asked and watched, read for choosing the next programme's topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question as shown. `open`: it waits for an answer and stands for itself; of one merged into another
    the topics are the other's. `organisation` is that of the programme it was asked at, "" for none: where
    somebody works is their own words, and nothing is counted by it. `day` is Vietnam's.
    """

    id: str
    text: str
    episode: str
    organisation: str
    topics: tuple[str, ...]
    votes: int
    open: bool
    day: date


@dataclass(frozen=True, slots=True)
class AnswerPlayed:
    """An answer of a published episode and its plays in a period; `start` in seconds."""

    episode: str
    segment: str
    question: str
    start: float
    topics: tuple[str, ...]
    plays: int


class Demand(Protocol):
    """Reads only. Questions held or refused are no part of it. All methods raise `Unavailable`."""

    def questions(self, since: date, organisation: str = "") -> list[QuestionAsked]:
        """Those asked from the day `since` on, and all that are open; of one organisation's programmes, or of all."""
        ...

    def answers(self, since: date, until: date, organisation: str = "") -> list[AnswerPlayed]:
        """Answers played from `since` to `until`, most often first."""
        ...

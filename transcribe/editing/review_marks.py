"""Marks on answers: the law has changed, there is a newer answer, look at it again on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from media.errors import Conflict
from transcribe.segments import Segment

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Marks:
    """What editors have noted on an answer; see `Segment`."""

    law_changed: date | None = None
    law_note: str = ""
    superseded_by: str = ""
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment, and the address and title of its episode."""

    episode: str
    episode_title: str
    segment: Segment


class MarksChanged(Conflict):
    """Somebody else saved meanwhile; `current` are the marks as they are now. Nothing was saved."""

    def __init__(self, current: Marks) -> None:
        super().__init__("This answer's marks were changed by somebody else meanwhile; nothing was saved.")
        self.current = current


class Marking(Protocol):
    """One method is one transaction, written to the audit log; episodes are marked changed for search."""

    def mark(self, episode: str, segment: str, marks: Marks, seen: Marks) -> Segment:
        """Put marks on an answer.

        Raises `NotFound` (the answer, or the newer one), `InvalidInput`, `MarksChanged` when the marks are
        not as `seen`.
        """
        ...

    def answer(self, segment: str) -> Placed | None:
        """An answer by its id."""
        ...

    def find(self, text: str, programmes: Collection[str] | None = None, limit: int = 12) -> list[Placed]:
        """Answers whose question has all words of `text`, without regard to diacritics; newest episode first.
        Only of `programmes`, unless None."""
        ...

    def due(self, until: date, programmes: Collection[str] | None = None, limit: int = 50) -> list[Placed]:
        """Answers to be looked at again on `until` or before, most urgent first."""
        ...


def marks_of(segment: Segment) -> Marks:
    """The marks on a segment."""
    return Marks(segment.law_changed, segment.law_note, segment.superseded_by, segment.review_on)


def plain(segment: Segment) -> dict[str, Any]:
    """A segment as JSON can hold it: dates as ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(segment).items()
    }

"""Counting questions that were not asked, because the archive had the answer. Pure."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class AlreadyAnswered(Protocol):
    """“Câu này trả lời đúng ý tôi”, by answer and day; nothing about who."""

    def count(self, segment: str, day: date) -> None:
        """One more for an answer; an unknown one is not counted."""
        ...

    def counts(self, since: date, until: date) -> dict[str, int]:
        """By answer, over these days and those between."""
        ...

"""How askers are reached, to be told of the answer. The port."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from web.domain.questions.questions import Question


@dataclass(frozen=True, slots=True)
class PendingNotification:
    """A contact of `asked` that is to be told of `question`, which stands for it and was answered."""

    asked: str
    kind: str
    sealed: bytes
    question: Question


class Contacts(Protocol):
    """How askers are reached: apart from questions, sealed, gone when its purpose is done."""

    def of(self, question: str) -> list[tuple[str, bytes]]:
        """(kind, sealed) of a question and of those merged into it."""
        ...

    def kinds(self, question: str) -> list[str]:
        """The kinds kept for this question alone."""
        ...

    def forget(self, question: str, kind: str = "") -> None:
        """Remove the contact of a kind, all for ""; none is no error."""
        ...

    def add(self, question: str, kind: str, sealed: bytes) -> None:
        """Add or replace the contact of a kind (email, phone, push). Raises `NotFound`."""
        ...

    def answered(self, kinds: Collection[str]) -> list[PendingNotification]:
        """Contacts of these kinds whose question, or the one that stands for it, was answered; oldest first.
        What somebody has claimed is left out."""
        ...

    def claim(self, asked: str, kind: str, seconds: float) -> bool:
        """Keep others from telling it for so long; False when somebody else has it, or it is gone."""
        ...

    def sweep(self, older_than: timedelta) -> int:
        """Remove what has been kept too long; return how many."""
        ...

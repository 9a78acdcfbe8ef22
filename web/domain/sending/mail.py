"""The port of sending mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of plain text to one address."""

    to: str
    subject: str
    text: str


class Mail(Protocol):
    """Sends letters."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over. Raises `InvalidInput` for an address that cannot be one, `Unavailable`."""
        ...

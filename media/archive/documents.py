"""Documents that belong to an episode: a leaflet, the text of a law."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from media.errors import InvalidInput

PDF_WITHIN = 1024
"""A PDF's first line stands within so many bytes (ISO 32000-1, annex H.3, note 13)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One PDF of an episode. `id` is the SHA-256 of its bytes, in hex."""

    id: str
    episode: str
    filename: str
    size_bytes: int

    @property
    def storage_key(self) -> str:
        """Where its bytes are kept."""
        return document_key(self.id)


class Documents(Protocol):
    """Which episode has which documents. One method is one transaction."""

    def add(self, document: Document) -> None:
        """Add; the same file again only changes its name. Raises `NotFound` for an unknown episode."""
        ...

    def of_episode(self, episode: str) -> list[Document]:
        """In the order they were added."""
        ...

    def remove(self, episode: str, id: str) -> bool:
        """Take it off the episode; return whether no episode has it any more. Raises `NotFound`."""
        ...


def document_key(id: str) -> str:
    """Storage key of a document's bytes."""
    return f"documents/{id}.pdf"


def check_pdf(path: Path) -> None:
    """Raise `InvalidInput` unless the file begins as a PDF does and has its end."""
    with path.open("rb") as file:
        beginning = file.read(PDF_WITHIN)
        file.seek(max(0, path.stat().st_size - 2048))
        ending = file.read()
    if b"%PDF-" not in beginning or b"%%EOF" not in ending:
        raise InvalidInput("This is not a whole PDF file; save or print the document as PDF and send that.")

"""A row of the lexicon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from search.text.folding import fold, nfc


class EntryKind(StrEnum):
    """What an entry says of its two phrases.

    An abbreviation stands for what it means and the other way round. Equivalents mean the same, also
    through others: a = b and b = c make a = c. A narrower one finds what it means, not the other way
    round, as that says less. A spelling is hurried: nobody says it aloud, so the text has what it means.
    """

    ABBREVIATION = "abbreviation"
    EQUIVALENT = "equivalent"
    NARROWER = "narrower"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A row of the table: who types `said` finds `meant` too."""

    kind: EntryKind
    said: str
    meant: str
    note: str = ""


def in_order(entries: Iterable[LexiconEntry]) -> list[LexiconEntry]:
    """Entries as a table shows them: by kind, then as people look phrases up."""
    kinds = list(EntryKind)
    return sorted(entries, key=lambda e: (kinds.index(e.kind), fold(nfc(e.said)), e.said, e.meant))

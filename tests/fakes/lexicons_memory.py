"""In-memory lexicon: every version as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from media.errors import NotFound
from search.synonyms.entries import LexiconEntry, in_order
from search.synonyms.port import (
    SEED_AUTHOR,
    LexiconChanged,
    LexiconDifference,
    LexiconVersion,
    difference,
    missing,
)
from search.synonyms.rules import changed, grown


class MemoryLexicons:
    """Implements `search.synonyms.port.Lexicons`."""

    def __init__(self) -> None:
        self._versions: list[tuple[LexiconVersion, list[LexiconEntry]]] = []

    def version(self) -> int:
        return len(self._versions)

    def entries(self, number: int | None = None) -> list[LexiconEntry]:
        number = self.version() if number is None else number
        if number == 0 and not self._versions:
            return []
        if not 0 < number <= self.version():
            raise NotFound("The lexicon has no version %(number)s; its history lists them.", number=number)
        return list(self._versions[number - 1][1])

    def history(self, limit: int = 100) -> list[LexiconVersion]:
        return [version for version, _ in reversed(self._versions)][:limit]

    def change(
        self,
        added: Sequence[LexiconEntry],
        removed: Sequence[LexiconEntry],
        *,
        author: str,
        note: str = "",
        expected: int | None = None,
    ) -> int:
        self._check(expected, LexiconDifference(tuple(added), tuple(removed)))
        return self._save(changed(self.entries(), added, removed), author, note)

    def restore(self, number: int, *, author: str, expected: int | None = None) -> int:
        self._check(expected, LexiconDifference())
        return self._save(self.entries(number), author, f"as version {number}")

    def grow(self, seed: Sequence[LexiconEntry]) -> int:
        before = self.entries()
        ever = [entry for _, entries in self._versions for entry in entries]
        self._save(grown(before, missing(seed, ever)), SEED_AUTHOR, "the program's own entries")
        return len(self.entries()) - len(before)

    def _check(self, expected: int | None, yours: LexiconDifference) -> None:
        if expected is None or expected == self.version():
            return
        if not 0 < expected < self.version():
            raise NotFound(
                "The lexicon has no version %(number)s; the newest is %(newest)s.",
                number=expected,
                newest=self.version(),
            )
        theirs = difference(self.entries(expected), self.entries())
        raise LexiconChanged(expected, self._versions[-1][0], theirs, yours)

    def _save(self, entries: list[LexiconEntry], author: str, note: str) -> int:
        if difference(self.entries(), entries):
            at = datetime.now(UTC).replace(tzinfo=None)
            self._versions.append((LexiconVersion(self.version() + 1, at, author, note), in_order(entries)))
        return self.version()

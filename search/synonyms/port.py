"""The port of the lexicon that editors keep: entries, and every version of them there ever was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from media.errors import Conflict
from search.synonyms.entries import LexiconEntry
from search.synonyms.rules import same

SEED_AUTHOR = "tualai"
"""Who brought the entries that came with the program."""


@dataclass(frozen=True, slots=True)
class LexiconVersion:
    """What was changed when by whom; `at` is UTC without a zone. The first version has number 1."""

    number: int
    at: datetime
    author: str
    note: str


@dataclass(frozen=True, slots=True)
class LexiconDifference:
    """What leads from one list of entries to another."""

    added: tuple[LexiconEntry, ...] = ()
    removed: tuple[LexiconEntry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def difference(old: Collection[LexiconEntry], new: Collection[LexiconEntry]) -> LexiconDifference:
    """What to add to `old` and remove from it to have `new`; a changed note is both."""
    return LexiconDifference(
        tuple(entry for entry in new if entry not in set(old)),
        tuple(entry for entry in old if entry not in set(new)),
    )


class LexiconChanged(Conflict):
    """Somebody else changed the lexicon since the version that an editor worked on.

    `theirs` leads from that version to `newest`, `yours` is what was not saved.
    """

    def __init__(
        self, expected: int, newest: LexiconVersion, theirs: LexiconDifference, yours: LexiconDifference
    ) -> None:
        shown = "; ".join(f"{e.said} → {e.meant}" for e in (*theirs.added, *theirs.removed)[:3])
        super().__init__(
            "You worked on version %(seen)s of the lexicon, but %(who)s has made version %(newest)s of it"
            " (%(what)s); look at it and make your change again.",
            seen=expected,
            who=newest.author,
            newest=newest.number,
            what=shown or newest.note,
        )
        self.expected, self.newest, self.theirs, self.yours = expected, newest, theirs, yours


class Lexicons(Protocol):
    """The store. Every change makes a new version; nothing is ever lost. Every method raises `Unavailable`.

    Where `expected` is given and is not the newest version, a change raises `LexiconChanged` and does nothing.
    """

    def version(self) -> int:
        """The number of the newest version, 0 before there is any. Cheap: asked every second."""
        ...

    def entries(self, number: int | None = None) -> list[LexiconEntry]:
        """The entries of a version, the newest without `number`, ordered by `search.synonyms.entries.in_order`.

        Raises `NotFound` for a version there is none of.
        """
        ...

    def history(self, limit: int = 100) -> list[LexiconVersion]:
        """The versions, newest first."""
        ...

    def change(
        self,
        added: Sequence[LexiconEntry],
        removed: Sequence[LexiconEntry],
        *,
        author: str,
        note: str = "",
        expected: int | None = None,
    ) -> int:
        """Make a new version, and return its number (the old one's when nothing is to be changed).

        Removals go first, so one entry can take another's place. Raises `InvalidInput` for an entry that
        breaks a rule (see `search.synonyms.rules`), `NotFound` for one to remove that is not there.
        """
        ...

    def restore(self, number: int, *, author: str, expected: int | None = None) -> int:
        """Make a new version with the entries of an old one. Raises `NotFound`."""
        ...

    def grow(self, seed: Sequence[LexiconEntry]) -> int:
        """Bring what is in `seed` and never was in the lexicon, and return how many entries that were.

        What editors removed or changed stays so; what no longer fits beside their entries is left out.
        """
        ...


def missing(seed: Sequence[LexiconEntry], ever: Collection[LexiconEntry]) -> list[LexiconEntry]:
    """The entries of `seed` that were never there, in whichever kind."""
    known = {same(entry) for entry in ever}
    return [entry for entry in seed if same(entry) not in known]

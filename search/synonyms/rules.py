"""What an entry of the lexicon must be like, and when it is dangerous."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from media.errors import InvalidInput, NotFound
from search.synonyms.entries import EntryKind, LexiconEntry
from search.synonyms.lexicon import Groups, phrase
from search.synonyms.stopwords import is_weak
from search.text.folding import nfc

LENGTH_LIMIT = 100
"""Characters of a phrase."""
SYLLABLE_LIMIT = 8
NOTE_LIMIT = 300
GROUP_LIMIT = 12
"""Phrases that mean the same, or that one phrase leads to: each is looked for in every such search."""
ENTRY_LIMIT = 5000
COMMON = 0.2
"""A phrase in a larger share of all passages says too little to be looked for instead of another."""


def cleaned(entry: LexiconEntry) -> LexiconEntry:
    """The entry in NFC with single spaces. Raises `InvalidInput` where it breaks a rule."""
    said, meant = (_cleaned(text) for text in (entry.said, entry.meant))
    if same_words(said, meant):
        raise InvalidInput(
            "“%(said)s” and “%(meant)s” are the same words; give another way to say it.",
            said=said,
            meant=meant,
        )
    note = " ".join(nfc(entry.note).split())
    if len(note) > NOTE_LIMIT or not note.isprintable():
        raise InvalidInput(
            "The note of “%(said)s” is longer than %(most)s characters; shorten it.",
            said=said,
            most=NOTE_LIMIT,
        )
    return replace(entry, said=said, meant=meant, note=note)


def _cleaned(text: str) -> str:
    text = " ".join(nfc(text).split())
    words = phrase(text)
    if not words:
        raise InvalidInput("An entry needs two phrases with at least one word each; one of them is empty.")
    if len(text) > LENGTH_LIMIT:
        raise InvalidInput(
            "“%(text)s…” is longer than %(most)s characters; shorten it.", text=text[:40], most=LENGTH_LIMIT
        )
    if len(words) > SYLLABLE_LIMIT:
        raise InvalidInput(
            "“%(text)s” has %(given)s syllables; %(most)s are the most.",
            text=text,
            given=len(words),
            most=SYLLABLE_LIMIT,
        )
    if any(unicodedata.category(character)[0] == "C" for character in text):
        raise InvalidInput("“%(text)s” has characters that can't be seen; type it again.", text=repr(text))
    return text


def same_words(one: str, two: str) -> bool:
    """Whether two phrases are the same but for capitals, spaces and marks between words."""
    return phrase(one) == phrase(two)


def same(entry: LexiconEntry) -> frozenset[object]:
    """What two entries about the same two phrases have in common, in whichever kind and direction."""
    return frozenset((phrase(entry.said), phrase(entry.meant)))


def changed(
    entries: Sequence[LexiconEntry], added: Iterable[LexiconEntry], removed: Iterable[LexiconEntry]
) -> list[LexiconEntry]:
    """`entries` without `removed` (found by their phrases and kind) and with `added`.

    Raises `NotFound`, and `InvalidInput` for the first of `added` that breaks a rule.
    """
    kept = list(entries)
    for entry in removed:
        there = [e for e in kept if e.kind is entry.kind and same(e) == same(entry)]
        if not there:
            raise NotFound(
                "The lexicon has no %(kind)s “%(said)s” → “%(meant)s” to remove.",
                kind=entry.kind,
                said=entry.said,
                meant=entry.meant,
            )
        kept.remove(there[0])
    table = SynonymTable(kept)
    for entry in added:
        table.add(entry)
    return table.entries


class SynonymTable:
    """Entries that keep the rules, one by one and together."""

    def __init__(self, entries: Sequence[LexiconEntry] = ()) -> None:
        """`entries` are taken as they are."""
        self.entries = list(entries)
        self._known = {same(entry): entry for entry in entries}
        self._groups = Groups(entries)
        self._leads = Counter(phrase(entry.said) for entry in entries)

    def add(self, entry: LexiconEntry) -> None:
        """Add an entry, cleaned. Raises `InvalidInput`, and has not changed then."""
        entry = cleaned(entry)
        known = self._known.get(same(entry))
        if known is not None:
            raise InvalidInput(
                "“%(said)s” and “%(meant)s” are in the lexicon already, as %(kind)s; remove that first.",
                said=entry.said,
                meant=entry.meant,
                kind=known.kind,
            )
        if len(self.entries) >= ENTRY_LIMIT:
            raise InvalidInput("The lexicon holds %(most)s entries; remove some first.", most=ENTRY_LIMIT)
        self._check_spread(entry)
        self.entries.append(entry)
        self._known[same(entry)] = entry
        self._leads[phrase(entry.said)] += 1
        if entry.kind is EntryKind.EQUIVALENT:
            self._groups.join(entry)

    def _check_spread(self, entry: LexiconEntry) -> None:
        """Equivalents join into groups, so one entry may make each of many phrases mean all the others."""
        equivalent = entry.kind is EntryKind.EQUIVALENT
        count = len(self._groups.joined(entry)) if equivalent else 1 + self._leads[phrase(entry.said)]
        if count > GROUP_LIMIT:
            raise InvalidInput(
                "With “%(said)s” = “%(meant)s”, %(count)s phrases would stand for each other; %(most)s are"
                " the most. Use the kind narrower, or remove one that says something else.",
                said=entry.said,
                meant=entry.meant,
                count=count,
                most=GROUP_LIMIT,
            )


def grown(entries: Sequence[LexiconEntry], more: Iterable[LexiconEntry]) -> list[LexiconEntry]:
    """`entries` and those of `more` that keep the rules beside them."""
    table = SynonymTable(entries)
    for entry in more:
        try:
            table.add(entry)
        except InvalidInput:
            continue  # the editors' entries stand in its way, and they decide
    return table.entries


def dangers(entry: LexiconEntry, share: Callable[[str], float]) -> list[str]:
    """Why an entry that keeps the rules may still do harm; `share` is the share of passages that have a phrase."""
    found: list[str] = []
    words = phrase(entry.said)
    if len(words) == 1 and len(words[0].exact) == 1:
        found.append(f"“{entry.said}” is one letter: every list “a, b, c” has it.")
    if entry.kind is not EntryKind.SPELLING and all(is_weak((word,)) for word in words):
        found.append(f"“{entry.said}” says little in a question, so it would change many searches.")
    if len(words) == 1 and words[0].exact == words[0].folded and entry.kind is EntryKind.NARROWER:
        found.append(f"“{entry.said}” without diacritics may be other words typed in a hurry.")
    sides = (
        [entry.meant]
        if entry.kind in (EntryKind.NARROWER, EntryKind.SPELLING)
        else [entry.said, entry.meant]
    )
    for side in sides:
        part = share(side)
        if part > COMMON and not all(is_weak((word,)) for word in phrase(side)):
            found.append(f"“{side}” is in {part:.0%} of all passages: searches would find too much.")
    return found

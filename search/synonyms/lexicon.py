"""Other ways to say it: abbreviations, everyday words for the law's, hurried spelling, numbers.

The words are a table that editors keep (`search.synonyms.port`); it begins with `search.synonyms.seed`. Numbers
and dates are rules (`search.text.numbers`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations

from media.archive.episodes import Topic
from search.synonyms.entries import EntryKind, LexiconEntry
from search.synonyms.seed import SEED
from search.text.folding import fold, nfc, tokens
from search.text.numbers import NUMBER_WORDS, otherwise


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word as typed, in its exact and its folded form (see `search.text.folding`)."""

    exact: str
    folded: str


Phrase = tuple[TypedWord, ...]


_VOWELS = frozenset("aeiouy")


def phrase(text: str) -> Phrase:
    """The words of `text`."""
    return tuple(TypedWord(token.exact, token.folded) for token in tokens(nfc(text)))


class Lexicon:
    """Looks up the other ways to say what a query begins with."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """`pairs` are (as typed, also look for)."""
        self._entries: dict[tuple[str, ...], list[tuple[Phrase, Phrase]]] = {}
        self._longest = 1
        self._words: set[str] = set()
        read = cache(phrase)
        for typed, other in pairs:
            key, value = read(typed), read(other)
            if key and value and key != value:
                self._entries.setdefault(tuple(w.folded for w in key), []).append((key, value))
                self._longest = max(self._longest, len(key))
                self._words.update(word.folded for word in (*key, *value))

    def has(self, folded: str) -> bool:
        """Whether any entry has the word, given in folded form."""
        return folded in self._words or folded in NUMBER_WORDS

    def longest(self, words: Sequence[TypedWord]) -> tuple[int, tuple[Phrase, ...]]:
        """Length of the longest entry that `words` begin with (at least 1), and its other phrases."""
        counted, ways = otherwise([word.exact for word in words])
        for length in range(min(self._longest, len(words)), max(counted, 1) - 1, -1):
            others = self._others(words[:length])
            if others:
                return length, others
        return max(counted, 1), tuple(map(phrase, ways))

    def parts(self, words: Sequence[TypedWord]) -> list[tuple[int, tuple[Phrase, ...]]]:
        """The shorter entries and the other words of an entry, each with its own and the whole's phrases.

        (a and b) or c is (a or c) and (b or c), so what stands for the whole stands for each part. Empty
        when there is no shorter entry in it.
        """
        whole = self._others(words)
        found: list[tuple[int, tuple[Phrase, ...]]] = []
        at = 0
        while whole and at < len(words):
            rest = words[at : at + len(words) - 1]
            lengths = range(min(self._longest, len(rest)), 0, -1)
            length = next((n for n in lengths if self._others(rest[:n])), 1)
            found.append((length, self._others(rest[:length])))
            at += length
        inner = {phrase for _, others in found for phrase in others}
        if not inner or inner & {*whole, tuple(words)}:  # none, or one that means the same as the whole
            return []
        return [(length, tuple(dict.fromkeys((*others, *whole)))) for length, others in found]

    def synonyms(self) -> dict[str, list[str]]:
        """Every entry in lower case with what else to look for, for engines that keep them in their settings."""
        found: dict[str, list[str]] = {}
        for entries in self._entries.values():
            for key, value in entries:
                others = found.setdefault(_plain(key), [])
                others.append(_plain(value))
        return {key: list(dict.fromkeys(others)) for key, others in sorted(found.items())}

    @cached_property
    def digest(self) -> str:
        """The same for two lexicons with the same entries."""
        return hashlib.sha256(repr(self.synonyms()).encode()).hexdigest()[:16]

    def _others(self, words: Sequence[TypedWord]) -> tuple[Phrase, ...]:
        entries = self._entries.get(tuple(w.folded for w in words), ())
        return tuple(dict.fromkeys(value for key, value in entries if _typed_as(words, key)))


def _plain(words: Phrase) -> str:
    return " ".join(word.exact for word in words)


def _typed_as(words: Sequence[TypedWord], key: Phrase) -> bool:
    """Whether `words` may stand for `key`: with its diacritics, or with some left out.

    A syllable alone needs them, as de may be đẻ or để; abbreviations do not.
    """
    (first, *more) = key
    if not more and first.folded != first.exact and set(fold(first.exact)) & _VOWELS:
        return words[0].exact == first.exact
    return all(w.exact in (k.exact, k.folded) for w, k in zip(words, key, strict=True))


class Groups:
    """The phrases that equivalents join, each group in the order in which it came together."""

    def __init__(self, entries: Iterable[LexiconEntry] = ()) -> None:
        self._of: dict[Phrase, dict[Phrase, str]] = {}
        for entry in entries:
            if entry.kind is EntryKind.EQUIVALENT:
                self.join(entry)

    def joined(self, entry: LexiconEntry) -> dict[Phrase, str]:
        """The group that an equivalent makes, or makes larger."""
        one, two = phrase(entry.said), phrase(entry.meant)
        return {**self._of.get(one, {one: entry.said}), **self._of.get(two, {two: entry.meant})}

    def join(self, entry: LexiconEntry) -> None:
        """Take an equivalent in."""
        group = self.joined(entry)
        self._of.update((side, group) for side in group)

    def texts(self) -> list[list[str]]:
        """Every group, in the phrases' own writing."""
        return [
            list(group.values()) for group in {id(group): group for group in self._of.values()}.values()
        ]


def _pairs(entries: Sequence[LexiconEntry]) -> Iterator[tuple[str, str]]:
    """What to look for by what is typed."""
    for entry in entries:
        if entry.kind is not EntryKind.EQUIVALENT:
            yield entry.said, entry.meant
        if entry.kind is EntryKind.ABBREVIATION:
            yield entry.meant, entry.said
    for group in Groups(entries).texts():
        yield from permutations(group, 2)


def _abbreviated(entries: Sequence[LexiconEntry]) -> Callable[[str], list[str]]:
    """A function that writes a phrase with abbreviations spelled out, and with them; one step, never on and on."""
    short = [
        (_plain(phrase(e.said)), _plain(phrase(e.meant)))
        for e in entries
        if e.kind is EntryKind.ABBREVIATION and len(phrase(e.meant)) > 2
    ]

    @cache
    def ways(text: str) -> list[str]:
        plain = f" {_plain(phrase(text))} "
        found = [text]
        for said, meant in short:
            for old, new in ((said, meant), (meant, said)):
                if f" {old} " in plain and plain.strip() != old:
                    found.append(plain.replace(f" {old} ", f" {new} ").strip())
        return list(dict.fromkeys(found))[:_WAYS]

    return ways


_WAYS = 3
"""Of writing one phrase with abbreviations."""


def lexicon_of(entries: Iterable[LexiconEntry] = SEED, topics: Iterable[Topic] = ()) -> Lexicon:
    """The table, and one way only the synonyms editors gave to topics.

    These are loose: pay and bonus both belong to wages, so who asks for the topic finds both, but who asks
    for one of them not the other.
    """
    table = list(entries)
    ways = _abbreviated(table)
    pairs = [(a, b) for said, meant in _pairs(table) for a in ways(said) for b in ways(meant)]
    pairs += [pair for side in {said for said, _ in pairs} for pair in permutations(ways(side), 2)]
    for topic in topics:
        pairs += permutations((topic.name_vi, topic.name_en), 2)
        pairs += ((topic.name_vi, synonym) for synonym in topic.synonyms)
    return Lexicon(pairs)


LEXICON = lexicon_of()


def seeded() -> Lexicon:
    """The lexicon of the seed alone."""
    return LEXICON

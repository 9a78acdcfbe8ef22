"""How often syllables stand alone, in pairs and in threes: what a restorer has learnt of a language.

`Counting` counts texts, `WordCounts` keeps the result in sorted arrays: 8 bytes a pair and 12 a triple, added
to without being unpacked, and written down compactly.
"""

from __future__ import annotations

import re
import sys
import zlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, pairwise

from media.errors import InvalidInput
from search.text.folding import exact, fold, nfc

FORMAT = b"counts 1\n"
WORDS_MOST = 60_000
PAIRS_MOST = 500_000
TRIPLES_MOST = 1_000_000
"""Beyond these the rarest go."""

UNKNOWN, BEGIN, NUMBER = 0, 1, 2
"""Ids that are no words: any word that is not known, the beginning of a sentence, any number."""
_RESERVED = ("", "^", "#")
_SHIFT = 16
_LAST = (1 << _SHIFT) - 1
_UNTONED_MOST = 3
"""A sentence of more words without any diacritic is not written Vietnamese."""

_SENTENCES = re.compile(r"[.?!;:…]+(?:\s|$)|[\n\r]+")
_WORD = re.compile(r"[^\W_]+")


class Counting:
    """Counts texts, one after the other. Not safe to share between threads."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, ...]] = Counter()
        self.triples: Counter[tuple[str, ...]] = Counter()

    @property
    def syllables(self) -> int:
        """How many words were counted."""
        return self.words.total()

    def add(self, text: str) -> None:
        """Count a text written with diacritics; sentences without any are left out."""
        for sentence in _SENTENCES.split(exact(nfc(text))):
            words = _WORD.findall(sentence)
            if len(words) > _UNTONED_MOST and sentence.isascii():
                continue
            line = [_RESERVED[BEGIN], *(_RESERVED[NUMBER] if word.isdigit() else word for word in words)]
            self.words.update(line[1:])
            self.pairs.update(pairwise(line))
            self.triples.update(zip(line, line[1:], line[2:], strict=False))
        if len(self.triples) > 2 * TRIPLES_MOST:
            self.triples = _thinned(self.triples)
        if len(self.pairs) > 2 * PAIRS_MOST:
            self.pairs = _thinned(self.pairs)


def _thinned(counts: Counter[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    return Counter({key: count for key, count in counts.items() if count > 1})


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts by number, in two arrays sorted by key."""

    keys: array[int]
    counts: array[int]

    def within(self, first: int, end: int) -> tuple[int, int]:
        """Places of the keys from `first` up to `end`."""
        low = bisect_left(self.keys, first)
        return low, bisect_left(self.keys, end, low)

    def count(self, key: int, low: int = 0, high: int | None = None) -> int:
        """The count of a key, which is looked for at the places `low` to `high`; 0 without it."""
        high = len(self.keys) if high is None else high
        at = bisect_left(self.keys, key, low, high)
        return self.counts[at] if at < high and self.keys[at] == key else 0

    def plus(self, more: Mapping[int, int], most: int) -> CountTable:
        """With more counts; when there are more than `most` keys, the rarest go until a tenth is free."""
        keys, counts = array(self.keys.typecode), array("I")
        done = 0
        for key in sorted(more):
            at = bisect_left(self.keys, key, done)
            keys.extend(self.keys[done:at])
            counts.extend(self.counts[done:at])
            known = at < len(self.keys) and self.keys[at] == key
            keys.append(key)
            counts.append(more[key] + (self.counts[at] if known else 0))
            done = at + known
        keys.extend(self.keys[done:])
        counts.extend(self.counts[done:])
        return CountTable(keys, counts)._bounded(most)

    def _bounded(self, most: int) -> CountTable:
        if len(self.keys) <= most:
            return self
        sizes = Counter(self.counts)
        least, left = 0, len(self.keys)
        while left > most * 9 // 10:
            left -= sizes[least]
            least += 1
        kept = [(k, c) for k, c in zip(self.keys, self.counts, strict=True) if c >= least]
        return CountTable(array(self.keys.typecode, (k for k, _ in kept)), array("I", (c for _, c in kept)))


@dataclass(frozen=True)
class WordCounts:
    """What was counted. `words[id]` is a word in its exact form (see `search.text.folding`)."""

    words: tuple[str, ...] = _RESERVED
    single: array[int] = field(default_factory=lambda: array("I", [0] * len(_RESERVED)))
    pairs: CountTable = field(default_factory=lambda: CountTable(array("I"), array("I")))
    triples: CountTable = field(default_factory=lambda: CountTable(array("Q"), array("I")))

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each word."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def forms(self) -> dict[str, list[int]]:
        """By folded form the words that are written so without diacritics."""
        found: dict[str, list[int]] = {}
        for number in range(len(_RESERVED), len(self.words)):
            found.setdefault(fold(self.words[number]), []).append(number)
        return found

    @cached_property
    def varieties(self) -> array[int]:
        """How many different words each word was seen after."""
        last = Counter(pair & _LAST for pair in self.pairs.keys)
        return array("I", (last[number] for number in range(len(self.words))))

    @cached_property
    def total(self) -> int:
        """How many words were counted."""
        return sum(self.single)

    def plus(self, counted: Counting) -> WordCounts:
        """With what `counted` has; words beyond WORDS_MOST are taken as unknown."""
        words, ids = list(self.words), dict(self.ids)
        for word, _ in counted.words.most_common():
            if word not in ids and len(words) < WORDS_MOST:
                ids[word] = len(words)
                words.append(word)
        single = array("I", chain(self.single, [0] * (len(words) - len(self.words))))
        for word, count in counted.words.items():
            single[ids.get(word, UNKNOWN)] += count
        return replace(
            self,
            words=tuple(words),
            single=single,
            pairs=self.pairs.plus(_keyed(counted.pairs, ids), PAIRS_MOST),
            triples=self.triples.plus(_keyed(counted.triples, ids), TRIPLES_MOST),
        )


def counted(texts: Iterable[str]) -> Counting:
    """The counts of some texts."""
    counting = Counting()
    for text in texts:
        counting.add(text)
    return counting


def key(*ids: int) -> int:
    """The key of words that follow each other."""
    joined = 0
    for number in ids:
        joined = joined << _SHIFT | number
    return joined


def _keyed(counts: Mapping[tuple[str, ...], int], ids: Mapping[str, int]) -> dict[int, int]:
    keyed: dict[int, int] = {}
    for words, count in counts.items():
        found = [ids.get(word, UNKNOWN) for word in words]
        if UNKNOWN not in found:
            keyed[key(*found)] = count
    return keyed


def dumped(counts: WordCounts) -> bytes:
    """`counts` written down; `loaded` reads it on any machine."""
    text = "\n".join(counts.words).encode()
    arrays = (
        counts.single, counts.pairs.keys, counts.pairs.counts, counts.triples.keys, counts.triples.counts
    )  # fmt: skip
    sizes = " ".join(map(str, (len(text), *map(len, arrays)))).encode()
    return FORMAT + zlib.compress(b"\n".join((sizes, text)) + b"".join(map(_little, arrays)), 3)


def loaded(data: bytes) -> WordCounts:
    """What `dumped` wrote. Raises `InvalidInput` for anything else."""
    try:
        if not data.startswith(FORMAT):
            raise ValueError("another format")
        head, _, rest = zlib.decompress(data[len(FORMAT) :]).partition(b"\n")
        size, *lengths = map(int, head.split())
        words = tuple(rest[:size].decode().split("\n"))
        arrays, at = [], size
        for code, length in zip("IIIQI", lengths, strict=True):
            values = array(code)
            end = at + length * values.itemsize
            values.frombytes(rest[at:end])
            if sys.byteorder == "big":
                values.byteswap()
            arrays.append(values)
            at = end
        single, pairs, pair_counts, triples, triple_counts = arrays
        whole = at == len(rest) and len(words) == len(single)
        if not whole or len(pairs) != len(pair_counts) or len(triples) != len(triple_counts):
            raise ValueError("parts are missing")
    except (ValueError, zlib.error) as error:
        raise InvalidInput("What was learnt of the language can't be read (%(why)s).", why=error) from error
    return WordCounts(words, single, CountTable(pairs, pair_counts), CountTable(triples, triple_counts))


def _little(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()

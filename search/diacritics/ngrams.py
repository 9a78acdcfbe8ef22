"""How probably a word follows others: interpolated trigrams with absolute discounting.

Single words count by how many different words they follow: lao is frequent, but hardly without động.
Source: R. Kneser, H. Ney, “Improved backing-off for m-gram language modeling”, ICASSP 1995, pages 181–184;
interpolated as in S. F. Chen, J. Goodman, “An empirical study of smoothing techniques for language
modeling”, Computer Speech and Language 13 (1999), pages 359–394.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.diacritics.counts import WordCounts, key

_DISCOUNT = 0.75
"""Taken from every count of two or three words, for those that were never seen."""
_ADDED = 0.1
"""Added to every count of single words."""


class Ngrams:
    """Probabilities by `counts`, of which words are given by their ids."""

    def __init__(self, counts: WordCounts, order: int = 3) -> None:
        """`order`: how many words count together, 1 to 3."""
        self._counts = counts
        self._order = order
        self._single = counts.single if order == 1 else counts.varieties
        self._sum = sum(self._single) + _ADDED * len(counts.words)
        self._known: dict[int, tuple[int, int, int]] = {}

    def after_one(self, before: int, words: Sequence[int]) -> list[float]:
        """The probability of each of `words` after one other."""
        alone = [(self._single[word] + _ADDED) / self._sum for word in words]
        if self._order < 2 or not before:
            return alone
        known = self._known.get(before)
        if known is None:
            low, high = self._counts.pairs.within(key(before, 0), key(before + 1, 0))
            known = self._known[before] = low, high, sum(self._counts.pairs.counts[low:high])
        low, high, total = known
        if not total:
            return alone
        rest, count = _DISCOUNT * (high - low), self._counts.pairs.count
        seen = [count(key(before, word), low, high) for word in words]
        return [
            ((n - _DISCOUNT if n else 0.0) + rest * p) / total for n, p in zip(seen, alone, strict=True)
        ]

    def after_two(
        self, first: int, second: int, words: Sequence[int], after_one: list[float]
    ) -> list[float]:
        """The probability of each of `words` after two others; `after_one` is that after the second alone."""
        if self._order < 3 or not first or not second:
            return after_one
        pair = key(first, second)
        low, high = self._counts.triples.within(key(pair, 0), key(pair + 1, 0))
        if low == high:
            return after_one
        total, rest = sum(self._counts.triples.counts[low:high]), _DISCOUNT * (high - low)
        count = self._counts.triples.count
        seen = [count(key(pair, word), low, high) for word in words]
        return [
            ((n - _DISCOUNT if n else 0.0) + rest * p) / total for n, p in zip(seen, after_one, strict=True)
        ]

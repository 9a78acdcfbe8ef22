"""Lexical cohesion: where the vocabulary changes, a subject probably ends.

TextTiling (Hearst 1997): the similarity of the words before and after each gap is smoothed, and a gap is as
good a border as its similarity lies below the peaks around it (the depth score). Similarity is the cosine of
word counts weighted by inverse block frequency, which needs no stop-word list.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+")


def syllable_terms(folded: str, bigrams: bool) -> list[str]:
    """Words of `folded`; for Vietnamese (`bigrams`) pairs of syllables too, since most words have two."""
    words = _WORD.findall(folded)
    if not bigrams:
        return [word[:6] for word in words if len(word) > 2]
    return [f"{first} {second}" for first, second in pairwise(words)]


def depth_scores(units: Sequence[Sequence[str]], window: int = 10, smoothing: int = 1) -> list[float]:
    """The depth at each gap: entry `i` is for a border before unit `i` (entry 0 is always 0).

    Args:
        units: terms of each sentence or cue.
        window: units on either side that are compared.
        smoothing: gaps on either side that are averaged.
    """
    similarities = _smoothed(_similarities(units, window), smoothing)
    depths = [0.0] * len(units)
    left = _peaks(similarities)
    right = _peaks(similarities[::-1])[::-1]
    for gap, similarity in enumerate(similarities):
        depths[gap + 1] = left[gap] + right[gap] - 2 * similarity
    return depths


def _peaks(values: list[float]) -> list[float]:
    """For each place, the top of the slope that leads down to it from the left."""
    peaks: list[float] = []
    for index, value in enumerate(values):
        peaks.append(peaks[-1] if index and values[index - 1] >= value else value)
    return peaks


def _smoothed(values: list[float], reach: int) -> list[float]:
    if reach <= 0:
        return values
    return [
        sum(values[max(0, index - reach) : index + reach + 1])
        / len(values[max(0, index - reach) : index + reach + 1])
        for index in range(len(values))
    ]


def _similarities(units: Sequence[Sequence[str]], window: int) -> list[float]:
    """The similarity across each gap, kept up to date by adding and taking away one unit at a time."""
    weights = _weights(units)
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for unit in units[:window]:
        after.update(unit)
    values: list[float] = []
    for gap in range(1, len(units)):
        before.update(units[gap - 1])
        _take(after, units[gap - 1])
        if gap + window <= len(units):
            after.update(units[gap + window - 1])
        if gap > window:
            _take(before, units[gap - window - 1])
        values.append(_cosine(before, after, weights))
    return values


def _take(counts: Counter[str], unit: Sequence[str]) -> None:
    for term in unit:
        counts[term] -= 1
        if not counts[term]:
            del counts[term]


def _weights(units: Sequence[Sequence[str]]) -> dict[str, float]:
    frequency: Counter[str] = Counter()
    for unit in units:
        frequency.update(set(unit))
    total = max(1, len(units))
    return {
        term: math.log(1 + total / count) - math.log(2) * (count == total)
        for term, count in frequency.items()
    }


def _cosine(left: Counter[str], right: Counter[str], weights: dict[str, float]) -> float:
    if not left or not right:
        return 0.0
    small, large = (left, right) if len(left) < len(right) else (right, left)
    product = sum(
        count * large[term] * weights[term] ** 2 for term, count in small.items() if term in large
    )
    norms = math.sqrt(_square(left, weights) * _square(right, weights))
    return product / norms if norms else 0.0


def _square(counts: Counter[str], weights: dict[str, float]) -> float:
    return sum((count * weights[term]) ** 2 for term, count in counts.items())

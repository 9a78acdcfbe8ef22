"""Fusing what words find with what meaning finds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.index import Hit
from search.passages.passage import OUTDATED

WEIGHT = 25.0
"""What a difference of 1 in cosine similarity counts, where the best by words has 1: for e5 models, whose
closeness differs by some hundredths between what answers and what is near. 20 to 30 do about as well."""
UNFOUND = 0.5
"""What words give one that is not among those they found: so much of what the last of these has."""


def fused(words: Sequence[Hit], near: Sequence[Hit], trust: float) -> list[Hit]:
    """All hits, each once, best first; `trust`, 0 to 1, is how well the query's meaning is known.

    A hit's score is the sum of both, words as a part of the best hit's score. Those of `words` keep their
    spans. One that is not embedded yet stays before all that words rank below it.
    """
    found = {hit.passage.id: hit for hit in near} | {hit.passage.id: hit for hit in words}
    known = {hit.passage.id: hit.closeness for hit in (*near, *words) if hit.closeness is not None}
    best = max((hit.score for hit in words), default=0.0) or 1.0
    by_words = {hit.passage.id: hit.score / best for hit in words}
    rest = UNFOUND * min(by_words.values(), default=0.0)
    close = _supposed(by_words, known) | known
    least = min(close.values(), default=0.0)
    scored = [
        replace(
            hit,
            score=(by_words.get(key, rest) + trust * WEIGHT * (close.get(key, least) - least))
            * (OUTDATED if hit.passage.outdated else 1.0),
            closeness=known.get(key),
        )
        for key, hit in found.items()
    ]
    place = {key: at for at, key in enumerate([*by_words, *found])}
    return sorted(scored, key=lambda hit: (-hit.score, place[hit.passage.id]))


def _supposed(by_words: Mapping[str, float], known: Mapping[str, float]) -> dict[str, float]:
    """A closeness for each hit by words: the highest of its own and those that words rank below it."""
    supposed: dict[str, float] = {}
    highest = min(known.values(), default=0.0)
    for key in sorted(by_words, key=lambda key: by_words[key]):
        supposed[key] = highest = max(highest, known.get(key, highest))
    return supposed

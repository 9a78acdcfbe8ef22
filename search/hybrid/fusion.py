"""Fusing what words find with what meaning finds, and with what speaks of the same matters. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.index import Hit
from search.passages.passage import OUTDATED

WEIGHT = 25.0
"""What a difference of 1 in cosine similarity counts, where the best by words has 1: for e5 models, whose
closeness differs by some hundredths between what answers and what is near. 20 to 30 do about as well."""
UNFOUND = 0.5
"""What words give one that is not among those they found: so much of what the last of these has."""


@dataclass(frozen=True, slots=True)
class Mix:
    """What words count, and what it counts to speak of all that is asked; beside `WEIGHT` of meaning."""

    words: float
    shared: float


BESIDE = 0.5
"""Where the best hits have what was typed, to speak of it counts this times the share of the query that is known to be
about something: little in a query about what is no matter of a worker's life."""
LITTLE_BY_WORDS = Mix(0.3, 1.0)
"""Where they have not: then the words they have are mostly beside the point."""
_WORDS = Mix(1.0, 0.0)


def fused(
    words: Sequence[Hit],
    near: Sequence[Hit],
    trust: float,
    shared: Mapping[str, float] | None = None,
    mix: Mix = _WORDS,
) -> list[Hit]:
    """All hits, each once, best first; `trust`, 0 to 1, is how well the query's meaning is known, `shared` what
    `Hit.shared` is to be, by id.

    A hit's score is the sum of all three, words as a part of the best hit's score. Those of `words` keep their
    spans. One that is not embedded yet stays before all that words rank below it.
    """
    shared = shared or {}
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
            score=(
                mix.words * by_words.get(key, rest)
                + trust * WEIGHT * (close.get(key, least) - least)
                + mix.shared * shared.get(key, 0.0)
            )
            * (OUTDATED if hit.passage.outdated else 1.0),
            closeness=known.get(key),
            shared=shared.get(key, 0.0),
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

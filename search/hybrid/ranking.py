"""The best of what words and meaning find, by all that is known of each hit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.hybrid.fusion import BESIDE, LITTLE_BY_WORDS, WEIGHT, Mix, fused
from search.index import Hit, SearchResults
from search.query.fitting import evidence
from search.query.interpretation import Interpretation
from search.query.understanding import Understanding
from search.synonyms.concepts import concepts

MEANING_MOST = 20
"""Hits that words do not find."""
NEAR = 0.87
"""Closeness from which meaning alone may bring a hit; measured with nonsense (docs/decisions/hybrid.md)."""
MARGIN = 0.04
"""Nor is a hit brought by meaning alone that is so much further than the nearest."""
SPEAKS = 0.5
"""Nor without this much of what is asked, where words say little: of 2, as in title and text all may be."""
COVERED, JOINED = 0.7, 0.15
"""Where one of the first hits has a larger share of what was typed, by rarity, or of its neighbouring words, words are to
be gone by: most queries that share a word with what answers them (docs/decisions/search.md)."""
_COVERING = 10
_SPEAKING = 30
"""Of the hits by words so many of the best are asked what they speak of, where words are to be gone by."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Hits, best first, and those of them that words did not find."""

    hits: list[Hit]
    extra: list[Hit]


def ranked(
    found: SearchResults, near: Sequence[Hit], asked: Understanding, wanted: Interpretation, typed: str
) -> Ranked:
    """What words `found` and what is `near` in meaning as one list; `asked` is what `wanted.text` is read as."""
    if wanted.by_words:
        return Ranked(list(found.hits), [])
    by_words = {hit.passage.id for hit in found.hits}
    others = [hit for hit in near if hit.passage.id not in by_words]
    first = [evidence(asked, found.rarity, hit) for hit in found.hits[:_COVERING]]
    covered = any(each.words > COVERED or each.pairs > JOINED for each in first)
    about = concepts().asked(wanted.text, typed)
    least = max(NEAR, max((hit.score for hit in near), default=0.0) - MARGIN)
    if covered:
        extra = [hit for hit in others if hit.score >= least][:MEANING_MOST]
        shared = _shared(about, [*found.hits[:_SPEAKING], *extra])
    else:
        shared = _shared(about, [*found.hits, *others])
        extra = [hit for hit in others if hit.score >= least or shared[hit.passage.id] >= SPEAKS]
        extra.sort(key=lambda hit: -wanted.trust * WEIGHT * hit.score - shared[hit.passage.id])
        del extra[MEANING_MOST:]
    known = sum(about.values()) / max(1, len(asked.words))
    mix = Mix(1.0, BESIDE * known) if covered else LITTLE_BY_WORDS
    return Ranked(fused(found.hits, extra, wanted.trust, shared, mix), extra)


def _shared(about: Mapping[int, float], hits: Sequence[Hit]) -> dict[str, float]:
    passages = [hit.passage for hit in hits]
    values = concepts().shared(about, [(each.title, each.text) for each in passages])
    return {each.id: value for each, value in zip(passages, values, strict=True)}

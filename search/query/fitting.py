"""Whether what was found answers the query at all, or is only the nearest there is. Pure.

A logistic regression over how much of the query the best hits have. `python -m bench.fitting` fits the weights
and says what they are worth; see docs/decisions/search.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.index import Hit
from search.query.ranking import joined
from search.query.understanding import QueryTerm, Understanding
from search.synonyms.lexicon import Phrase
from search.text.folding import tokens

LOOKED_AT = 3
"""Of so many hits the best says whether the query is answered: a page shows as many at a glance."""
OTHERWISE = 0.8
"""What another way to say a term counts."""
_UNSEEN = 7.0
"""The rarity of a word that the engine was not asked about: one of some thousand passages."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well a hit covers a query. `words`: the share of its meaning-bearing words, by rarity, that is in the
    passage; `pairs`: of its neighbouring words that are neighbours there. 0 to 1.
    `shared` and `closeness` as of `Hit`.
    """

    words: float
    pairs: float
    shared: float
    closeness: float | None


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the evidence adds to the log-odds that a query is answered."""

    constant: float
    words: float
    pairs: float
    shared: float
    closeness: float = 0.0

    def log_odds(self, evidence: Evidence) -> float:
        """Positive where it is answered rather than not."""
        return (
            self.constant
            + self.words * evidence.words
            + self.pairs * evidence.pairs
            + self.shared * evidence.shared
            + self.closeness * (evidence.closeness or 0.0)
        )


BY_WORDS = Weights(-1.16, 0.84, 1.13, 1.43)
WITH_MEANING = Weights(-2.35, 1.12, 0.95, 1.60, 1.12)
"""Fitted by `bench.fitting` on ten programmes, the constant so that one answered query of twenty is turned away: to
be told that there is nothing is worse than to look at what does not fit."""


def fits(asked: Understanding, rarity: Mapping[str, float], hits: Sequence[Hit]) -> bool:
    """Whether one of the first hits probably answers what was `asked`; `rarity` as of `SearchResults`."""
    found = [evidence(asked, rarity, hit) for hit in hits[:LOOKED_AT]]
    return any((BY_WORDS if e.closeness is None else WITH_MEANING).log_odds(e) > 0 for e in found)


def covered(asked: Understanding, rarity: Mapping[str, float], hits: Sequence[Hit]) -> float:
    """How much of what was asked the best of the first hits has: the rarity of the words and neighbours in it.

    Of two ways to spell a query in one archive, the one with more is found better.
    """
    words = sum(_rarity(word.folded, rarity) for term in asked.required for word in term.words)
    pairs = sum(_rarity(a.folded, rarity) + _rarity(b.folded, rarity) for a, b in pairwise(asked.words))
    found = [evidence(asked, rarity, hit) for hit in hits[:LOOKED_AT]]
    return max((e.words * words + e.pairs * pairs for e in found), default=0.0)


def evidence(asked: Understanding, rarity: Mapping[str, float], hit: Hit) -> Evidence:
    """What a hit has of what was asked."""
    title, text = (_Said(part) for part in (hit.passage.title, hit.passage.text))
    weights = [sum(_rarity(word.folded, rarity) for word in term.words) for term in asked.required]
    said = [max(title.has(term), text.has(term)) for term in asked.required]
    pairs = list(pairwise(word.folded for word in asked.words))
    together = [f" {a}  {b} " in title.folded or f" {a}  {b} " in text.folded for a, b in pairs]
    rarities = [_rarity(a, rarity) + _rarity(b, rarity) for a, b in pairs]
    return Evidence(
        _share(said, weights),
        _share(together, rarities),
        hit.shared,
        hit.closeness,
    )


class _Said:
    """A title or text, in which words and phrases are looked for as substrings."""

    def __init__(self, text: str) -> None:
        found = list(tokens(text))
        self.exact = joined(token.exact for token in found)
        self.folded = joined(token.folded for token in found)

    def has(self, term: QueryTerm) -> float:
        """The share of a term's words that are there, or what another way to say it counts."""
        own = sum(f" {word.folded} " in self.folded for word in term.words) / len(term.words)
        return max(own, OTHERWISE * any(map(self._says, term.others)))

    def _says(self, phrase: Phrase) -> bool:
        if len(phrase) == 1:  # alone, a word needs its diacritics
            return f" {phrase[0].exact} " in self.exact
        return joined(word.folded for word in phrase) in self.folded


def _rarity(word: str, rarity: Mapping[str, float]) -> float:
    return rarity.get(word, _UNSEEN)


def _share(found: Sequence[float], weights: Sequence[float]) -> float:
    whole = sum(weights)
    return sum(f * w for f, w in zip(found, weights, strict=True)) / whole if whole else 0.0

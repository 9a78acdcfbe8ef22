"""How well a passage answers a query, computed here: for engines whose own ranking knows no diacritics.

Pure. The same sum as `search.tantivy.scoring`: BM25 (Robertson & Zaragoza 2009, with k1 = 1.2, b = 0.75)
of words without and with diacritics, of neighbours and of phrases, and fixed values for typos.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from search.query.understanding import QueryTerm, Understanding
from search.synonyms.lexicon import Phrase, TypedWord
from search.text.folding import fold

K1, B = 1.2, 0.75
TYPO, PREFIX, OTHER, WEAK, ARTICLE = 3.0, 1.5, 0.8, 0.5, 3.0
TITLE_FACTOR = 0.9
COMPLETE = 100.0
"""Added for all terms where some would do."""
ARTICLES = frozenset({"dieu", "khoan", "chuong", "muc", "tap", "so"})
"""Words whose number says which one."""


@dataclass(frozen=True, slots=True)
class RankingWeights:
    """How much words and neighbours count, in folded and in exact form."""

    folded: float = 1.0
    exact: float = 0.6
    pair_folded: float = 1.2
    pair_exact: float = 0.5
    whole: float = 1.0


TONED = RankingWeights()
UNTONED = RankingWeights(exact=0.3, pair_exact=0.0)


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = "" if 0x300 <= code <= 0x36F else fold(chr(code))
        self[code] = folded
        return folded


_FOLDING = _Folding()


def joined(words: Iterable[str]) -> str:
    """Words so that each stands between two spaces of its own: they and phrases are counted as substrings."""
    return "".join(f" {word} " for word in words)


@dataclass(frozen=True, slots=True)
class PassageField:
    """The title or the text of a passage, as `joined` exact forms."""

    exact: str
    factor: float
    folded: str = field(init=False)
    length: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.exact.translate(_FOLDING))
        object.__setattr__(self, "length", self.exact.count(" ") // 2)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of an archive: passages, and in how many of them a word is, by folded and by exact form."""

    passages: int
    folded: Mapping[str, int]
    exact: Mapping[str, int]

    def rarity(self, count: int) -> float:
        """Inverse document frequency of what is in `count` passages."""
        return log(1 + (self.passages - min(count, self.passages) + 0.5) / (count + 0.5))


Near = Mapping[str, Sequence[str]]
"""By folded word, those of the archive that it may be a typo of (or begin, while typing)."""


class Reranking:
    """Scores passages for one query."""

    def __init__(
        self, understanding: Understanding, statistics: Statistics, near: Near, starts: str = ""
    ) -> None:
        """`starts` is the folded beginning of a word that goes on, while typing."""
        self._asked = understanding
        self._weights = TONED if understanding.toned else UNTONED
        self._near = {word: _any_of(words) for word, words in near.items() if words}
        self._starts = f" {starts}" if starts else ""
        self._folded = {
            w.folded: statistics.rarity(statistics.folded.get(w.folded, 0)) for w in _words(understanding)
        }
        self._exact = {
            w.exact: statistics.rarity(statistics.exact.get(w.exact, 0)) for w in _words(understanding)
        }
        self._averages = {TITLE_FACTOR: 1.0, 1.0: 1.0}

    def scores(
        self, passages: Sequence[tuple[str, str]], *, complete: bool = False, loose: bool = False
    ) -> list[float]:
        """Of passages given as title and text, both `joined`.

        `complete` favours those with all terms, `loose` those with some of them exactly as typed.
        """
        parts = [(PassageField(title, TITLE_FACTOR), PassageField(text, 1.0)) for title, text in passages]
        for at, factor in enumerate((TITLE_FACTOR, 1.0)):
            lengths = [pair[at].length for pair in parts if pair[at].length]
            self._averages[factor] = sum(lengths) / len(lengths) if lengths else 1.0
        return [
            self._score(pair, complete=complete) + (self._sure(pair) if loose else 0.0) for pair in parts
        ]

    def _sure(self, parts: Sequence[PassageField]) -> float:
        words = [word for term in self._asked.required for word in term.words]
        return sum(
            self._bm25(part, part.exact.count(f" {word.exact} "), self._exact[word.exact])
            for word in words
            for part in parts
        )

    def _score(self, parts: Sequence[PassageField], *, complete: bool) -> float:
        required = self._asked.required
        whole = len(required) <= 4
        had = [self._term(term, parts, whole=whole) for term in required]
        weak = [
            self._term(t, parts, whole=False) for t in self._asked.terms if t.weak and t not in required
        ]
        score = sum(had) + WEAK * sum(weak) + self._closeness(parts)
        if complete and all(had):
            score += COMPLETE
        if any(f" dieu  {number} " in parts[0].folded for number in articles(self._asked)):
            score += 3 * COMPLETE
        return score

    def _term(self, term: QueryTerm, parts: Sequence[PassageField], *, whole: bool) -> float:
        words = [self._word(word, parts) for word in term.words]
        needed = len(words) if whole else (len(words) + 1) // 2
        own = sum(words) if sum(map(bool, words)) >= needed else 0.0
        return max([own, *(OTHER * self._other(other, parts) for other in term.others)])

    def _word(self, word: TypedWord, parts: Sequence[PassageField]) -> float:
        best = 0.0
        for part in parts:
            score = self._weights.folded * self._bm25(
                part, part.folded.count(f" {word.folded} "), self._folded[word.folded]
            )
            if score:
                score += self._weights.exact * self._bm25(
                    part, part.exact.count(f" {word.exact} "), self._exact[word.exact]
                )
            near = self._near.get(word.folded)
            if near is not None and (score or near.search(part.folded)):
                score += TYPO
            if self._starts == f" {word.folded}" and self._starts in part.folded:
                score += PREFIX
            best = max(best, score * part.factor)
        return best

    def _other(self, phrase: Phrase, parts: Sequence[PassageField]) -> float:
        """Another way to say it: whole, and a single word with its diacritics."""
        single = len(phrase) == 1
        said = joined(word.exact if single else word.folded for word in phrase)
        rarity = self._exact[phrase[0].exact] if single else sum(self._folded[w.folded] for w in phrase)
        return sum(
            part.factor * self._bm25(part, (part.exact if single else part.folded).count(said), rarity)
            for part in parts
        )

    def _closeness(self, parts: Sequence[PassageField]) -> float:
        """Neighbours in the query that are neighbours in the text."""
        words, weights, score = self._asked.words, self._weights, 0.0
        for a, b in pairwise(words):
            numbered = ARTICLE if b.folded.isdigit() and a.folded in ARTICLES else 0.0
            folded, exact = f" {a.folded}  {b.folded} ", f" {a.exact}  {b.exact} "
            for part in parts:
                count = part.folded.count(folded)
                if count:
                    rarity = self._folded[a.folded] + self._folded[b.folded]
                    score += (
                        part.factor * (weights.pair_folded + numbered) * self._bm25(part, count, rarity)
                    )
                    rarity = self._exact[a.exact] + self._exact[b.exact]
                    score += (
                        part.factor * weights.pair_exact * self._bm25(part, part.exact.count(exact), rarity)
                    )
        if len(words) > 2:
            said, rarity = joined(w.folded for w in words), sum(self._folded[w.folded] for w in words)
            score += sum(
                weights.whole * self._bm25(part, part.folded.count(said), rarity) for part in parts
            )
        return score

    def _bm25(self, part: PassageField, count: int, rarity: float) -> float:
        if not count:
            return 0.0
        norm = K1 * (1 - B + B * part.length / self._averages[part.factor])
        return rarity * count * (1 + K1) / (count + norm)


def articles(understanding: Understanding) -> list[str]:
    """Numbers of the articles (điều) a query names."""
    others = [other for term in understanding.terms for other in term.others if len(other) == 2]
    return [
        number.folded
        for word, number in (*pairwise(understanding.words), *others)
        if word.folded == "dieu" and number.folded.isdigit()
    ]


def _words(understanding: Understanding) -> Iterator[TypedWord]:
    for term in understanding.terms:
        yield from term.words
        for other in term.others:
            yield from other


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(map(re.escape, words))}) ")

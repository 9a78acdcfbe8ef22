"""In-memory search index: the same understanding and highlights, a plain count of words as score."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np

from search.index import FACETS, Facets, Hit, SearchQuery, SearchResults, check_paging, without
from search.passages.moments import said_again
from search.passages.passage import OUTDATED, Passage, PassageKind
from search.query.highlights import spans, typos
from search.query.understanding import QueryTerm, Understanding, understand, without_others
from search.synonyms.lexicon import LEXICON, Lexicon, Phrase, TypedWord
from search.text.edit_distance import within
from search.text.folding import fold, nfc, tokens

_spans = lru_cache(maxsize=4096)(spans)
_MERITS = {PassageKind.ANSWER: 1.25, PassageKind.CHAPTER: 1.1, PassageKind.SPEECH: 1.0}


class MemoryIndex:
    """Implements `search.index.SearchIndex`."""

    engine = "memory"

    def __init__(self, lexicon: Lexicon = LEXICON) -> None:
        self._lexicon = lexicon
        self._episodes: dict[str, tuple[Passage, ...]] = {}

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        rest = {slug: held for slug, held in self._episodes.items() if slug != episode}
        self._episodes = rest | ({episode: tuple(passages)} if passages else {})

    def rebuild(self, episodes: Sequence[tuple[str, Sequence[Passage]]]) -> None:
        self._episodes = {slug: tuple(passages) for slug, passages in episodes if passages}

    def search(self, query: SearchQuery) -> SearchResults:
        check_paging(query)
        started = time.perf_counter()
        asked = understand(query.text, self._lexicon, typing=query.typing, vocabulary=_Known(self._all()))
        found = self._found(query, asked)
        found.sort(key=lambda pair: -pair[1])
        page = found[query.offset : query.offset + query.limit]
        hits = tuple(Hit(p, score, closeness=_closeness(p, query)) for p, score in page)
        facets = self._facets(query, asked) if query.facets else {}
        partial = not any(_score(p, asked, len(asked.required)) for p, _ in found)
        hits = hits if query.plain else tuple(_marked(hit, asked) for hit in hits)
        seconds = time.perf_counter() - started
        return SearchResults(
            len(found),
            hits,
            self.engine,
            seconds,
            facets,
            partial,
            rarity=self._rarity(asked),
            mark=lambda h: _marked(h, asked),
        )

    def _rarity(self, asked: Understanding) -> dict[str, float]:
        every = [_words(f"{p.title} {p.text}").folds for p in self._all()]
        counts = {word.folded: sum(word.folded in each for each in every) for word in asked.words}
        return {word: log(1 + (len(every) - n + 0.5) / (n + 0.5)) for word, n in counts.items()}

    def _found(self, query: SearchQuery, asked: Understanding) -> list[tuple[Passage, float]]:
        """Passages with all words, or else with most, or else (when no kind has these) with one."""
        passages = [p for p in self._passages(query) if asked.terms]
        for least in (len(asked.required), asked.least):
            found = [(p, score) for p in passages if (score := _score(p, asked, least))]
            if found:
                return found
        if query.kinds and self._found(replace(query, kinds=()), asked):
            return []
        return [(p, 1.0) for p in passages if len(asked.required) > 1 and _has_one(p, asked)]

    def _facets(self, query: SearchQuery, asked: Understanding) -> Facets:
        found = {name: [p for p, _ in self._found(without(query, name), asked)] for name in FACETS}
        return {
            "kind": Counter(str(p.kind) for p in found["kind"]),
            "topic": Counter(topic for p in found["topic"] for topic in p.topics),
            "programme": Counter(p.programme for p in found["programme"]),
            "organisation": Counter(name for p in found["organisation"] for name in p.organisations),
            "year": Counter(str(p.date.year) for p in found["year"]),
        }

    def nearest(self, query: SearchQuery) -> list[Hit]:
        check_paging(query)
        close = ((p, _closeness(p, query)) for p in self._passages(query))
        found = [(p, closeness) for p, closeness in close if closeness is not None]
        found.sort(key=lambda pair: -pair[1])
        page = found[query.offset : query.offset + query.limit]
        return [Hit(p, closeness, closeness=closeness) for p, closeness in page]

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        asked = without_others(understand(text, self._lexicon, typing=True, vocabulary=_Known(self._all())))
        titles = [
            p.title
            for held in self._episodes.values()
            for p in held
            if p.title and asked.terms and _covered(_words(p.title), asked) == len(asked.terms)
        ]
        titles.sort(key=lambda title: not fold(nfc(title)).startswith(fold(asked.text)))
        return list(dict.fromkeys(titles))[: max(0, limit)]

    def counts(self) -> dict[str, int]:
        return {slug: len(held) for slug, held in self._episodes.items()}

    def current(self) -> bool:
        return True

    def _all(self) -> list[Passage]:
        return [p for held in self._episodes.values() for p in held]

    def _passages(self, query: SearchQuery) -> list[Passage]:
        whole = query.episode is None and not query.kinds
        again = frozenset[str]().union(*map(said_again, self._episodes.values())) if whole else frozenset()
        return [
            p for held in self._episodes.values() for p in held if p.id not in again and _passes(p, query)
        ]


def _marked(hit: Hit, asked: Understanding) -> Hit:
    title, text = (_spans(part, asked) for part in (hit.passage.title, hit.passage.text))
    return replace(hit, title_spans=title, text_spans=text)


class _Known:
    """The vocabulary of some passages."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._said = [said for p in passages for said in (_words(p.title), _words(p.text))]

    def has(self, word: str, *, begins: bool = False) -> bool:
        return any(
            word in said.folds or (begins and any(each.startswith(word) for each in said.folds))
            for said in self._said
        )

    def together(self, first: str, second: str) -> int:
        return sum((first, second) in said.pairs for said in self._said)


def _closeness(passage: Passage, query: SearchQuery) -> float | None:
    """That of the nearest of the passage's vectors, when they can be compared with the query's."""
    vectors, vector = passage.vectors, query.vector
    if vectors is None or vector is None or vectors.ndim != 2 or not vectors.size:
        return None
    if vectors.shape[1:] != vector.shape or not (np.isfinite(vectors).all() and np.isfinite(vector).all()):
        return None
    return float((vectors @ vector).clip(-1.0, 1.0).max())


def _passes(passage: Passage, query: SearchQuery) -> bool:
    return (
        (not query.kinds or passage.kind in query.kinds)
        and query.programme in (None, passage.programme)
        and (query.topic is None or query.topic in passage.topics)
        and (query.organisation is None or query.organisation in passage.organisations)
        and query.year in (None, passage.date.year)
        and query.episode in (None, passage.episode)
        and query.language in (None, passage.language)
    )


def _score(passage: Passage, asked: Understanding, least: int) -> float:
    found = _words(f"{passage.title} {passage.text}")
    covered = _covered(found, asked)
    if covered < least:
        return 0.0
    right = sum(word.exact in found.exact for word in asked.words)
    side_by_side = sum(pair in found.pairs for pair in pairwise(word.folded for word in asked.words))
    return (
        (covered + (right + side_by_side) / 2)
        * _MERITS[passage.kind]
        * (OUTDATED if passage.outdated else 1.0)
    )


def _covered(found: _Words, asked: Understanding) -> int:
    last = asked.words[-1] if asked.typing else None
    return sum(_has(found, term, last) for term in asked.required)


def _has_one(passage: Passage, asked: Understanding) -> bool:
    found = _words(f"{passage.title} {passage.text}")
    if asked.toned:
        return any(
            all(word.exact in found.exact for word in term.words)
            or any(_says(found, o) for o in term.others)
            for term in asked.required
        )
    return any(_has(found, term, None) for term in asked.required)


def _has(found: _Words, term: QueryTerm, last: TypedWord | None) -> bool:
    own = all(_among(word.folded, found.folds, is_last=word is last) for word in term.words)
    return own or any(_says(found, other) for other in term.others)


@lru_cache(maxsize=1 << 16)
def _among(asked: str, said: frozenset[str], *, is_last: bool) -> bool:
    if asked in said:
        return True
    may = typos(asked)
    return any((is_last and each.startswith(asked)) or (may and within(asked, each, may)) for each in said)


def _says(found: _Words, phrase: Phrase) -> bool:
    wanted = tuple(word.folded for word in phrase)
    if not found.folds.issuperset(wanted):
        return False
    return any(found.folded[at : at + len(wanted)] == wanted for at in range(len(found.folded)))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text in folded form, one after the other, which there are, and which are neighbours; and
    which there are in exact form."""

    folded: tuple[str, ...]
    folds: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    exact: frozenset[str]


@lru_cache(maxsize=4096)
def _words(text: str) -> _Words:
    """Those of a text, which is searched again and again."""
    found = list(tokens(nfc(text)))
    folded = tuple(each.folded for each in found)
    return _Words(
        folded, frozenset(folded), frozenset(pairwise(folded)), frozenset(each.exact for each in found)
    )

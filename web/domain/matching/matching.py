"""Which questions say the same thing: what is suggested to the moderators for merging."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from math import log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.diacritics.restorer import Restorer
from search.embedder import Embedder
from search.synonyms.lexicon import Lexicon, TypedWord, seeded
from web.domain.matching.paraphrases import in_company
from web.domain.matching.similarity import Said, likeness, read
from web.domain.matching.vectors import QuestionVectors

ENOUGH = 0.7
"""The score from which merging is suggested; measured in docs/decisions/merging.md."""
NEIGHBOURS = 6
"""Of each question so many of the nearest by meaning, and by words, are looked at closely."""
NEW_MOST = 40
"""So many texts are embedded in one call, one to two seconds; what is left is compared by words until the next."""
TEXT_MOST = 600
_READ_KEPT = 8_000
_FAR = 0.25
"""A first score below which a closer look does not help."""


class Matching(Protocol):
    """Compares questions by what they ask. Never fails for an engine's fault: then words alone decide."""

    def similar(
        self, text: str, others: Sequence[tuple[str, str]], limit: int = 5
    ) -> list[tuple[str, float]]:
        """Of `others`, (id, text), those that say the same as `text`: (id, score from ENOUGH to 1), best first."""
        ...

    def groups(self, questions: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
        """Ids of `questions`, (id, text), that say the same; each in one group at most, in the order given."""
        ...


class QuestionMatching:
    """`Matching` by the search's embedder, restorer and lexicon. Safe to share between threads."""

    def __init__(
        self,
        embedder: Callable[[], Embedder | None] = lambda: None,
        lexicon: Callable[[], Lexicon] = seeded,
        restorer: Restorer | None = None,
    ) -> None:
        self._vectors = QuestionVectors(embedder)
        self._lexicon, self._restorer = lexicon, restorer
        self._said: OrderedDict[tuple[str, str], Said] = OrderedDict()
        self._lock = threading.Lock()

    def similar(
        self, text: str, others: Sequence[tuple[str, str]], limit: int = 5
    ) -> list[tuple[str, float]]:
        """See `Matching.similar`."""
        look = _Look(self._vectors)
        one, rest = self._read(text), [self._read(other) for _, other in others]
        first = sorted(
            ((look.first(one, said), at) for at, said in enumerate(rest)), key=lambda pair: -pair[0]
        )
        near = [(others[at][0], look.closer(one, rest[at], score)) for score, at in first[: 4 * limit]]
        found = sorted((pair for pair in near if pair[1] >= ENOUGH), key=lambda pair: -pair[1])
        return found[:limit]

    def score(self, a: str, b: str) -> float:
        """How probably two questions say the same, 0 to 1."""
        look, one, two = _Look(self._vectors), self._read(a), self._read(b)
        return look.closer(one, two, look.first(one, two))

    def groups(self, questions: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
        """See `Matching.groups`."""
        look, said = _Look(self._vectors), [self._read(text) for _, text in questions]
        taken: set[int] = set()
        found = []
        for at, near in enumerate(look.neighbours(said)):
            if at in taken:
                continue
            same = [
                n
                for n in near
                if n not in taken
                and look.closer(said[at], said[n], look.first(said[at], said[n])) >= ENOUGH
            ]
            if same:
                group = sorted([at, *same])
                taken.update(group)
                found.append(tuple(questions[n][0] for n in group))
        return found

    def _read(self, text: str) -> Said:
        text, lexicon = text[:TEXT_MOST], self._lexicon()
        key = (lexicon.digest, text)
        with self._lock:
            if key in self._said:
                self._said.move_to_end(key)
                return self._said[key]
        restored = text if self._restorer is None else self._restorer.restored(text).text
        said = read(text, restored, lexicon)
        with self._lock:
            self._said[key] = said
            while len(self._said) > _READ_KEPT:
                self._said.popitem(last=False)
        return said


class _Look:
    """One call: it embeds at most NEW_MOST texts that are not known yet."""

    def __init__(self, vectors: QuestionVectors) -> None:
        self._vectors = vectors
        self._left = NEW_MOST

    def first(self, a: Said, b: Said) -> float:
        """A first score: by words where diacritics are guessed, as a wrong one leads the meaning astray."""
        return likeness(a, b, self._meaning(a.text, b.text) if a.marked and b.marked else None).score

    def closer(self, a: Said, b: Said, first: float) -> float:
        """The score, with the words typed without diacritics as the other question has them."""
        if (a.marked and b.marked) or first < _FAR:
            return first
        one = a.words if a.marked else in_company(a.words, b.words)
        two = b.words if b.marked else in_company(b.words, a.words)
        return likeness(a, b, self._meaning(_text(one), _text(two))).score

    def neighbours(self, said: Sequence[Said]) -> list[list[int]]:
        """For each question the places of those nearest by meaning and by words, in order."""
        near: list[set[int]] = [set() for _ in said]
        if len(said) > 1:
            for matrix in (_by_words(said), self._by_meaning(said)):
                for at, nearest in enumerate(_nearest(matrix)):
                    for other in nearest:
                        near[at].add(other)
                        near[other].add(at)
        return [sorted(each) for each in near]

    def _by_meaning(self, said: Sequence[Said]) -> NDArray[np.float32]:
        """A row of zeros where there is no vector."""
        vectors = [self._vector(each.text) for each in said]
        none = np.zeros(next((len(v) for v in vectors if v is not None), 1), np.float32)
        return np.stack([none if vector is None else vector for vector in vectors])

    def _meaning(self, a: str, b: str) -> float | None:
        one, two = self._vector(a), self._vector(b)
        return None if one is None or two is None else float(one @ two)

    def _vector(self, text: str) -> NDArray[np.float32] | None:
        vector = self._vectors.known(text)
        if vector is None and self._left > 0:
            self._left -= 1
            vector = self._vectors.of(text)
        return vector


def _by_words(said: Sequence[Said]) -> NDArray[np.float32]:
    """One row of length 1 for each question: its words, the rare ones more (inverse document frequency)."""
    count = Counter(word for each in said for word in {w.folded for w in each.words})
    column = {word: at for at, word in enumerate(w for w, seen in count.items() if seen > 1)}
    rows = np.zeros((len(said), max(1, len(column))), np.float32)
    for at, each in enumerate(said):
        for word in each.words:
            if word.folded in column:
                rows[at, column[word.folded]] = log(1 + len(said) / count[word.folded])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-6), np.float32)


def _nearest(matrix: NDArray[np.float32]) -> list[list[int]]:
    """For each row the others of the largest products with it, at most NEIGHBOURS."""
    close = matrix @ matrix.T
    np.fill_diagonal(close, -1.0)
    most = min(NEIGHBOURS, len(matrix) - 1)
    places = np.argpartition(-close, most - 1, axis=1)[:, :most]
    return [[other for other in row if close[at, other] > 0] for at, row in enumerate(places.tolist())]


def _text(words: Sequence[TypedWord]) -> str:
    return " ".join(word.exact for word in words)

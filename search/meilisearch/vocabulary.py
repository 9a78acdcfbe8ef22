"""The words of a Meilisearch index: how many passages have each, kept here for a while.

Meilisearch looks up no terms, but it counts the values of a facet: one request gives all words at once.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.meilisearch.filters import equals
from search.meilisearch.server import Server
from search.meilisearch.settings import EXACT, WORDS
from search.query.highlights import typos
from search.query.ranking import Statistics
from search.text.edit_distance import within
from search.text.folding import fold

KEPT_SECONDS = 60.0
"""A word new since then is found too; only it may be read as a slip of the keyboard."""
RARE = 20_000
"""A word in fewer than one of so many passages may be a typo, here or in a transcript."""
_NEAR_MOST = 40


class IndexVocabulary:
    """`search.query.understanding.Vocabulary` of one index at one time."""

    def __init__(self, server: Server, uid: str) -> None:
        """Raises `Missing`, `Unavailable`."""
        (found,) = server.search(
            uid,
            [
                {
                    "q": "",
                    "limit": 0,
                    "facets": [WORDS, EXACT, "kind"],
                    "filter": equals("again", "no", "yes"),
                }
            ],
        )
        facets: Mapping[str, Mapping[str, int]] = found["facetDistribution"]
        self.statistics = Statistics(
            found["estimatedTotalHits"], facets.get(WORDS, {}), facets.get(EXACT, {})
        )
        self.read = time.monotonic()
        self._server, self._uid = server, uid
        self._pairs: dict[tuple[str, str], int] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        """Whether the archive has the word often enough not to be a typo."""
        return self.statistics.folded.get(word, 0) * RARE >= max(1, self.statistics.passages)

    def has(self, word: str, *, begins: bool = False) -> bool:
        """See `search.query.understanding.Vocabulary.has`."""
        if not begins:
            return self.knows(word)
        at = bisect_left(self._sorted, word)
        return at < len(self._sorted) and self._sorted[at].startswith(word)

    def together(self, first: str, second: str) -> int:
        """See `search.query.understanding.Vocabulary.together`; asks the server once for each pair."""
        counts = self.statistics.folded
        if first not in counts or second not in counts:
            return 0
        if (first, second) not in self._pairs:
            asked = {"q": f'"{first} {second}"', "limit": 0, "filter": equals("again", "no", "yes")}
            self._pairs[first, second] = self._server.search(self._uid, [asked])[0]["estimatedTotalHits"]
        return self._pairs[first, second]

    def near(self, word: str) -> tuple[str, ...]:
        """Words of the archive that `word` may be a typo of, the most frequent first."""
        if word not in self._near:
            self._near[word] = self._nearest(word)
        return self._near[word]

    def _nearest(self, word: str) -> tuple[str, ...]:
        limit = 0 if self.knows(word) else typos(word)
        if not limit:
            return ()
        words, letters, lengths = self._tables
        differing = np.bitwise_count(letters ^ _letters(word))
        likely = np.flatnonzero((differing <= 2 * limit) & (abs(lengths - len(word)) <= limit))
        found = [words[at] for at in likely.tolist() if within(word, words[at], limit)]
        return tuple(sorted(found, key=lambda each: -self.statistics.folded[each])[:_NEAR_MOST])

    @cached_property
    def _sorted(self) -> Sequence[str]:
        return sorted(self.statistics.folded)

    @cached_property
    def _tables(self) -> tuple[Sequence[str], NDArray[np.uint64], NDArray[np.int64]]:
        """All words, which letters each has (a bit each), and their lengths."""
        words = list(self.statistics.folded)
        letters = np.fromiter(map(_letters, words), np.uint64, len(words))
        return words, letters, np.fromiter(map(len, words), np.int64, len(words))


def _letters(word: str) -> np.uint64:
    return np.uint64(sum(1 << bit for bit in {ord(letter) % 64 for letter in fold(word)}))


class VocabularyReader:
    """The newest vocabulary of an index, read again after a while. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: IndexVocabulary | None = None
        self._lock = threading.Lock()

    def of(self, server: Server, uid: str) -> IndexVocabulary:
        """Raises `Missing`, `Unavailable`."""
        kept = self._kept
        if kept is not None and time.monotonic() - kept.read < KEPT_SECONDS:
            return kept
        with self._lock:
            if self._kept is kept or self._kept is None:
                self._kept = IndexVocabulary(server, uid)
            return self._kept

    def forget(self) -> None:
        """Something was written."""
        self._kept = None

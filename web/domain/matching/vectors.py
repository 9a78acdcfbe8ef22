"""Vectors of questions' plain wordings, kept by text: the same questions are compared again and again."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from media.errors import Unavailable
from search.embedder import Embedder, Vector

log = logging.getLogger("tualai.matching")

KEPT = 8_000
"""Texts, of 1.5 kB each."""
REST_SECONDS = 30.0
"""After a failure the embedder is left alone for so long."""


class QuestionVectors:
    """Safe to share between threads."""

    def __init__(
        self, embedder: Callable[[], Embedder | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`embedder` is called at the first text; `clock` gives seconds."""
        self._embedder, self._clock = embedder, clock
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._resting_until = float("-inf")

    def known(self, text: str) -> Vector | None:
        """The vector of a text that was asked for lately."""
        with self._lock:
            vector = self._kept.get(text)
            if vector is not None:
                self._kept.move_to_end(text)
            return vector

    def of(self, text: str) -> Vector | None:
        """None where there is no embedder, or it failed just now. Takes about 10 ms for a new text."""
        vector = self.known(text)
        if vector is not None or self._clock() < self._resting_until:
            return vector
        try:
            embedder = self._embedder()
            vector = None if embedder is None else embedder.query(text)
        except Unavailable as error:
            self._resting_until = self._clock() + REST_SECONDS
            log.warning("Questions are compared by words alone for %d s: %s", REST_SECONDS, error)
            return None
        if vector is not None:
            self._keep(text, vector)
        return vector

    def _keep(self, text: str, vector: Vector) -> None:
        with self._lock:
            self._kept[text] = vector
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

"""An `Embedder` without a model: texts are as near to each other as they share syllables."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from media.errors import Unavailable
from search.embedder import EXCERPT_CHARACTERS, QUERY_CHARACTERS, Vector, Vectors, cleaned
from search.text.folding import tokens


class SyllableEmbedder:
    """Every syllable, with its tone, has a direction drawn by chance; a text has the sum of its syllables'.

    `embedded` is what was asked for, in order; it raises `Unavailable` while `away`.
    """

    def __init__(self, name: str = "syllables/1", size: int = 96) -> None:
        self.name = name
        self.size = size
        self.away = False
        self.embedded: list[str] = []

    def query(self, text: str) -> Vector:
        """See the port."""
        return self._vector(cleaned(text, QUERY_CHARACTERS))

    def excerpts(self, texts: Sequence[str]) -> Vectors:
        """See the port."""
        if self.away:
            raise Unavailable("The embedder is away; start it.")
        self.embedded += texts
        rows = [self._vector(cleaned(text, EXCERPT_CHARACTERS)) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.size), np.float32)

    def _vector(self, text: str) -> Vector:
        if self.away:
            raise Unavailable("The embedder is away; start it.")
        words = ["", *(token.exact for token in tokens(text))]
        whole = np.sum([self._direction(word) * (1.0 if word else 0.1) for word in words], axis=0)
        vector: Vector = (whole / np.linalg.norm(whole)).astype(np.float32)
        return vector

    def _direction(self, word: str) -> Vector:
        seed = int.from_bytes(sha256(f"{self.name}:{word}".encode()).digest()[:8], "big")
        drawn = np.random.default_rng(seed).standard_normal(self.size)
        return (drawn / np.linalg.norm(drawn)).astype(np.float32)

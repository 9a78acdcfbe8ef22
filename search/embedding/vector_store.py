"""The store of vectors: what has been embedded once is never embedded again."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Protocol

import numpy as np

from search.embedder import Vector

DIGEST_CHARACTERS = 32
"""128 bits in hexadecimal digits: no two texts of any archive share them."""


class VectorStore(Protocol):
    """Vectors by embedder and digest of the text, and which episodes are in the index with all of theirs.

    One method is one transaction. Every method may raise `Unavailable`.
    """

    def known(self, embedder: str, digests: Iterable[str]) -> dict[str, Vector]:
        """Those of the vectors that are there, by digest, each of length 1."""
        ...

    def put(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by digest, in place of those there are."""
        ...

    def keep_only(self, digests: Collection[str], grace: float) -> int:
        """Forget the vectors of all other texts, except those put within the last `grace` seconds.

        Returns how many were forgotten, of all embedders.
        """
        ...

    def waiting(self, embedder: str) -> list[str]:
        """Slugs of the published episodes that are not in the index with all their vectors, newest first."""
        ...

    def take(self, embedder: str, seconds: float) -> str | None:
        """The first of those waiting that nobody has taken, now taken for so long; None when there is none."""
        ...

    def hold(self, episode: str, seconds: float) -> None:
        """An episode that was taken and still waits stays taken for so long from now; 0 gives it back."""
        ...

    def complete(self, embedder: str, episodes: Collection[str]) -> None:
        """These are in the index with all their vectors and wait no longer; unknown episodes are ignored."""
        ...

    def incomplete(self, episodes: Collection[str]) -> None:
        """These wait, and nobody has taken them."""
        ...


def digest_of(text: str) -> str:
    """The key of a text: the same for composed and decomposed letters."""
    plain = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    return sha256(plain).hexdigest()[:DIGEST_CHARACTERS]


def packed(vector: Vector) -> bytes:
    """A vector as it is kept: float16, little-endian. Cosine similarities stay within 0.001."""
    return vector.astype("<f2").tobytes()


def unpacked(kept: bytes) -> Vector:
    """A kept vector, again of length 1."""
    vector = np.frombuffer(kept, dtype="<f2").astype(np.float32)
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > 0 else vector

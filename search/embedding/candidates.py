"""Screening: which of many vectors may be nearest to one, told by the signs of their numbers alone.

Of a vector less the mean of all, one bit for each number says whether it is positive. The fewer bits two
vectors differ in, the smaller mostly their angle (Charikar 2002, here with the axes as hyperplanes). The
mean must go first: vectors of sentences all point roughly one way, and their signs would say little.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.uint64]
"""Shape (words, n): 64 signs in a word, a column for each vector."""

Rows = NDArray[np.intp]
"""Numbers of rows."""

_BLOCK = 1 << 14
"""Columns compared at once, so that what is between stays in the processor's cache."""
_WORD = 64


def words_for(size: int) -> int:
    """Words of signs a vector of `size` numbers needs."""
    return -(-size // _WORD)


def signs(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> Signs:
    """The signs of vectors (n × size) less `mean`."""
    packed = np.packbits(vectors > mean, axis=1)
    room = np.zeros((len(packed), words_for(vectors.shape[1]) * 8), np.uint8)
    room[:, : packed.shape[1]] = packed
    return np.ascontiguousarray(room.view(np.uint64).T)


def likeliest(known: Signs, asked: Signs, among: Rows | None, most: int) -> Rows:
    """At least `most` rows (as many as there are, of those `among` if given) that differ least.

    `asked` has one column. All rows at the last distance that is taken are taken.
    """
    if among is not None:
        known = known[:, among]
    differing = _differing(known, asked)
    if len(differing) > most:
        chosen = np.flatnonzero(differing <= np.partition(differing, most)[most])
    else:
        chosen = np.arange(len(differing))
    return chosen if among is None else among[chosen]


def _differing(known: Signs, asked: Signs) -> NDArray[np.uint16]:
    """In how many signs each column of `known` differs."""
    count = known.shape[1]
    differing = np.zeros(count, np.uint16)
    unlike, counted = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint8)
    for start in range(0, count, _BLOCK):
        part = differing[start : start + _BLOCK]
        x, n = unlike[: len(part)], counted[: len(part)]
        for row, word in zip(known, asked[:, 0], strict=True):
            np.bitwise_xor(row[start : start + _BLOCK], word, out=x)
            np.add(part, np.bitwise_count(x, out=n), out=part)
    return differing

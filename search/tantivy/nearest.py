"""Nearest in meaning, over the vectors of a tantivy build: what one process holds of them in memory.

For a vector of 384 numbers 88 bytes are held: its signs and what the filters ask about. The vectors
themselves stay in a file mapped into memory, which processes share. Few rows are compared exactly at once;
of many the likeliest by their signs are.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedder import Vector
from search.embedding.candidates import Rows, Signs, likeliest, signs, words_for
from search.index import SearchQuery
from search.tantivy.vectors import (
    KINDS,
    ROW,
    UNIT,
    bits,
    complete,
    hashed,
    newest,
    rows_of,
    vectors_of,
    year_of,
)

SCREENED = 8192
"""At least so many rows are compared exactly."""

_LOADED = 16_384
"""Vectors whose signs are taken at once."""
_MEAN_OVER = 20_000
"""From so many vectors on, their mean does not move any more."""


@dataclass(frozen=True, slots=True)
class NearestVectors:
    """The first `count` vectors of one size; some may be of passages that are gone.

    The arrays have room for more, which readers of a later moment share.
    """

    folder: Path
    size: int
    count: int
    columns: Mapping[str, NDArray[Any]]
    vectors: NDArray[np.int16]
    known: Signs
    mean: NDArray[np.float32]
    mean_over: int

    def nearest(self, query: SearchQuery, vector: Vector, most: int) -> list[tuple[int, float]]:
        """Numbers and closeness of the passages nearest to `vector` that may pass the filters, nearest first.

        Fewer than `most` only when there are no more.
        """
        among = self._passing(query)
        count = self.count if among is None else len(among)
        wanted = max(SCREENED, 8 * most)
        while True:
            found = self._ranked(self._candidates(among, vector, wanted), vector)
            if len(found) >= most or wanted >= count:
                return found[:most]
            wanted *= 4

    def closeness(self, number: int, vector: Vector) -> float | None:
        """That of the nearest vector of a passage."""
        start, end = np.searchsorted(self._column("number"), np.array([number, number + 1], np.uint64))
        return float(self._compared(slice(start, end), vector).max()) if start < end else None

    def _candidates(self, among: Rows | None, vector: Vector, wanted: int) -> Rows:
        if among is not None and len(among) <= wanted:
            return among
        if self.count <= wanted:
            return np.arange(self.count)
        asked = signs(vector[np.newaxis] * UNIT, self.mean)
        return likeliest(self.known[:, : self.count], asked, among, wanted)

    def _ranked(self, rows: Rows, vector: Vector) -> list[tuple[int, float]]:
        closeness = self._compared(rows, vector)
        order = np.argsort(-closeness, kind="stable")
        numbers = self._column("number")[rows[order]]
        firsts = np.sort(np.unique(numbers, return_index=True)[1])
        return list(zip(numbers[firsts].tolist(), closeness[order][firsts].tolist(), strict=True))

    def _compared(self, rows: Rows | slice, vector: Vector) -> NDArray[np.float32]:
        found: NDArray[np.float32] = np.vecdot(
            self.vectors[rows].astype(np.float32), vector / np.float32(UNIT)
        )  # @ wakes threads
        return found.clip(-1.0, 1.0)

    def _passing(self, query: SearchQuery) -> Rows | None:
        """Rows that may pass the filters, and a few whose names have the same hash; None for all."""
        names = {"programme": query.programme, "episode": query.episode, "language": query.language}
        tests = [self._column(n) == hashed(value) for n, value in names.items() if value is not None]
        several = {"topics": query.topic, "organisations": query.organisation}
        tests += [self._column(n) & np.uint64(bits([v])) != 0 for n, v in several.items() if v is not None]
        if query.year is not None:
            tests.append(self._column("year") == year_of(query.year))
        if query.kinds:
            tests.append(np.isin(self._column("kind"), [KINDS[kind] for kind in query.kinds]))
        elif query.episode is None:
            tests.append(self._column("again") == 0)
        return np.flatnonzero(np.logical_and.reduce(tests)) if tests else None

    def _column(self, name: str) -> NDArray[Any]:
        return self.columns[name][: self.count]


class VectorReader:
    """What one process has read of the vectors of the build in use. Safe to share between threads."""

    def __init__(self) -> None:
        """Nothing is read before it is needed."""
        self._held: dict[int, tuple[Path, object, NearestVectors]] = {}
        self._loading = threading.Lock()

    def meaning(self, build: Path, commit: object, size: int) -> NearestVectors | None:
        """The vectors of a size as of `commit`, perhaps with some later ones; None when there are none."""
        with self._loading:
            held = self._held.get(size)
            if held is not None and held[:2] == (build, commit):
                return held[2]
            self._held = {s: h for s, h in self._held.items() if h[0] == build}
            found = _found(build, size, held[2] if size in self._held and held else None)
            if found is not None:
                self._held[size] = build, commit, found
            return found


def _found(build: Path, size: int, before: NearestVectors | None) -> NearestVectors | None:
    """What the files hold now."""
    for _ in range(3):  # a writer may remove a generation between two looks
        folder = newest(build, size)
        with suppress(FileNotFoundError):
            same = before if before is not None and before.folder == folder else None
            found = _read(folder, size, same)
            if found is not None or folder == newest(build, size):
                return found
    return None


def _read(folder: Path, size: int, before: NearestVectors | None) -> NearestVectors | None:
    """What a folder holds now; what was read before is not read again. Raises `FileNotFoundError`."""
    count = complete(folder, size)
    if not count:
        return None
    if before is not None and before.count == count:
        return before
    vectors = vectors_of(folder, size, count)
    if before is None or (before.mean_over < _MEAN_OVER and count >= 4 * before.mean_over):
        start, room = 0, count
        mean_over = min(count, _MEAN_OVER)
        mean = vectors[:: -(-count // mean_over)].mean(axis=0, dtype=np.float32)
        columns: dict[str, NDArray[Any]] = {}
        known: Signs = np.zeros((words_for(size), 0), np.uint64)
    else:
        start, room = before.count, count + count // 4
        mean, mean_over, columns, known = before.mean, before.mean_over, dict(before.columns), before.known
    if known.shape[1] < count:
        known = _roomier(known, start, room)
        columns = {
            name: _roomier(columns.get(name, np.zeros(0, ROW[name])), start, room)
            for name in ROW.names or ()
        }
    rows = rows_of(folder, start, count)
    for name, column in columns.items():
        column[start:count] = rows[name]
    for at in range(start, count, _LOADED):
        part = vectors[at : at + _LOADED].astype(np.float32)
        known[:, at : at + len(part)] = signs(part, mean)
    return NearestVectors(folder, size, count, columns, vectors, known, mean, mean_over)


def _roomier(held: NDArray[Any], count: int, room: int) -> NDArray[Any]:
    """The first `count` columns of `held`, with room for more."""
    wider = np.zeros((*held.shape[:-1], room), held.dtype)
    wider[..., :count] = held[..., :count]
    return wider

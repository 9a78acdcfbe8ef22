"""The vectors of a tantivy build, in files beside it that are only appended to.

For each size of vector there are two files of fixed records: `vectors` (integers of 16 bits) and `rows`
(whose each vector is, and what the filters ask about). The rows of a passage share a number that is never
given twice; its document in the index names it. So the index alone says which rows count: those of replaced
passages, and of writes that were never committed, have no document. Rows are written before the commit;
readers of any commit find theirs, and read only what was appended since they last looked.

The files are in `<build>/meaning/<size>-<generation>`. When more than half of the rows must be of the past,
a writer copies those that count to a next generation, under the same numbers.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import or_
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from search.passages.passage import Passage, PassageKind

ROW = np.dtype(
    [
        ("number", "<u8"),
        ("topics", "<u8"),
        ("organisations", "<u8"),
        ("programme", "<u4"),
        ("language", "<u4"),
        ("episode", "<u4"),
        ("year", "<u2"),
        ("kind", "u1"),
        ("again", "u1"),
    ]
)
"""Of one vector. Names are hashed; `topics` and `organisations` have a bit for each, which some share."""

KINDS = {kind: number for number, kind in enumerate(PassageKind)}
UNIT = 32_767
"""What a vector's 1.0 is kept as: exact to 0.00002, and far faster to compute with than float16."""
ROOM = 10_000
"""So many rows of the past are never minded."""
_FOLDER, _VECTORS, _ROWS, _COUNT = "meaning", "vectors", "rows", "count"
_COPIED = 20_000
_NUMBER_BITS = 40
_YEAR_LIMIT = 65_535


class Appending:
    """Appends vectors to the files of a build. Only the one writer of its index may."""

    def __init__(self, build: Path) -> None:
        """Nothing is opened before it is needed."""
        self._build = build
        self._files: dict[int, tuple[IO[bytes], IO[bytes]]] = {}
        self._next: dict[int, int] = {}
        self._opened = ExitStack()

    def add(self, passage: Passage, *, again: bool) -> int | None:
        """Append a passage's vectors and return their name for its document; None when it has none."""
        vectors = passage.vectors
        if vectors is None or vectors.ndim != 2 or not vectors.size or not np.isfinite(vectors).all():
            return None
        size = vectors.shape[1]
        if size not in self._files:
            self._take_up(size)
        number = self._next[size]
        self._next[size] = number + 1
        numbers, rows = self._files[size]
        numbers.write(np.rint(vectors.clip(-1.0, 1.0) * UNIT).astype("<i2").tobytes())
        rows.write(_row(passage, number, again=again).tobytes() * len(vectors))
        return named(size, number)

    def finish(self) -> None:
        """Have everything on the disk; call it before the commit."""
        for files in self._files.values():
            for file in files:
                file.flush()
                os.fsync(file.fileno())

    def close(self) -> None:
        """Close the files."""
        self._opened.close()

    def _take_up(self, size: int) -> None:
        """Open the files of a size, less what a killed writer left half written."""
        folder = newest(self._build, size)
        folder.mkdir(parents=True, exist_ok=True)
        vectors, rows = (
            self._opened.enter_context((folder / name).open("ab")) for name in (_VECTORS, _ROWS)
        )
        count = complete(folder, size)
        vectors.truncate(count * size * 2)
        rows.truncate(count * ROW.itemsize)
        self._next[size] = int(rows_of(folder, count - 1, count)["number"][0]) + 1 if count else 0
        self._files[size] = vectors, rows


@contextmanager
def appending(build: Path) -> Iterator[Appending]:
    """Files to append to, closed at the end."""
    files = Appending(build)
    try:
        yield files
    finally:
        files.close()


def named(size: int, number: int) -> int:
    """What a document calls its vectors."""
    return size << _NUMBER_BITS | number


def number_in(name: int | None, size: int) -> int | None:
    """The number in such a name; None for vectors of another size."""
    if name is None or name >> _NUMBER_BITS != size:
        return None
    return name & ((1 << _NUMBER_BITS) - 1)


def newest(build: Path, size: int) -> Path:
    """The folder of the files of a size, of the newest generation."""
    found = [int(path.name.partition("-")[2]) for path in (build / _FOLDER).glob(f"{size}-*[0-9]")]
    return build / _FOLDER / f"{size}-{max(found, default=0)}"


def complete(folder: Path, size: int) -> int:
    """How many rows are whole in both files."""
    try:
        vectors, rows = ((folder / name).stat().st_size for name in (_VECTORS, _ROWS))
    except FileNotFoundError:
        return 0
    return min(vectors // (size * 2), rows // ROW.itemsize)


def rows_of(folder: Path, start: int, end: int) -> NDArray[Any]:
    """The rows from `start` to before `end`, of dtype ROW. Raises `FileNotFoundError`."""
    return np.fromfile(folder / _ROWS, ROW, count=end - start, offset=start * ROW.itemsize)


def vectors_of(folder: Path, size: int, count: int) -> NDArray[np.int16]:
    """The first `count` vectors, times UNIT, mapped into memory. Raises `FileNotFoundError`."""
    return np.memmap(folder / _VECTORS, "<i2", "r", shape=(count, size))


Live = Callable[[int, int], Collection[int]]
"""Which names from the first to before the second have a document."""


def tidied(build: Path, live: Live) -> None:
    """Copy what counts of every size to a next generation where that will be much less.

    Only the index's one writer may, after its commit.
    """
    for folder in {
        newest(build, int(path.name.partition("-")[0])) for path in (build / _FOLDER).glob("*-*[0-9]")
    }:
        size, _, generation = folder.name.partition("-")
        count = complete(folder, int(size))
        if count > 2 * _counted(folder) + ROOM:
            _copy(folder, int(size), count, live, build / _FOLDER / f"{size}-{int(generation) + 1}")
        for old in (build / _FOLDER).glob(f"{size}-*"):
            if old.name.partition("-")[2] != newest(build, int(size)).name.partition("-")[2]:
                shutil.rmtree(old, ignore_errors=True)


def note_count(build: Path) -> None:
    """Remember that all rows there are count."""
    for folder in (build / _FOLDER).glob("*-*[0-9]"):
        (folder / _COUNT).write_text(str(complete(folder, int(folder.name.partition("-")[0]))))


def _counted(folder: Path) -> int:
    """How many rows counted when they were last looked at."""
    try:
        return int((folder / _COUNT).read_text())
    except (OSError, ValueError):
        return 0


def _copy(folder: Path, size: int, count: int, live: Live, to: Path) -> None:
    """Copy the rows that count, and the last, so that its number is not given again."""
    new = to.with_name(f"{to.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    vectors, kept = vectors_of(folder, size, count), 0
    with (new / _VECTORS).open("wb") as vectors_file, (new / _ROWS).open("wb") as rows_file:
        for at in range(0, count, _COPIED):
            rows = rows_of(folder, at, min(count, at + _COPIED))
            first, last = int(rows["number"][0]), int(rows["number"][-1])
            names = live(named(size, first), named(size, last + 1))
            numbers = [number_in(name, size) for name in names]
            chosen = np.isin(rows["number"], np.array(numbers, np.uint64))
            if at + len(rows) == count:
                chosen |= rows["number"] == last
            vectors_file.write(vectors[at : at + len(rows)][chosen].tobytes())
            rows_file.write(rows[chosen].tobytes())
            kept += int(chosen.sum())
        for file in (vectors_file, rows_file):
            file.flush()
            os.fsync(file.fileno())
    (new / _COUNT).write_text(str(kept))
    new.rename(to)


def hashed(text: str) -> int:
    """A name as rows have it."""
    return zlib.crc32(text.encode("utf-8", "replace"))


def bits(names: Iterable[str]) -> int:
    """The bits of some names."""
    return reduce(or_, (1 << hashed(name) % 64 for name in names), 0)


def _row(passage: Passage, number: int, *, again: bool) -> NDArray[Any]:
    row = (
        number,
        bits(passage.topics),
        bits(passage.organisations),
        hashed(passage.programme),
        hashed(passage.language),
        hashed(passage.episode),
        year_of(passage.date.year),
        KINDS[passage.kind],
        again,
    )
    return np.array(row, ROW)


def year_of(year: int) -> int:
    """A year as rows have it."""
    return min(max(0, year), _YEAR_LIMIT)

"""Copying an archive's files from one store to another, going on where it stopped.

What was copied and compared is noted in a file, a line each: its key, size, the time it was changed in the source and
its SHA-256. A file that stands in the target without a note, as a killed copy leaves it, is read on both sides.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

from media.errors import NotFound, Unavailable
from media.hls.stored_files import AREAS, digest_in
from media.progress import Progress
from media.storage.bounded import bounded
from media.storage.port import Storage, StoredFile

BLOCK_BYTES = 1 << 20
PARALLEL = 8


@dataclass(slots=True)
class CopiedFiles:
    """How many files were copied now, were there and compared now, were there and known; the bytes copied; and
    the keys of files whose bytes are not those that their names say, copied as they are."""

    copied: int = 0
    compared: int = 0
    known: int = 0
    copied_bytes: int = 0
    damaged: list[str] = field(default_factory=list)


class Notes:
    """What is known to be the same in both stores. Safe in threads; a killed writer costs its last line at most."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, Lock()
        self._known: dict[str, tuple[str, str]] = {}
        for line in file.read_text("ascii").splitlines() if file.exists() else ():
            parts = line.split("\t")
            if len(parts) == 4 and len(parts[3]) == 64:
                self._known[parts[0]] = (parts[1], parts[2])

    def has(self, file: StoredFile) -> bool:
        """Whether this version of the file is noted."""
        return self._known.get(file.key) == _version(file)

    def add(self, file: StoredFile, sha256: str) -> None:
        """Note it; on the disk at once."""
        with self._lock:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="ascii") as notes:
                begun = notes.tell() and not self._ends_whole()
                notes.write("\n" * bool(begun) + "\t".join((file.key, *_version(file), sha256)) + "\n")
            self._known[file.key] = _version(file)

    def _ends_whole(self) -> bool:
        with self._file.open("rb") as notes:
            notes.seek(-1, io.SEEK_END)
            return notes.read(1) == b"\n"


def copy_files(source: Storage, target: Storage, notes: Notes, progress: Progress) -> CopiedFiles:
    """Copy what the target lacks or has otherwise; nothing is ever deleted there.

    Raises:
        Unavailable: a store cannot go on; what was copied stays and is not copied again.
    """
    done = CopiedFiles()
    total = sum(1 for area in AREAS for _ in source.inventory(area)) or 1
    lock = Lock()

    def one(pair: tuple[StoredFile, int | None]) -> None:
        _copy(source, target, notes, pair[0], pair[1], done, lock)

    pairs = (pair for area in AREAS for pair in paired(source.inventory(area), target.inventory(area)))
    with (
        ThreadPoolExecutor(PARALLEL, thread_name_prefix="copy") as pool,
        closing(bounded(pool, one, pairs, 2 * PARALLEL)) as results,
    ):
        for number, _ in enumerate(results, 1):
            progress(min(1.0, number / total), f"{number}/{total}")
    return done


def paired(
    source: Iterable[StoredFile], target: Iterable[StoredFile]
) -> Iterator[tuple[StoredFile, int | None]]:
    """Each file of the source with its size in the target, None where there is none; both come sorted by key."""
    others = iter(target)
    other = next(others, None)
    for file in source:
        while other is not None and other.key < file.key:
            other = next(others, None)
        yield file, other.size_bytes if other is not None and other.key == file.key else None


def sha256_of(storage: Storage, key: str) -> str:
    """The SHA-256 of a stored file, in hex. Raises `NotFound`, `Unavailable`."""
    with storage.open(key) as file:
        digest = hashlib.sha256()
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
        return digest.hexdigest()


def _copy(
    source: Storage,
    target: Storage,
    notes: Notes,
    file: StoredFile,
    there: int | None,
    done: CopiedFiles,
    lock: Lock,
) -> None:
    same_size = there == file.size_bytes
    if same_size and notes.has(file):
        with lock:
            done.known += 1
        return
    try:
        if same_size and (sha256 := sha256_of(source, file.key)) == sha256_of(target, file.key):
            compared = True
        else:
            compared, sha256 = False, _copied(source, target, file)
    except NotFound:
        return  # deleted while this went on
    with lock:
        done.compared += compared
        done.copied += not compared
        done.copied_bytes += 0 if compared else file.size_bytes
        if digest_in(file.key) not in (None, sha256):
            done.damaged.append(file.key)
            return
    notes.add(file, sha256)


def _copied(source: Storage, target: Storage, file: StoredFile) -> str:
    with source.open(file.key) as opened:
        hashing = _Hashing(opened)
        size = target.put(file.key, cast(BinaryIO, hashing))
    if size != file.size_bytes:
        raise Unavailable(
            "“%(key)s” has %(wanted)s bytes and %(size)s were read; it was changed meanwhile, or the"
            " source is damaged. Run it again.",
            key=file.key,
            wanted=file.size_bytes,
            size=size,
        )
    return hashing.digest.hexdigest()


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _version(file: StoredFile) -> tuple[str, str]:
    return str(file.size_bytes), str(round(file.changed_at.timestamp()))

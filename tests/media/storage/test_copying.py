"""Copying between stores: whole, resumed, compared."""

from __future__ import annotations

import hashlib
import io
import os
import random
from pathlib import Path
from typing import BinaryIO

import pytest

from media.errors import Unavailable
from media.progress import silent
from media.storage.copying import Notes, copy_files, paired
from media.storage.folder import FolderStorage
from tests.fakes.storage_memory import MemoryStorage

SOURCE = b"the source" * 1000
DIGEST = hashlib.sha256(SOURCE).hexdigest()


class Counting(MemoryStorage):
    """Counts what is written and read, and breaks down at a given write."""

    def __init__(self, breaks_at: int | None = None) -> None:
        super().__init__()
        self.written: list[str] = []
        self.read: list[str] = []
        self.breaks_at = breaks_at

    def put(self, key: str, source: BinaryIO) -> int:
        if self.breaks_at is not None and len(self.written) >= self.breaks_at:
            raise Unavailable("The store is gone; try again later.")
        size = super().put(key, source)
        self.written.append(key)
        return size

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        self.read.append(key)
        return super().open(key, start, length)


def archive(count: int = 40) -> Counting:
    storage = Counting()
    storage.put(f"recordings/{DIGEST}/source.mp4", io.BytesIO(SOURCE))
    for number in range(count):
        storage.put(f"recordings/{DIGEST}/renditions/480/{number}.m4s", io.BytesIO(os.urandom(50 + number)))
    storage.put("documents/a.pdf", io.BytesIO(b"%PDF"))
    storage.put("live/x/1.m4s", io.BytesIO(b"live"))
    storage.read.clear()
    return storage


def test_everything_is_copied_once(tmp_path: Path) -> None:
    source, target = archive(), Counting()
    notes = tmp_path / "notes.tsv"
    done = copy_files(source, target, Notes(notes), silent)
    assert target.files == source.files
    assert (done.copied, done.compared, done.known, done.damaged) == (43, 0, 0, [])
    assert done.copied_bytes == sum(map(len, source.files.values()))
    source.read.clear()
    again = copy_files(source, target, Notes(notes), silent)
    assert (again.copied, again.known, source.read, len(target.written)) == (0, 43, [], 43)


def test_interrupted_again_and_again_each_file_is_copied_once(tmp_path: Path) -> None:
    source, target = archive(), Counting()
    for stop in range(1, 21):
        target.breaks_at = 2 * stop
        with pytest.raises(Unavailable):
            copy_files(source, target, Notes(tmp_path / "notes"), silent)
    target.breaks_at = None
    copy_files(source, target, Notes(tmp_path / "notes"), silent)
    assert target.files == source.files
    assert sorted(target.written) == sorted(source.files)


def test_what_stands_there_without_a_note_is_compared(tmp_path: Path) -> None:
    source, target = archive(3), Counting()
    keys = sorted(source.files)
    for key in keys:
        target.files[key] = source.files[key]
    target.files[keys[1]] = bytes(len(source.files[keys[1]]))  # as long, and other bytes
    target.files[keys[2]] = source.files[keys[2]][:-1]  # cut short
    done = copy_files(source, target, Notes(tmp_path / "notes"), silent)
    assert target.files == source.files
    assert (done.copied, done.compared) == (2, len(keys) - 2)


def test_what_was_changed_since_is_compared_again(tmp_path: Path) -> None:
    source, target = FolderStorage(tmp_path / "a"), Counting()
    source.put("documents/a", io.BytesIO(b"one"))
    copy_files(source, target, Notes(tmp_path / "notes"), silent)
    source.put("documents/a", io.BytesIO(b"two"))
    os.utime(tmp_path / "a/documents/a", (1, 1))
    done = copy_files(source, target, Notes(tmp_path / "notes"), silent)
    assert (done.copied, target.files["documents/a"]) == (1, b"two")


def test_a_torn_line_of_the_notes_costs_one_comparison(tmp_path: Path) -> None:
    source, target, notes = archive(5), Counting(), tmp_path / "notes"
    copy_files(source, target, Notes(notes), silent)
    notes.write_bytes(notes.read_bytes()[:-30])
    done = copy_files(source, target, Notes(notes), silent)
    assert (done.copied, done.compared, done.known) == (0, 1, 7)
    assert copy_files(source, target, Notes(notes), silent).known == 8


def test_a_damaged_source_is_told_of_each_time(tmp_path: Path) -> None:
    source, target = archive(1), Counting()
    key = f"recordings/{DIGEST}/source.mp4"
    source.files[key] = SOURCE[:-1] + b"?"
    for _ in range(2):
        assert copy_files(source, target, Notes(tmp_path / "notes"), silent).damaged == [key]


def test_a_source_that_gives_less_than_it_lists_is_no_copy(tmp_path: Path) -> None:
    class Cut(Counting):
        def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
            return io.BytesIO(self.files[key][:-1])

    source = Cut()
    source.files["documents/a"] = b"abc"
    with pytest.raises(Unavailable, match="2 were read"):
        copy_files(source, Counting(), Notes(tmp_path / "notes"), silent)


def test_pairs() -> None:
    chosen = random.Random(3)
    left, right = MemoryStorage(), MemoryStorage()
    for number in range(60):
        for storage in (left, right):
            if chosen.random() < 0.6:
                storage.put(f"a/{number}", io.BytesIO(b"x" * number))
    found = {file.key: size for file, size in paired(left.inventory("a"), right.inventory("a"))}
    assert found == {key: len(right.files[key]) if key in right.files else None for key in left.files}

"""The contract of `Storage`, over every engine; S3 against a real server."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from media.errors import InvalidInput, NotFound, Unavailable
from media.storage.folder import FolderStorage
from media.storage.port import Storage
from tests.fakes.storage_memory import MemoryStorage


@pytest.fixture(params=["memory", "folder", pytest.param("s3", marks=pytest.mark.slow)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    match request.param:
        case "memory":
            yield MemoryStorage()
        case "folder":
            yield FolderStorage(tmp_path / "store")
        case _:
            shared: Storage = request.getfixturevalue("s3_storage")
            tops = ("a", "ab", "r", "recordings")
            shared.delete_files([key for top in tops for key in shared.list(top)])
            yield shared


def put(storage: Storage, key: str, data: bytes = b"abc") -> int:
    return storage.put(key, io.BytesIO(data))


def read(storage: Storage, key: str, start: int = 0, length: int | None = None) -> bytes:
    with storage.open(key, start, length) as file:
        return file.read()


def test_what_is_put_is_read(storage: Storage) -> None:
    data = bytes(range(256)) * 5000
    assert put(storage, "recordings/ab/source.mp4", data) == len(data)
    assert read(storage, "recordings/ab/source.mp4") == data
    assert storage.size("recordings/ab/source.mp4") == len(data)


def test_put_replaces(storage: Storage) -> None:
    put(storage, "a/b", b"a long first version")
    put(storage, "a/b", b"new")
    assert read(storage, "a/b") == b"new"
    assert storage.size("a/b") == 3


def test_empty_file(storage: Storage) -> None:
    assert put(storage, "a/empty", b"") == 0
    assert read(storage, "a/empty") == b""


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (3, 4, b"3456"),
        (8, 99, b"89"),
        (10, 5, b""),
        (2, 0, b""),
    ],
)
def test_ranges(storage: Storage, start: int, length: int | None, expected: bytes) -> None:
    put(storage, "a/digits", b"0123456789")
    assert read(storage, "a/digits", start, length) == expected


def test_a_range_is_read_in_pieces(storage: Storage) -> None:
    put(storage, "a/digits", b"0123456789")
    with storage.open("a/digits", 1, 7) as file:
        assert [file.read(3), file.read(3), file.read(3), file.read(3)] == [b"123", b"456", b"7", b""]


def test_put_folder(storage: Storage, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    (folder / "480p").mkdir(parents=True)
    (folder / "480p" / "index.m3u8").write_bytes(b"#EXTM3U")
    (folder / "poster.jpg").write_bytes(b"jpeg")
    assert storage.put_folder("r/x", folder) == 11
    assert list(storage.list("r")) == ["r/x/480p/index.m3u8", "r/x/poster.jpg"]
    assert read(storage, "r/x/480p/index.m3u8") == b"#EXTM3U"


def test_list_is_sorted_and_keeps_to_whole_parts(storage: Storage) -> None:
    for key in ("a/2", "a/10/x", "ab/1", "a/1"):
        put(storage, key)
    assert list(storage.list("a")) == ["a/1", "a/10/x", "a/2"]
    assert list(storage.list("nothing")) == []


def test_delete_takes_the_key_and_all_below_but_no_neighbour(storage: Storage) -> None:
    for key in ("a/1", "a/2/x", "ab/1"):
        put(storage, key)
    storage.delete("a")
    assert list(storage.list("a")) == []
    assert read(storage, "ab/1") == b"abc"
    storage.delete("ab/1")
    with pytest.raises(NotFound):
        storage.size("ab/1")
    storage.delete("ab/1")


def test_delete_files_takes_just_these(storage: Storage) -> None:
    for key in ("a/1", "a/2/x", "a/2/y", "ab/1"):
        put(storage, key)
    storage.delete_files(["a/1", "a/2/x", "a/none", "a/2"])
    assert list(storage.list("a")) == ["a/2/y"]
    storage.delete_files(["a/2/y"])
    storage.delete_files([])
    assert list(storage.list("a")) == []
    assert list(storage.list("ab")) == ["ab/1"]


def test_inventory_tells_sizes_and_times(storage: Storage) -> None:
    began = datetime.now(UTC) - timedelta(seconds=3)
    put(storage, "a/1", b"12345")
    put(storage, "a/b/2", b"")
    found = list(storage.inventory("a"))
    assert [(each.key, each.size_bytes) for each in found] == [("a/1", 5), ("a/b/2", 0)]
    assert all(began <= each.changed_at <= datetime.now(UTC) + timedelta(seconds=3) for each in found)
    assert list(storage.inventory("nothing")) == []


def test_nothing_unfinished_is_left(storage: Storage) -> None:
    put(storage, "a/1")
    storage.forget_unfinished(0)
    assert storage.forget_unfinished(0) == 0
    assert read(storage, "a/1") == b"abc"


def test_local_path(storage: Storage) -> None:
    put(storage, "a/b.txt", b"content")
    with storage.local_path("a/b.txt") as path:
        assert path.read_bytes() == b"content"


def test_missing(storage: Storage) -> None:
    put(storage, "a/b")
    for key in ("a/c", "a"):
        with pytest.raises(NotFound):
            storage.open(key)
        with pytest.raises(NotFound):
            storage.size(key)
        with pytest.raises(NotFound), storage.local_path(key):
            pass


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "a/./x",
        "a//x",
        "a/",
        "a\\b",
        "a b",
        "á",
        "a\0b",
        "a\n",
        "~",
        "x" * 900,
    ],
)
def test_what_is_no_key_is_refused_everywhere(storage: Storage, key: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        put(storage, key)
    with pytest.raises(InvalidInput):
        storage.open(key)
    with pytest.raises(InvalidInput):
        storage.size(key)
    with pytest.raises(InvalidInput):
        list(storage.list(key))
    with pytest.raises(InvalidInput):
        storage.delete(key)
    with pytest.raises(InvalidInput):
        storage.put_folder(key, tmp_path)
    with pytest.raises(InvalidInput), storage.local_path(key):
        pass


def test_readers_see_the_old_bytes_or_the_new_never_a_part(storage: Storage) -> None:
    versions = {bytes([letter]) * 300_000 for letter in b"ab"}
    put(storage, "a/b", b"a" * 300_000)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for version in versions:
                put(storage, "a/b", version)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert {read(storage, "a/b") for _ in range(20)} <= versions
    finally:
        stop.set()
        writer.join()


class Failing(io.RawIOBase):
    """A source that breaks off."""

    def __init__(self) -> None:
        self.blocks = [b"x" * 1000]

    def read(self, size: int = -1) -> bytes:
        if self.blocks:
            return self.blocks.pop()
        raise OSError(5, "Input/output error")


def test_a_put_that_fails_changes_nothing(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    put(storage, "a/b", b"old")
    with pytest.raises(Unavailable, match="Input/output error"):
        storage.put("a/b", Failing())  # type: ignore[arg-type]
    assert read(storage, "a/b") == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["b"]


def test_symbolic_links_are_not_followed_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    storage = FolderStorage(tmp_path / "store")
    put(storage, "a/b")
    (tmp_path / "store" / "link").symlink_to(outside)
    (tmp_path / "store" / "a" / "file").symlink_to(outside / "secret")
    for key in ("link/secret", "a/file"):
        with pytest.raises(NotFound):
            storage.open(key)
    with pytest.raises(NotFound):
        put(storage, "link/new")
    assert list(storage.list("a")) == ["a/b"]
    assert list(storage.list("link")) == []
    storage.delete("link/secret")
    storage.delete("link")
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_a_file_cannot_be_a_folder_too(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    put(storage, "a")
    with pytest.raises(InvalidInput, match="choose another key"):
        put(storage, "a/b")


def test_free_bytes_of_a_folder_not_yet_made(tmp_path: Path) -> None:
    free = FolderStorage(tmp_path / "not" / "yet").free_bytes()
    assert free is not None and free > 0

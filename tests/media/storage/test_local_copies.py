from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from media.errors import Unavailable
from media.storage.local_copies import LocalCopies
from tests.waiting import until


class Filling:
    def __init__(self, data: bytes = b"abc", wait: Callable[[], None] = lambda: None) -> None:
        self.data, self.wait, self.times = data, wait, 0

    def __call__(self, file: BinaryIO) -> None:
        self.times += 1
        self.wait()
        file.write(self.data)


def test_a_copy_is_fetched_once_while_it_is_the_same(tmp_path: Path) -> None:
    copies, fill = LocalCopies(tmp_path), Filling()
    for _ in range(3):
        with copies.held("r/source.mp4", "1", fill) as path:
            assert (path.name, path.read_bytes()) == ("source.mp4", b"abc")
    assert fill.times == 1
    with copies.held("r/source.mp4", "2", Filling(b"new")) as path:
        assert path.read_bytes() == b"new"


def test_only_the_last_few_stay_and_none_that_is_in_use_goes(tmp_path: Path) -> None:
    copies = LocalCopies(tmp_path, kept=2)
    with copies.held("a", "1", Filling()) as held:
        for name in "bcdef":
            with copies.held(name, "1", Filling()):
                pass
        assert held.exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_two_threads_that_want_the_same_fetch_it_once(tmp_path: Path) -> None:
    copies = LocalCopies(tmp_path)
    fill = Filling(wait=lambda: until(all_want_it, "all threads want it"))
    found: list[bytes] = []

    def all_want_it() -> bool:
        return [each.users for each in copies._copies.values()] == [5]

    def want() -> None:
        with copies.held("a", "1", fill) as path:
            found.append(path.read_bytes())

    threads = [threading.Thread(target=want) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, fill.times) == ([b"abc"] * 5, 1)


def test_a_copy_that_failed_is_not_kept(tmp_path: Path) -> None:
    copies = LocalCopies(tmp_path)

    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise Unavailable("The store is gone; try again later.")

    with pytest.raises(Unavailable), copies.held("a", "1", broken):
        pass
    assert list(tmp_path.iterdir()) == []
    with copies.held("a", "1", Filling()) as path:
        assert path.read_bytes() == b"abc"


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    def full(file: BinaryIO) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Unavailable, match="free some space"), LocalCopies(tmp_path).held("a", "1", full):
        pass

"""A folder for files of one process's life, which others remove once that process is gone, however it ended."""

from __future__ import annotations

import fcntl
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".lock"
STALE_SECONDS = 86_400


@contextmanager
def own_scratch(top: Path) -> Iterator[Path]:
    """An empty folder in `top`, gone afterwards; by the way, what dead processes left there goes too.

    Whether a process lives is told by a lock of the kernel's on a file beside its folder, not by its number: two
    containers on one data folder do not know each other's numbers.
    """
    _sweep(top)
    folder = top / uuid.uuid4().hex
    lock = folder.with_suffix(LOCK)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def _sweep(top: Path) -> None:
    for path in top.iterdir():
        if path.suffix == LOCK:
            _sweep_one(path)
        elif not path.with_suffix(LOCK).exists():
            with suppress(FileNotFoundError):  # of a version without locks
                if time.time() - path.stat().st_mtime > STALE_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)


def _sweep_one(lock: Path) -> None:
    with suppress(FileNotFoundError, BlockingIOError), lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
        lock.unlink(missing_ok=True)

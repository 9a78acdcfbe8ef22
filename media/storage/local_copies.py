"""Copies of stored files on this machine's disk, for engines that read files only."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from media.errors import Unavailable

KEPT = 2
"""The steps of one recording's work ask for its source one after the other, which need not fetch it each time."""


@dataclass(slots=True)
class _Copy:
    folder: Path
    users: int = 0
    filling: threading.Lock = field(default_factory=threading.Lock)
    whole: bool = False


class LocalCopies:
    """Holds copies in a folder: those in use, and the last few after that. Safe in threads.

    Without a folder, in one of its own in the system's temporary folder, made at the first copy and removed
    with this object.
    """

    def __init__(self, folder: Path | None = None, kept: int = KEPT) -> None:
        self._folder, self._kept = folder, kept
        self._own: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()
        self._copies: dict[str, _Copy] = {}  # the least lately used first

    @contextmanager
    def held(self, name: str, version: str, fill: Callable[[BinaryIO], None]) -> Iterator[Path]:
        """A file with what `fill` writes for this `version` of `name`, while the context is open.

        Raises `Unavailable` when the disk is full, and what `fill` raises.
        """
        digest = hashlib.sha256(f"{name}\n{version}".encode()).hexdigest()[:32]
        copy = self._taken(digest)
        file = copy.folder / Path(name).name
        try:
            with copy.filling:
                if not copy.whole:
                    self._fill(file, fill)
                    copy.whole = True
            yield file
        finally:
            self._let_go(copy)

    def _taken(self, digest: str) -> _Copy:
        with self._lock:
            copy = self._copies.pop(digest, None) or _Copy(self._place() / digest)
            self._copies[digest] = copy
            copy.users += 1
            return copy

    def _let_go(self, copy: _Copy) -> None:
        with self._lock:
            copy.users -= 1
            idle = [name for name, each in self._copies.items() if not each.users]
            unwanted = [
                name for name in idle if not self._copies[name].whole or name in idle[: -self._kept]
            ]
            for name in unwanted:
                shutil.rmtree(self._copies.pop(name).folder, ignore_errors=True)

    def _place(self) -> Path:
        if self._folder is not None:
            return self._folder
        self._own = self._own or tempfile.TemporaryDirectory(prefix="tualai-", ignore_cleanup_errors=True)
        return Path(self._own.name)

    @staticmethod
    def _fill(file: Path, fill: Callable[[BinaryIO], None]) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as target:
                fill(target)
        except OSError as error:
            cure = (
                "free some space"
                if error.errno in (errno.ENOSPC, errno.EDQUOT)
                else "check its permissions"
            )
            raise Unavailable(
                "The scratch folder cannot take a copy of “%(name)s” (%(why)s); %(cure)s.",
                name=file.name,
                why=error.strerror,
                cure=cure,
            ) from error

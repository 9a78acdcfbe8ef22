"""Where files are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol


class Storage(Protocol):
    """Keeps files under keys: relative POSIX paths such as `recordings/ab12…/source.mp4`.

    A key is made of parts of letters, digits, `.`, `_` and `-`, joined by `/`, no part being
    `.` or `..`; every method raises `InvalidInput` for anything else.
    """

    def put(self, key: str, source: BinaryIO) -> int:
        """Store the bytes of `source` whole under `key`, replacing what is there; return their number.

        A reader sees the old bytes or the new ones, never a part. Raises `Unavailable` when the
        store cannot take them (disk full, no answer); then nothing has changed.
        """
        ...

    def put_folder(self, prefix: str, folder: Path) -> int:
        """Store every file below `folder` under `prefix/`; return the bytes stored.

        May move the files instead of copying them. Raises `Unavailable` as `put`.
        """
        ...

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open for reading from byte `start`, at most `length` bytes. Raises `NotFound`."""
        ...

    def size(self, key: str) -> int:
        """Size in bytes. Raises `NotFound`."""
        ...

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """A real file with the content of `key` while the context is open. Raises `NotFound`."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """All keys below `prefix/`, sorted; none when there are none."""
        ...

    def delete(self, prefix: str) -> None:
        """Delete the key `prefix` and all keys below `prefix/`; nothing there is no error."""
        ...

    def free_bytes(self) -> int | None:
        """Room left in bytes, or None when the store does not know."""
        ...

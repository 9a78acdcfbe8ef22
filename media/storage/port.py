"""Where files are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file's key, its size, and when it was last written (UTC, with its zone)."""

    key: str
    size_bytes: int
    changed_at: datetime


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

        Playlists and captions come after the files they name. May move the files instead of copying them.
        Raises `Unavailable` as `put`; then some files may be stored already.
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

    def inventory(self, prefix: str) -> Iterator[StoredFile]:
        """As `list`, with sizes and times."""
        ...

    def delete(self, prefix: str) -> None:
        """Delete the key `prefix` and all keys below `prefix/`; nothing there is no error."""
        ...

    def delete_files(self, keys: Sequence[str]) -> None:
        """Delete exactly these keys; one that is not there is no error."""
        ...

    def free_bytes(self) -> int | None:
        """Room left in bytes, or None when the store does not know."""
        ...

    def forget_unfinished(self, older_seconds: float) -> int:
        """Remove what writers that were killed so long ago left half-written; return how many there were.

        It was never visible under any key.
        """
        ...


@runtime_checkable
class LinkingStorage(Protocol):
    """A store that browsers can be sent to."""

    def link(self, key: str, seconds: int, media_type: str = "", caching: str = "") -> str:
        """An address at which anybody can read `key` for so many seconds, whether it is there or not; answered
        with this media type and Cache-Control. Asks nobody. Raises `Unavailable` without keys to sign with."""
        ...

    def link_origin(self) -> str:
        """Scheme, host and port of such addresses."""
        ...

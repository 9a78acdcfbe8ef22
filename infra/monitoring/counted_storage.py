"""Storage whose failures are counted for monitoring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from infra.monitoring.prometheus import storage_failed
from media.errors import Unavailable
from media.storage.port import Storage, StoredFile


@contextmanager
def _counted(operation: str) -> Iterator[None]:
    try:
        yield
    except Unavailable:
        storage_failed(operation)
        raise


class CountedStorage:
    """Implements `media.storage.port.Storage` by another one."""

    def __init__(self, storage: Storage, left: Callable[[], int | None] = lambda: None) -> None:
        """`left` tells the bytes until a quota, None without one."""
        self._storage, self._left = storage, left

    def put(self, key: str, source: BinaryIO) -> int:
        """See `Storage.put`."""
        with _counted("put"):
            return self._storage.put(key, source)

    def put_folder(self, prefix: str, folder: Path) -> int:
        """See `Storage.put_folder`."""
        with _counted("put_folder"):
            return self._storage.put_folder(prefix, folder)

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """See `Storage.open`."""
        with _counted("open"):
            return self._storage.open(key, start, length)

    def size(self, key: str) -> int:
        """See `Storage.size`."""
        with _counted("size"):
            return self._storage.size(key)

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """See `Storage.local_path`."""
        return self._storage.local_path(key)

    def list(self, prefix: str) -> Iterator[str]:
        """See `Storage.list`."""
        with _counted("list"):
            yield from self._storage.list(prefix)

    def inventory(self, prefix: str) -> Iterator[StoredFile]:
        """See `Storage.inventory`."""
        with _counted("list"):
            yield from self._storage.inventory(prefix)

    def delete(self, prefix: str) -> None:
        """See `Storage.delete`."""
        with _counted("delete"):
            self._storage.delete(prefix)

    def delete_files(self, keys: Sequence[str]) -> None:
        """See `Storage.delete_files`."""
        with _counted("delete"):
            self._storage.delete_files(keys)

    def free_bytes(self) -> int | None:
        """See `Storage.free_bytes`."""
        known = [room for room in (self._storage.free_bytes(), self._left()) if room is not None]
        return max(0, min(known)) if known else None

    def forget_unfinished(self, older_seconds: float) -> int:
        """See `Storage.forget_unfinished`."""
        with _counted("forget_unfinished"):
            return self._storage.forget_unfinished(older_seconds)

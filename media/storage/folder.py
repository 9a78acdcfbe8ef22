"""Storage in a folder of this machine."""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from media.errors import InvalidInput, NotFound, Unavailable
from media.storage.content_types import INDEXES
from media.storage.keys import check_key, is_key
from media.storage.port import StoredFile

INCOMING = "+incoming"  # `+` is in no key, so no key can name what is on its way
STALE_SECONDS = 86_400


class FolderStorage:
    """The `Storage` port on a folder. A file is written beside the others under a name that is no key,
    flushed to the disk, then renamed. Symbolic links are never followed out of the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def put(self, key: str, source: BinaryIO) -> int:
        """See `Storage.put`."""
        target = self._path(key)
        with self._translated():
            incoming = self._incoming()
            try:
                with incoming.open("wb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
                return self._arrive(incoming, target)
            finally:
                incoming.unlink(missing_ok=True)

    def put_folder(self, prefix: str, folder: Path) -> int:
        """See `Storage.put_folder`; moves the files where the file system can."""
        check_key(prefix)
        files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        files.sort(key=lambda path: (path.suffix in INDEXES, path))
        named = [(path, self._path(f"{prefix}/{path.relative_to(folder).as_posix()}")) for path in files]
        with self._translated():
            return sum(self._take(path, target) for path, target in named)

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """See `Storage.open`."""
        file = self._existing(key).open("rb")
        file.seek(max(0, start))
        if length is None:
            return file
        return cast(BinaryIO, io.BufferedReader(_Part(file, max(0, length))))

    def size(self, key: str) -> int:
        """See `Storage.size`."""
        return self._existing(key).stat().st_size

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """See `Storage.local_path`; the stored file itself, not to be changed."""
        yield self._existing(key)

    def list(self, prefix: str) -> Iterator[str]:
        """See `Storage.list`."""
        return iter(sorted(self._keys(prefix)))

    def inventory(self, prefix: str) -> Iterator[StoredFile]:
        """See `Storage.inventory`."""
        for key in self.list(prefix):
            with suppress(FileNotFoundError):
                found = self._path(key).stat()
                yield StoredFile(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def delete(self, prefix: str) -> None:
        """See `Storage.delete`."""
        top = self._path(prefix)
        if not self._inside(top.parent):
            return
        with self._translated():
            if top.is_dir() and not top.is_symlink():
                shutil.rmtree(top)
            else:
                with suppress(FileNotFoundError, NotADirectoryError):
                    top.unlink()

    def delete_files(self, keys: Sequence[str]) -> None:
        """See `Storage.delete_files`; folders left empty go too."""
        for key in keys:
            path = self._path(key)
            with self._translated(), suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                if self._inside(path.parent):
                    path.unlink()
            for folder in path.relative_to(self._root).parents:
                with suppress(OSError):
                    if folder.parts:
                        (self._root / folder).rmdir()

    def free_bytes(self) -> int | None:
        """See `Storage.free_bytes`."""
        place = self._root
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def forget_unfinished(self, older_seconds: float) -> int:
        """See `Storage.forget_unfinished`."""
        place = self._root / INCOMING
        return _forget_stale(place, older_seconds) if place.is_dir() else 0

    def _keys(self, prefix: str) -> Iterator[str]:
        top = self._path(prefix)
        for folder, _, names in os.walk(top) if self._inside(top) else ():
            for name in names:
                path = Path(folder, name)
                key = path.relative_to(self._root).as_posix()
                if is_key(key) and not path.is_symlink():
                    yield key

    def _path(self, key: str) -> Path:
        return self._root / check_key(key)

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._root.resolve())

    def _existing(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file() or not self._inside(path):
            raise NotFound("There is no stored file “%(key)s”.", key=key)
        return path

    def _incoming(self) -> Path:
        place = self._root / INCOMING
        place.mkdir(parents=True, exist_ok=True)
        _forget_stale(place, STALE_SECONDS)
        return place / uuid.uuid4().hex

    def _take(self, path: Path, target: Path) -> int:
        """Move a file in; over file systems, copy it first."""
        incoming = self._incoming()
        try:
            try:
                path.replace(incoming)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.copyfile(path, incoming)
                path.unlink()
            return self._arrive(incoming, target)
        finally:
            incoming.unlink(missing_ok=True)

    def _arrive(self, incoming: Path, target: Path) -> int:
        """Flush a complete file and rename it to its place."""
        if not self._inside(target.parent):
            raise NotFound("“%(name)s” leads out of the store.", name=target.parent.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with incoming.open("rb") as file:
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        incoming.replace(target)
        _sync_folder(target.parent)
        return size

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise InvalidInput(
                "A stored file cannot be a folder of others too; choose another key."
            ) from error
        except OSError as error:
            cure = (
                "free some space"
                if error.errno in (errno.ENOSPC, errno.EDQUOT)
                else "check its permissions"
            )
            raise Unavailable(
                "The store at %(place)s cannot take the file (%(why)s); %(cure)s.",
                place=self._root,
                why=error.strerror,
                cure=cure,
            ) from error


class _Part(io.RawIOBase):
    """At most so many bytes of an open file."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: builtins.memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_stale(place: Path, older_seconds: float) -> int:
    """Delete what writers that were killed left behind; return how many files."""
    count = 0
    for path in place.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime >= older_seconds:
                path.unlink()
                count += 1
    return count

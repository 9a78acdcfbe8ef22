"""The bytes of uploads, on disk as they arrive.

Each upload is one file, and its size is the offset that clients are told: there is no second place that could
say otherwise after a crash. A chunk that has a checksum is no part of the file until it is checked: while
it arrives, a mark beside the file tells the size before it, and whoever opens the file next goes back to that.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from media.errors import NotFound, Unavailable
from media.ingest.uploads import NoRoom, UploadBusy

ID = re.compile(r"[0-9a-f]{32}")
SYNC_BYTES = 64 << 20
RESERVE_BYTES = 512 << 20
MARK = ".unchecked"


class Arrival:
    """An upload's file, locked for one writer. `offset` is its size in bytes."""

    def __init__(self, handle: int, mark: Path) -> None:
        self._handle, self._mark = handle, mark
        self._back()
        self._start = self.offset = os.fstat(handle).st_size
        os.lseek(handle, 0, os.SEEK_END)
        self._unsynced = 0

    def expect_checksum(self) -> None:
        """What is written from now on counts only after `keep`."""
        with self._mark.open("w") as file:
            file.write(str(self.offset))
            file.flush()
            os.fsync(file.fileno())
        _sync(self._mark.parent)

    def write(self, data: bytes) -> None:
        """Append. Raises `NoRoom`; what fitted stays."""
        rest = memoryview(data)
        with _translated():
            while rest:
                written = os.write(self._handle, rest)
                rest = rest[written:]
                self.offset += written
                self._unsynced += written
            if self._unsynced > SYNC_BYTES:  # so that the end of a long request does not wait for gigabytes
                os.fdatasync(self._handle)
                self._unsynced = 0

    def keep(self) -> None:
        """What was written is on the disk when this returns. Raises `NoRoom`, `Unavailable`."""
        with _translated():
            os.fsync(self._handle)
        if self._mark.exists():
            self._mark.unlink()
            _sync(self._mark.parent)

    def discard(self) -> None:
        """Forget what was written since it was opened."""
        os.ftruncate(self._handle, self._start)
        os.fsync(self._handle)
        self._mark.unlink(missing_ok=True)
        self.offset = self._start

    def close(self) -> None:
        """Let others write. A chunk that had a checksum and was not kept is discarded."""
        if self._handle < 0:
            return
        self._back()
        os.close(self._handle)
        self._handle = -1

    def _back(self) -> None:
        """Cut off what was never checked."""
        size = _marked(self._mark)
        if size is not None:
            os.ftruncate(self._handle, min(size, os.fstat(self._handle).st_size))
            os.fsync(self._handle)
            self._mark.unlink(missing_ok=True)


class UploadFiles:
    """All uploads' files, in one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, id: str) -> None:
        """An empty file. Raises `Unavailable`."""
        with _translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path(id), os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o640))
            _sync(self._folder)

    def path(self, id: str) -> Path:
        """Where an upload's bytes are. Raises `NotFound` for what is no id."""
        if not ID.fullmatch(id):
            raise NotFound("There is no such upload.")
        return self._folder / id

    def size(self, id: str) -> int:
        """Bytes that have arrived for good. Raises `NotFound`."""
        path = self.path(id)
        try:
            size = path.stat().st_size
        except FileNotFoundError as error:
            raise NotFound("There is no such upload.") from error
        marked = _marked(path.with_name(path.name + MARK))
        return size if marked is None else min(size, marked)

    def open(self, id: str) -> Arrival:
        """Lock for writing. Raises `NotFound`, `UploadBusy` while another request writes."""
        path = self.path(id)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise NotFound("There is no such upload.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_nlink == 0:  # removed while we came for the lock
                raise NotFound("There is no such upload.")
            return Arrival(handle, path.with_name(path.name + MARK))
        except BlockingIOError as error:
            os.close(handle)
            raise UploadBusy(
                "Another request is still sending to this upload; try again in a moment."
            ) from error
        except BaseException:
            os.close(handle)
            raise

    def remove(self, id: str) -> None:
        """Delete; nothing there is no error. Raises `UploadBusy` while a request writes."""
        path = self.path(id)
        with suppress(NotFound):
            arrival = self.open(id)
            try:
                path.unlink(missing_ok=True)
            finally:
                arrival.close()

    def ids(self) -> list[str]:
        """All uploads that have a file."""
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if ID.fullmatch(path.name))

    def check_room(self, length: int) -> None:
        """Make sure that `length` bytes fit. Raises `NoRoom`."""
        place = self._folder
        while not place.exists():
            place = place.parent
        free = shutil.disk_usage(place).free
        if free < length + RESERVE_BYTES:
            raise NoRoom(
                "The archive's disk has %(free)s GB left and this needs %(needed)s GB; ask whoever keeps"
                " the archive to free some space, then send it again.",
                free=f"{free / 1e9:.1f}",
                needed=f"{(length + RESERVE_BYTES) / 1e9:.1f}",
            )


def _marked(mark: Path) -> int | None:
    try:
        text = mark.read_text("ascii")
    except FileNotFoundError:
        return None
    return int(text) if text.isdigit() else 0 if text else None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom(
                "The archive's disk is full. What has arrived is kept; once there is room, the upload goes on."
            ) from error
        raise Unavailable(
            "The folder for uploads can't be written (%(why)s); ask whoever keeps the archive.",
            why=error.strerror,
        ) from error


def _sync(folder: Path) -> None:
    """Make a new or removed name durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

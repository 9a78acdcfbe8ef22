"""Taking in a file: checked, hashed while copied, probed, stored."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from media.archive.episodes import Recording, recording_prefix
from media.encoding.port import Encoder
from media.errors import InvalidInput, NotFound, Unavailable
from media.probing.media_info import MediaInfo
from media.progress import Progress, scaled
from media.storage.port import Storage

BLOCK_BYTES = 1 << 20
RESERVE_BYTES = 256 << 20
EXTENSIONS = {
    "mov": "mp4", "matroska": "mkv", "avi": "avi", "mpegts": "ts", "mpeg": "mpg", "flv": "flv", "asf": "wmv",
    "ogg": "ogg", "wav": "wav", "mp3": "mp3", "aac": "aac", "flac": "flac", "aiff": "aiff", "amr": "amr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ingested:
    """A recording in the store; `already_stored` when the same bytes were there before."""

    recording: Recording
    already_stored: bool


def ingest(
    path: Path, *, storage: Storage, encoder: Encoder, scratch: Path, progress: Progress
) -> Ingested:
    """Store a recording under the SHA-256 of its bytes and describe it.

    What is probed and stored is the copy that was hashed, so the original may change meanwhile. A
    refused file leaves nothing behind, in the store or in `scratch`.

    Raises:
        NotFound: when there is no such file.
        InvalidInput: when it is no regular file, empty, or no recording that can be played.
        Unavailable: when there is no room or the engine is missing.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with (
        _opened(path) as (file, size),
        tempfile.TemporaryDirectory(dir=scratch, prefix="ingest-") as folder,
    ):
        check_room(size, shutil.disk_usage(scratch).free, storage.free_bytes())
        copy = Path(folder) / "source"  # without an extension, so that only the content tells what it is
        checksum, copied = _copy(file, copy, size, scaled(progress, 0.0, 0.9))
        info = encoder.probe(copy)
        name = os.fsencode(path.name).decode("utf-8", "replace")
        known = stored_key(storage, checksum)
        key = known or f"{recording_prefix(checksum)}/source.{extension(info)}"
        if known is None:
            copy.rename(copy.with_name(f"source.{extension(info)}"))
            storage.put_folder(recording_prefix(checksum), Path(folder))
        progress(1.0, "stored")
        return Ingested(Recording(checksum, name, copied, key, info), known is not None)


def check_room(size: int, scratch_free: int, storage_free: int | None) -> None:
    """Make sure that a file of `size` bytes and what is made from it (about as much) fit; all in bytes.

    Raises:
        Unavailable: naming the room needed and left.
    """
    for place, free, needed in (
        ("The scratch folder", scratch_free, size + RESERVE_BYTES),
        ("The store", storage_free, 2 * size + RESERVE_BYTES),
    ):
        if free is not None and free < needed:
            raise Unavailable(
                "%(place)s has %(free)s GB left and this file needs %(needed)s GB; free some space, then"
                " try again.",
                place=place,
                free=f"{free / 1e9:.1f}",
                needed=f"{needed / 1e9:.1f}",
            )


def stored_key(storage: Storage, recording: str) -> str | None:
    """The key of a recording's source, when it is in the store."""
    prefix = f"{recording_prefix(recording)}/source."
    return next((key for key in storage.list(recording_prefix(recording)) if key.startswith(prefix)), None)


def extension(info: MediaInfo) -> str:
    """A safe extension for a container, whatever the file was called."""
    return EXTENSIONS.get(info.container.split(",")[0], "media")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular, non-empty file and tell its size; never waits on a pipe or a device."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotFound("There is no file %(path)s; check the path.", path=path) from error
    except OSError as error:
        raise InvalidInput(
            "%(path)s cannot be read (%(why)s); check its permissions.", path=path, why=error.strerror
        ) from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise InvalidInput("%(path)s is not a file; give a sound or video file.", path=path)
    with os.fdopen(handle, "rb") as file:
        if found.st_size == 0:
            raise InvalidInput(
                "%(name)s is empty; copy it again from where it was recorded.", name=path.name
            )
        yield file, found.st_size


def _copy(file: BinaryIO, target: Path, size: int, progress: Progress) -> tuple[str, int]:
    """Copy and hash; return the SHA-256 in hex and the bytes copied."""
    digest = hashlib.sha256()
    copied = 0
    try:
        with target.open("xb") as out:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
                out.write(block)
                copied += len(block)
                progress(min(1.0, copied / size), "copy")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("The scratch folder is full; free some space, then try again.") from error
        raise InvalidInput(
            "The file cannot be read to its end (%(why)s); copy it again.", why=error.strerror
        ) from error
    return digest.hexdigest(), copied

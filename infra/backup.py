"""Copying an archive to a folder while it is in use."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from infra.archive import Archive
from infra.settings import SETTINGS_FILE
from media.errors import InvalidInput, Unavailable
from media.progress import Progress

DATABASE_FILE = "tualai.sqlite"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """Files copied and files that were there already; bytes copied."""

    copied: int
    present: int
    copied_bytes: int


def back_up(archive: Archive, folder: Path, progress: Progress) -> BackedUp:
    """Copy database, files and settings into `folder`; a later run copies only what is new.

    The database is copied first, by SQLite's own backup: whatever it refers to was stored before it was
    referred to, so the files copied afterwards contain it. To restore, use the folder as the data folder
    and run “tualai reindex”.

    Raises:
        InvalidInput: the database is a server's (use its own tools).
        Unavailable: the folder can't be written.
    """
    if not archive.database.is_sqlite:
        raise InvalidInput("This archive's database is a server's; back it up with pg_dump.")
    _refuse_own_folder(archive, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy_database(archive, folder / DATABASE_FILE)
        settings = archive.settings.home / SETTINGS_FILE
        if settings.exists():
            shutil.copy2(settings, folder / SETTINGS_FILE)
        return _copy_files(archive, folder / "files", progress)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(
            f"{folder} can't be written ({error}); what was copied stays there. Make room or choose"
            " another folder, then run it again."
        ) from error


def _refuse_own_folder(archive: Archive, folder: Path) -> None:
    database = Path(sa.make_url(archive.database.url).database or "")
    target = folder.resolve()
    for own in (archive.settings.home.resolve(), database.resolve().parent):
        if target == own or own in target.parents or target in own.parents:
            raise InvalidInput(
                f"{folder} is, holds or lies in the archive's own folder {own}; choose a folder elsewhere, best"
                " on another disk."
            )


def _copy_database(archive: Archive, target: Path) -> None:
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    source = sa.make_url(archive.database.url).database or ""
    with closing(sqlite3.connect(source)) as connection, closing(sqlite3.connect(part)) as copy:
        connection.backup(copy)
    part.replace(target)


def _copy_files(archive: Archive, folder: Path, progress: Progress) -> BackedUp:
    keys = list(archive.storage.list("recordings"))
    copied = present = total = 0
    for number, key in enumerate(keys):
        target = folder / key
        if target.exists() and target.stat().st_size == archive.storage.size(key):
            present += 1
        else:
            total += _copy_file(archive, key, target)
            copied += 1
        progress((number + 1) / len(keys), key)
    return BackedUp(copied, present, total)


def _copy_file(archive: Archive, key: str, target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with archive.storage.open(key) as source, part.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        size = file.tell()
        os.fsync(file.fileno())
    part.replace(target)
    return size

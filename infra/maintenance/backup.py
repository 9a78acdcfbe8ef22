"""Copying an archive to a folder while it is in use, and bringing one back.

A backup holds snapshots of the database (SQLite files, whatever the archive's engine is, each as of one moment),
one copy of every file that any of them refers to, settings and the secret key. The database is copied first:
whatever it refers to was stored before it was referred to, so the files copied afterwards contain it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from infra.assembly.archive import Archive
from infra.configuration.settings import SETTINGS_FILE
from infra.db.base.database import Database
from infra.db.base.moving import Moved, copy_whole
from infra.db.base.read_only import snapshot
from media.errors import InvalidInput, Unavailable
from media.hls.stored_files import AREAS
from media.progress import Progress, scaled
from media.storage.copying import CopiedFiles, Notes, copy_files
from media.storage.folder import FolderStorage

STAMP = "%Y%m%dT%H%M%S%fZ"
SECRET_FILE = "secret.key"  # noqa: S105 - a file's name
_GONE = "gone.tsv"

Migrate = Callable[[Database], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The snapshot made and the rows in it; files copied, compared and known to be there; bytes copied; snapshots and
    files given up; keys of files that are damaged in the archive itself."""

    snapshot: str
    rows: int
    copied: int
    present: int
    copied_bytes: int
    snapshots: int
    removed_files: int
    damaged: tuple[str, ...]


def back_up(archive: Archive, folder: Path, migrate: Migrate, keep: int, progress: Progress) -> BackedUp:
    """Copy database, files and settings into `folder`; a later run copies only what is new.

    Args:
        archive: may be in use.
        folder: outside the archive's own; may hold earlier backups of it.
        migrate: brings a new database to this program's schema.
        keep: snapshots of the database to keep; files that none of those refers to are removed.
        progress: told of every file.

    Raises:
        InvalidInput: the folder is, holds or lies in the archive's own.
        Unavailable: the folder can't be written, or the database or a store does not answer.
    """
    _refuse_own_folder(archive, folder)
    try:
        (folder / "databases").mkdir(parents=True, exist_ok=True)
        stamp, moved = _copy_database(
            archive.database.url, folder / "databases", migrate, scaled(progress, 0, 0.2)
        )
        _keep_settings(archive.settings.home, folder)
        store = FolderStorage(folder / "files")
        files = copy_files(
            archive.storage, store, Notes(folder / "files.notes"), scaled(progress, 0.2, 0.95)
        )
        kept = _rotate(folder / "databases", keep)
        removed = _give_up(archive, store, folder / _GONE, stamp, kept[0])
    except OSError as error:
        raise Unavailable(
            "%(folder)s can't be written (%(why)s); what was copied stays there. Make room or choose"
            " another folder, then run it again.",
            folder=folder,
            why=error,
        ) from error
    progress(1.0, "")
    return BackedUp(stamp, moved.rows, files.copied, files.known + files.compared, files.copied_bytes,
                    len(kept), removed, tuple(files.damaged))  # fmt: skip


def snapshots(folder: Path) -> list[str]:
    """The snapshots in a backup, oldest first."""
    return sorted(file.stem for file in (folder / "databases").glob("*.sqlite"))


def restore_database(
    folder: Path, at: str, target: Database, migrate: Migrate, progress: Progress
) -> Moved:
    """Copy a snapshot into an empty database, and read it back to compare.

    Raises:
        InvalidInput: there is no such snapshot.
        Conflict: the database is not empty, or what was read back differs; then it is as it was.
        Unavailable: a database can't be reached.
    """
    file = folder / "databases" / f"{at}.sqlite"
    if not file.is_file():
        known = ", ".join(snapshots(folder)) or "none"
        raise InvalidInput(
            "There is no snapshot “%(at)s” in %(folder)s; there are: %(known)s.",
            at=at,
            folder=folder,
            known=known,
        )
    with snapshot(f"sqlite:///{file}") as old:
        return copy_whole(old, target, migrate, progress)


def restore_settings(folder: Path, home: Path) -> None:
    """Bring back settings and secret key, where the data folder has none."""
    home.mkdir(parents=True, exist_ok=True)
    for name in (SETTINGS_FILE, SECRET_FILE):
        if (folder / name).exists() and not (home / name).exists():
            shutil.copy2(folder / name, home / name)


def restore_files(archive: Archive, folder: Path, progress: Progress) -> CopiedFiles:
    """Copy the files into the archive's store; run again it goes on where it stopped. Raises `Unavailable`."""
    notes = archive.settings.home / "restored.notes"
    files = copy_files(FolderStorage(folder / "files"), archive.storage, Notes(notes), progress)
    notes.unlink(missing_ok=True)
    return files


def _copy_database(url: str, folder: Path, migrate: Migrate, progress: Progress) -> tuple[str, Moved]:
    """Make a snapshot; it has its name once it is whole and on the disk."""
    stamp = datetime.now(UTC).strftime(STAMP)
    part = folder / f"{stamp}.part"
    for rest in folder.glob("*.part*"):
        rest.unlink()
    try:
        with snapshot(url) as old, closing(Database(f"sqlite:///{part}")) as target:
            moved = copy_whole(old, target, migrate, progress)
            with target.engine.connect() as c:
                c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                c.exec_driver_sql("PRAGMA journal_mode=DELETE")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(folder / f"{stamp}.sqlite")
    finally:
        for rest in folder.glob("*.part*"):
            rest.unlink()
    return stamp, moved


def _keep_settings(home: Path, folder: Path) -> None:
    for name in (SETTINGS_FILE, SECRET_FILE):
        if (home / name).exists():
            shutil.copy2(home / name, folder / name)
            (folder / name).chmod(0o600)


def _rotate(folder: Path, keep: int) -> list[str]:
    """Remove all snapshots but the newest ones; return those that are left, oldest first."""
    stamps = sorted(file.stem for file in folder.glob("*.sqlite"))
    for stamp in stamps[:-keep]:
        (folder / f"{stamp}.sqlite").unlink()
    return stamps[-keep:]


def _give_up(archive: Archive, store: FolderStorage, noted: Path, stamp: str, oldest: str) -> int:
    """Remove files that the archive had no more when the oldest snapshot was made; note which it has no more now."""
    gone = (
        dict(line.split("\t") for line in noted.read_text("utf-8").splitlines()) if noted.exists() else {}
    )
    here = {file.key for area in AREAS for file in archive.storage.inventory(area)}
    copied = [file.key for area in AREAS for file in store.inventory(area)]
    since = {key: gone.get(key, stamp) for key in copied if key not in here}
    old = [key for key, first in since.items() if first < oldest]
    store.delete_files(old)
    lines = sorted(f"{key}\t{first}\n" for key, first in since.items() if key not in old)
    part = noted.with_suffix(".part")
    part.write_text("".join(lines), "utf-8")
    part.replace(noted)
    return len(old)


def _refuse_own_folder(archive: Archive, folder: Path) -> None:
    own = [archive.settings.home.resolve()]
    if archive.database.is_sqlite:
        own.append(Path(sa.make_url(archive.database.url).database or "").resolve().parent)
    target = folder.resolve()
    for each in own:
        if target == each or each in target.parents or target in each.parents:
            raise InvalidInput(
                "%(folder)s is, holds or lies in the archive's own folder %(each)s; choose a folder"
                " elsewhere, best on another disk.",
                folder=folder,
                each=each,
            )

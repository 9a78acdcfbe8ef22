"""A folder that recordings are taken from, such as a camera card's.

A file is taken once its size and time have not changed for a while; captions of the same name go with it. Which file
was taken is remembered in the database, so that none is taken twice, also after a restart, and what the archive has
already is known by its content. Nothing in the folder is changed, unless files are to be moved when taken.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from infra.assembly.archive import Archive
from infra.db.archive.watched_folder import SeenFile
from infra.intake.recording import IngestedRecording, IngestRequest, take
from infra.pipeline.speech_steps import CAPTION_FORMATS
from media.archive.episodes import slugify
from media.errors import ArchiveError, InvalidInput, Unavailable
from media.ingest.uploads import title_of
from media.progress import Progress, silent

ENDINGS = frozenset(
    [
        "mp4",
        "m4v",
        "mov",
        "mkv",
        "webm",
        "avi",
        "mts",
        "m2ts",
        "ts",
        "mpg",
        "mpeg",
        "mxf",
        "3gp",
        "flv",
        "wmv",
        "mp3",
        "m4a",
        "aac",
        "wav",
        "flac",
        "ogg",
        "opus",
        "amr",
    ]
)
DEPTH = 6

Told = Callable[[Path, IngestedRecording | ArchiveError], None]


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """What to watch: recordings become episodes of `programme`, spoken in `language` ("" to detect it).
    `settle` in seconds; `move_to` is where taken files go, None to leave them."""

    folder: Path
    programme: str
    language: str = "vi"
    settle: float = 30.0
    move_to: Path | None = None


@dataclass
class Settling:
    """Which files have kept their size and time, since when (in seconds of any clock that only goes on)."""

    since: dict[SeenFile, float] = field(default_factory=dict)

    def settled(self, files: list[SeenFile], at: float, seconds: float) -> list[SeenFile]:
        """Those that have not changed for `seconds`. Pure but for what it remembers."""
        self.since = {each: self.since.get(each, at) for each in files}
        return [each for each in files if at - self.since[each] >= seconds]


def look(
    archive: Archive,
    watch: WatchedFolder,
    settling: Settling,
    at: float,
    told: Told,
    progress: Progress = silent,
) -> int:
    """Take what has settled; return how many were dealt with. Raises `Unavailable` when the folder or the
    archive can't be used now; then nothing is noted and the next look tries again."""
    waiting = [each for each in find(watch.folder, watch.move_to) if not archive.watched.knows(each)]
    done = 0
    for file in settling.settled(waiting, at, watch.settle):
        path = Path(file.path)
        try:
            taken = take(archive, path, _wanted(watch, path), progress)
        except Unavailable:
            raise
        except ArchiveError as error:
            archive.watched.note(file, "", error.message)
            told(path, error)
        else:
            archive.watched.note(file, taken.episode.slug)
            told(path, taken)
            _move(path, watch.move_to)
        done += 1
    return done


def find(folder: Path, besides: Path | None = None) -> list[SeenFile]:
    """Recordings below a folder by their names' endings, oldest first; no links are followed, nothing hidden is looked
    at. Raises `Unavailable`."""
    if not folder.is_dir():
        raise Unavailable(
            "The watched folder %(folder)s is not there; put the card in, or mend the path.", folder=folder
        )
    found = [seen for seen in _walk(folder, besides) if seen.size_bytes]
    return sorted(found, key=lambda each: (each.changed_at, each.path))


def _walk(folder: Path, besides: Path | None) -> Iterator[SeenFile]:
    for place, folders, names in os.walk(folder):
        inside = Path(place)
        deep = len(inside.relative_to(folder).parts) >= DEPTH
        folders[:] = [] if deep else [
            each for each in folders if not each.startswith(".") and (besides is None or inside / each != besides)
        ]  # fmt: skip
        for name in names:
            if name.startswith(".") or name.rpartition(".")[2].lower() not in ENDINGS:
                continue
            try:
                facts = os.lstat(inside / name)
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode):
                shown = os.fsencode(str(inside / name)).decode("utf-8", "surrogateescape")
                yield SeenFile(shown, facts.st_size, facts.st_mtime_ns)


def _wanted(watch: WatchedFolder, path: Path) -> IngestRequest:
    """An episode named like the file, of the day it was recorded."""
    day: date = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone().date()
    title = title_of(os.fsencode(path.name).decode("utf-8", "replace"))
    try:
        slug = slugify(title)
    except InvalidInput:
        slug = slugify(f"{watch.programme}-{day}")
    captions = next((each for each in _beside(path)), None)
    return IngestRequest(watch.programme, title, day, watch.language, slug=slug, captions=captions)


def _beside(path: Path) -> Iterator[Path]:
    for suffix in CAPTION_FORMATS:
        for each in (path.with_suffix(f".{suffix}"), path.with_suffix(f".{suffix.upper()}")):
            if each.is_file() and not each.is_symlink():
                yield each


def _move(path: Path, target: Path | None) -> None:
    """Move a taken file and its captions away; one that can't be moved stays and is not taken again."""
    if target is None:
        return
    for each in (path, *_beside(path)):
        place, number = target / each.name, 2
        try:
            target.mkdir(parents=True, exist_ok=True)
            while place.exists():
                place, number = target / f"{each.stem}-{number}{each.suffix}", number + 1
            each.rename(place)
        except OSError:
            return

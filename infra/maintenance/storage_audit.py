"""Checking that the store has what the database refers to, and removing what nothing refers to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from urllib.request import urlopen

from infra.assembly.archive import Archive
from infra.assembly.engines import make_storage
from infra.db.archive.references import Expected, SqlReferences
from infra.pipeline.speech_steps import CAPTION_FORMATS, sidecar_key
from media.archive.episodes import Rendition, recording_prefix
from media.errors import NotFound
from media.hls.stored_files import digest_in, files_of, is_referred_to
from media.progress import Progress
from media.storage.copying import sha256_of
from media.storage.port import LinkingStorage, StoredFile

PRUNED_AREAS = ("recordings", "documents", "work", "doctor")
"""`live/` is not among them: what is live keeps its own house."""
SAFE_AGE = timedelta(days=7)
UNFINISHED_AGE = timedelta(days=2)
OPEN = (
    "The bucket is open to everybody: withdrawn episodes and sources can be fetched by their addresses. Make it"
    " private; TUALAI_DELIVERY says how segments reach browsers."
)
_TEXT_LIMIT = 8_000_000


@dataclass(slots=True)
class Checked:
    """How many files were looked for, how many bytes read to the end, and what is wrong, a sentence each."""

    files: int = 0
    read_bytes: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Pruned:
    """Files that nothing refers to, removed unless it was a trial; half-written uploads; and sentences about what
    was taken in while it was being removed."""

    keys: list[str] = field(default_factory=list)
    removed_bytes: int = 0
    unfinished: int = 0
    problems: list[str] = field(default_factory=list)


def verify(archive: Archive, deep: bool, progress: Progress) -> Checked:
    """Look for every file that the database refers to; with `deep`, read sources and documents to the end and
    compare their SHA-256 with their names.

    Raises:
        Unavailable: the store does not answer.
    """
    references, done = SqlReferences(archive.database), Checked()
    sources = references.sources()
    for number, (recording, source) in enumerate(sources.items()):
        progress(number / len(sources), recording[:12])
        stored = {
            each.key: each.size_bytes for each in archive.storage.inventory(recording_prefix(recording))
        }
        _expect(source, stored, done)
        for rendition in archive.catalogue.renditions(recording):
            _check_rendition(archive, recording, rendition, stored, done)
        if deep:
            _compare(archive, source.key, done)
    _check_area(archive, "documents", references.documents(), deep, done)
    _check_area(archive, "live", references.live(), False, done)
    return done


def prune(archive: Archive, age: timedelta, trial: bool, progress: Progress) -> Pruned:
    """Remove files that nothing refers to and that are older than `age`, and uploads that were never finished.

    A file is always stored before it is referred to, so what is young may be about to be. A recording that is
    taken in again at this very moment is told of, so that it can be taken in once more.

    Raises:
        Unavailable: the store does not answer; what was removed stays removed.
    """
    references, done = SqlReferences(archive.database), Pruned()
    before = datetime.now(UTC) - age
    for number, area in enumerate(PRUNED_AREAS):
        progress(number / len(PRUNED_AREAS), area)
        owned = groupby(archive.storage.inventory(area), key=lambda file: "/".join(file.key.split("/")[:2]))
        for owner, files in owned:
            old = [each for each in files if each.changed_at < before]
            _prune_owner(archive, references, owner, old, trial, done)
    if not trial:
        done.unfinished = archive.storage.forget_unfinished(max(age, UNFINISHED_AGE).total_seconds())
    return done


def is_open(archive: Archive) -> bool:
    """Whether the store gives a recording to whoever knows its address, without a signature."""
    store = make_storage(archive.settings)
    source = next(iter(SqlReferences(archive.database).sources().values()), None)
    if source is None or not isinstance(store, LinkingStorage):
        return False
    try:
        with urlopen(store.link(source.key, 60).partition("?")[0], timeout=10) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def _prune_owner(
    archive: Archive,
    references: SqlReferences,
    owner: str,
    old: Sequence[StoredFile],
    trial: bool,
    done: Pruned,
) -> None:
    """Remove what nothing refers to of one recording, document or job."""
    unwanted = _unwanted(archive, references, owner, old) if old else []
    done.keys += [each.key for each in unwanted]
    done.removed_bytes += sum(each.size_bytes for each in unwanted)
    if trial or not unwanted:
        return
    archive.storage.delete_files([each.key for each in unwanted])
    again = {each.key for each in _unwanted(archive, references, owner, unwanted)}
    done.problems += [
        f"“{each.key}” was taken in anew while it was being removed; take the file in once more."
        for each in unwanted
        if each.key not in again
    ]


def _unwanted(
    archive: Archive, references: SqlReferences, owner: str, files: Sequence[StoredFile]
) -> list[StoredFile]:
    area, _, name = owner.partition("/")
    match area:
        case "recordings":
            source = references.source_of(name)
            if source is None:
                return list(files)
            captions = [sidecar_key(name, suffix) for suffix in CAPTION_FORMATS]
            renditions = archive.catalogue.renditions(name)
            kept = partial(
                is_referred_to, recording=name, source=source.key, captions=captions, renditions=renditions
            )
            return [each for each in files if not kept(each.key)]
        case "documents":
            return [each for each in files if not references.has_document(each.key)]
        case "work":
            return [] if name in references.working_jobs() else list(files)
        case _:
            return list(files)


def _expect(wanted: Expected, stored: dict[str, int], done: Checked) -> None:
    done.files += 1
    size = stored.get(wanted.key)
    if size is None:
        done.problems.append(f"“{wanted.key}” is missing.")
    elif size != wanted.size_bytes:
        done.problems.append(f"“{wanted.key}” has {size} bytes; it had {wanted.size_bytes}.")


def _check_rendition(
    archive: Archive, recording: str, rendition: Rendition, stored: dict[str, int], done: Checked
) -> None:
    def read(key: str) -> str:
        if key not in stored:
            return ""
        with archive.storage.open(key, 0, _TEXT_LIMIT) as file:
            return file.read().decode("utf-8", "replace")

    keys = list(dict.fromkeys(files_of(rendition, recording, read)))
    done.files += len(keys)
    missing = [key for key in keys if key not in stored]
    done.problems += [f"“{key}” is missing." for key in missing]
    size = sum(stored.get(key, 0) for key in keys)
    if not missing and rendition.size_bytes and size != rendition.size_bytes:
        done.problems.append(
            f"The rendition “{rendition.name}” of {recording} has {size} bytes; it had {rendition.size_bytes}."
        )


def _check_area(
    archive: Archive, area: str, wanted: Sequence[Expected] | Iterator[Expected], deep: bool, done: Checked
) -> None:
    expected = list(wanted)
    if not expected:
        return
    stored = {each.key: each.size_bytes for each in archive.storage.inventory(area)}
    for each in expected:
        _expect(each, stored, done)
        if deep:
            _compare(archive, each.key, done)


def _compare(archive: Archive, key: str, done: Checked) -> None:
    wanted = digest_in(key)
    if wanted is None:
        return
    try:
        found = sha256_of(archive.storage, key)
        done.read_bytes += archive.storage.size(key)
    except NotFound:
        return  # told of already
    if found != wanted:
        done.problems.append(f"“{key}” is damaged: its bytes have the SHA-256 {found}.")

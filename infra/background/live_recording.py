"""After a broadcast: its recording is made of what was received, and old segments go. Idempotent."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from infra.assembly.archive import Archive
from infra.background.place_answers import settle_answers
from infra.db.base.clock import now
from media.archive.episodes import EpisodeState
from media.errors import ArchiveError, Unavailable
from media.ffmpeg.live_joining import SessionPart, join
from media.ffmpeg.programs import find_programs
from media.ingest.ingest import check_room, ingest
from media.live.broadcast import SOURCE, Broadcast, LiveSegment
from web.domain.accounts.actor import acting

log = logging.getLogger("tualai.worker")

RECORDING_SECONDS = 2.0
SWEEP_SECONDS = 1800.0
CLAIM = timedelta(seconds=90)
RENEW_SECONDS = 15.0
ACTOR = "live"


def record_ended(archive: Archive, _name: str) -> None:
    """A worker's duty: make the recording of one broadcast that has ended."""
    broadcast = archive.live.broadcasts.claim_recording(now() + CLAIM)
    if broadcast is None:
        return
    try:
        with acting(ACTOR):
            settle_answers(archive, broadcast.episode)
            made = make_recording(archive, broadcast)
        archive.live.broadcasts.recorded(broadcast.episode)
        if made:
            log.info("%s: its recording is made and goes through the pipeline", broadcast.episode)
    except Unavailable as error:
        log.warning("%s: %s", broadcast.episode, error)  # the claim ends, then it is tried again
    except ArchiveError as error:
        log.warning("%s: %s", broadcast.episode, error)
        archive.live.broadcasts.recorded(broadcast.episode, error.message)


def make_recording(archive: Archive, broadcast: Broadcast) -> bool:
    """Join what was received, take it in and queue its processing. False: there is nothing to do any more.

    Raises:
        Unavailable: no room, or ffmpeg was stopped; try again.
        InvalidInput: what was received can't be joined.
    """
    episode = archive.catalogue.episode(broadcast.episode)
    segments = archive.live.broadcasts.segments(broadcast.episode)
    if episode.recording is not None or not segments:  # somebody brought a better one, or nothing came
        return False
    size = sum(each.size_bytes for each in segments)
    check_room(3 * size, shutil.disk_usage(archive.scratch).free, archive.storage.free_bytes())
    hold = _holder(archive, broadcast.episode)
    with tempfile.TemporaryDirectory(dir=archive.scratch, prefix="live-") as name:
        folder = Path(name)
        parts = _parts(archive, broadcast, segments, folder, hold)
        joined = join(find_programs(archive.settings.ffmpeg or None), parts, folder, lambda *_: hold())
        named = joined.rename(joined.with_name(f"{broadcast.episode}.mp4"))
        taken = ingest(
            named,
            storage=archive.storage,
            encoder=archive.encoder(),
            scratch=archive.scratch,
            progress=lambda *_: hold(),
        )
    archive.replacements.replace_recording(broadcast.episode, taken.recording)
    return True


def _parts(
    archive: Archive,
    broadcast: Broadcast,
    segments: list[LiveSegment],
    folder: Path,
    hold: Callable[[], None],
) -> list[SessionPart]:
    """The takes as files; neighbours with the same initialisation section are one."""
    inits = {
        each.take: each
        for each in archive.live.broadcasts.renditions(broadcast.episode)
        if each.name == SOURCE
    }
    parts: list[SessionPart] = []
    runs: list[list[LiveSegment]] = []
    for segment in segments:
        last = runs[-1][-1] if runs else None
        if last is None or inits[last.take].init != inits[segment.take].init:
            runs.append([])
        runs[-1].append(segment)
    for number, run in enumerate(runs):
        file = folder / f"part-{number}.mp4"
        with file.open("wb") as out:
            for key in (
                inits[run[0].take].key(broadcast.folder),
                *(each.key(broadcast.folder) for each in run),
            ):
                with archive.storage.open(key) as source:
                    shutil.copyfileobj(source, out)
                hold()
        info = archive.encoder().probe(file)
        duration = run[-1].end - run[0].start
        parts.append(SessionPart(file, inits[run[0].take].init, run[0].start, duration, info))
    return parts


def sweep_segments(archive: Archive, _name: str) -> None:
    """A worker's duty: remove the segments of broadcasts whose recording has taken over days ago."""
    old = now() - timedelta(days=archive.settings.live_keep)
    for broadcast in archive.live.broadcasts.broadcasts(open_only=False):
        if not broadcast.recorded or broadcast.ended_at is None or broadcast.ended_at > old:
            continue
        if not archive.live.broadcasts.renditions(broadcast.episode):
            continue
        episode = archive.catalogue.episode(broadcast.episode)
        if episode.recording is None or episode.state is EpisodeState.PROCESSING:
            continue
        archive.storage.delete(broadcast.folder)
        archive.live.broadcasts.forget(broadcast.episode)
        log.info("%s: the broadcast's own segments are removed, the recording stays", broadcast.episode)


def _holder(archive: Archive, episode: str) -> Callable[[], None]:
    """Renews the claim while the work goes on."""
    last = time.monotonic()

    def hold() -> None:
        nonlocal last
        if time.monotonic() - last >= RENEW_SECONDS:
            last = time.monotonic()
            archive.live.broadcasts.hold_recording(episode, now() + CLAIM)

    return hold

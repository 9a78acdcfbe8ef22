"""Captions of what is on air: with the real recogniser, on sound that arrives two seconds at a time."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copy

import pytest

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.background.live_captions import LiveCaptionTask
from infra.configuration.settings import Settings
from infra.db.base.clock import now
from infra.pipeline.steps import refresh_index
from media.archive.episodes import Episode, Programme
from media.ffmpeg.programs import find_programs
from media.hls.playlist import parse_segments
from media.live.broadcast import AUDIO, Broadcast, LiveRendition, LiveSegment
from search.index import SearchQuery
from web.domain.events.events import public_channel

pytestmark = [pytest.mark.slow, pytest.mark.model]

MEDIA = Path(__file__).parents[3] / "infra/demo_archive/media/2026-06-13-english-edition.mp4"
SECONDS = 40


@pytest.fixture
def archive(empty_database: Path, tmp_path: Path) -> Iterator[Archive]:
    copy(empty_database, tmp_path / "tualai.sqlite")
    with open_archive(Settings(home=tmp_path, embedder="off", speech_threads=2)) as opened:
        yield opened


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    """The sound of a recording as a live source would bring it: init.mp4 and pieces of two seconds."""
    folder = tmp_path / "pieces"
    folder.mkdir()
    subprocess.run(
        [find_programs(None).ffmpeg, "-v", "error", "-t", str(SECONDS), "-i", MEDIA, "-vn", "-c:a", "aac", "-ac", "1", "-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "2", "-hls_list_size", "0", folder / "a.m3u8"],
        check=True,
    )  # fmt: skip
    return folder


def on_air(archive: Archive, pieces: Path) -> Broadcast:
    archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    planned = archive.live.broadcasts.plan(Episode("live", "dh", "Live", date(2026, 6, 13), "en"))
    take = archive.live.broadcasts.begin_session(archive.live.broadcasts.stream_key(planned.episode))
    rendition = LiveRendition(take.number, AUDIO, "mp4a.40.2", "0" * 64)
    archive.live.broadcasts.add_rendition(planned.episode, rendition)
    with (pieces / "init.mp4").open("rb") as file:
        archive.storage.put(rendition.key(planned.folder), file)
    return take.broadcast


def arrive(archive: Archive, broadcast: Broadcast, pieces: Path) -> Iterator[float]:
    """Store one piece after the other; yields the seconds there are."""
    began, start = now(), 0.0
    for number, part in enumerate(parse_segments((pieces / "a.m3u8").read_text())):
        segment = LiveSegment(
            broadcast.episode, AUDIO, number, broadcast.take, start, part.seconds,
            began + timedelta(seconds=start), discontinuity=number == 0,
        )  # fmt: skip
        with (pieces / part.uri).open("rb") as file:
            archive.storage.put(segment.key(broadcast.folder), file)
        archive.live.broadcasts.add_segment(segment)
        start += part.seconds
        yield start


def test_what_is_said_is_captioned_a_few_seconds_later_and_found(archive: Archive, pieces: Path) -> None:
    broadcast = on_air(archive, pieces)
    task, told = LiveCaptionTask(lambda: False), public_channel(broadcast.episode)
    behind = []
    for seconds in arrive(archive, broadcast, pieces):
        task(archive, "w1")
        cues = [e.data for e in archive.live.events.after(0, channels=[told]) if e.kind == "cue"]
        behind.append(seconds - (cues[-1]["end"] if cues else 0.0))
    archive.live.broadcasts.close_session(broadcast.episode, broadcast.take)
    task(archive, "w1")
    transcript = archive.transcripts.transcript(broadcast.episode)
    assert transcript is not None
    cues = [e.data for e in archive.live.events.after(0, channels=[told]) if e.kind == "cue"]
    assert [cue["text"] for cue in cues] == [cue.text for cue in transcript.cues]
    assert all(a["end"] <= b["start"] + 0.01 for a, b in itertools.pairwise(cues))
    text = " ".join(cue["text"] for cue in cues).lower()
    assert "overtime" in text
    assert cues[-1]["end"] > SECONDS - 6
    print("behind", [round(each, 1) for each in behind])
    assert sorted(behind)[len(behind) // 2] < 12
    refresh_index(archive)
    assert archive.index.search(SearchQuery("overtime")).hits[0].passage.episode == broadcast.episode


def test_one_worker_captions_and_another_goes_on_where_it_died(archive: Archive, pieces: Path) -> None:
    broadcast = on_air(archive, pieces)
    first, second = LiveCaptionTask(lambda: False), LiveCaptionTask(lambda: False)
    for seconds in arrive(archive, broadcast, pieces):
        if seconds < SECONDS / 2:
            first(archive, "w1")
            second(archive, "w2")  # finds it taken
    from infra.db.tables.captions import captioners

    with archive.database.write() as c:
        c.execute(captioners.update().values(until=now() - timedelta(seconds=1)))
    archive.live.broadcasts.close_session(broadcast.episode, broadcast.take)
    second(archive, "w2")
    transcript = archive.transcripts.transcript(broadcast.episode)
    assert transcript is not None
    assert all(a.end <= b.start + 0.01 for a, b in zip(transcript.cues, transcript.cues[1:], strict=False))
    assert transcript.cues[-1].end > SECONDS - 6

"""A whole broadcast: encoder cut, live process killed with -9, watched in Chromium, ended, its recording published."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.background.live_recording import sweep_segments
from infra.configuration.settings import read_settings
from media.archive.episodes import Episode, EpisodeState, Programme
from media.ffmpeg.programs import find_programs
from media.live.broadcast import SOURCE, OnAir, position_at
from tests.end_to_end.encoder import RATE, Encoder, free_port, wait_for
from tests.end_to_end.serving import PATIENCE, browser, site
from tests.media.live.moments import moment_at
from tests.waiting import until

pytestmark = [pytest.mark.slow]
SEGMENT_FRAMES = 2 * RATE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUALAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUALAI_LIVE_RTMP", f"rtmp://127.0.0.1:{free_port()}/live")
    monkeypatch.setenv("TUALAI_LIVE_KEEP", "0")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    with open_archive(read_settings()) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        episode = Episode("so-1", "dh", "Số 1", date.today(), publish_when_ready=True)
        opened.live.broadcasts.plan(episode)
        yield opened


def target(archive: Archive) -> str:
    return f"{archive.settings.live_rtmp}/{archive.live.broadcasts.stream_key('so-1')}"


def port(archive: Archive) -> int:
    return int(archive.settings.live_rtmp.split(":")[2].split("/")[0])


def state(archive: Archive) -> OnAir:
    found = archive.live.broadcasts.broadcast("so-1")
    assert found is not None
    return found.state


def live_process(home: Path) -> int:
    """The process that holds the lock of the live intake."""
    lock = (home / "live/lock").stat()
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if fields[1] == "FLOCK" and fields[5].split(":")[2] == str(lock.st_ino):
            return int(fields[4])
    raise AssertionError("nothing takes in broadcasts")


def frames_of(archive: Archive, tmp_path: Path) -> int:
    """Pictures in the episode's recording, counted by decoding it."""
    recording = archive.catalogue.episode("so-1").recording
    assert recording is not None
    with archive.storage.local_path(archive.catalogue.recording(recording).storage_key) as file:
        command = [str(find_programs().ffprobe), "-v", "error", "-count_frames", "-select_streams", "v:0"]
        command += ["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(file)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(",")[0])


def test_an_hour_that_goes_wrong_ends_as_a_whole_recording(
    home: Path, archive: Archive, tmp_path: Path
) -> None:
    sent = 0
    with site(home, "--with-live", "--with-worker"):
        wait_for(port(archive))
        for number, seconds in enumerate((5.0, 6.5)):  # twice cut by the encoder
            encoder = Encoder(target(archive), tmp_path / f"{number}.log")
            until(lambda: encoder.frames > seconds * RATE, "the encoder sends")  # noqa: B023 - called at once
            encoder.cut()
            sent += encoder.frames
            until(lambda: state(archive) is OnAir.INTERRUPTED, "the broadcast is interrupted")
        encoder = Encoder(target(archive), tmp_path / "killed.log")
        until(lambda: encoder.frames > 5 * RATE, "the encoder sends")
        before = encoder.frames
        killed = live_process(home)
        os.kill(killed, signal.SIGKILL)
        encoder.cut()
        unsure = encoder.frames - before  # sent while it was killed
        until(lambda: not Path(f"/proc/{killed}").exists(), "the killed process is gone")
        sent += before
        wait_for(port(archive))
        encoder = Encoder(target(archive), tmp_path / "last.log", seconds=4)
        assert encoder.wait() == 0
        sent += 4 * RATE
        until(lambda: state(archive) is OnAir.INTERRUPTED, "the broadcast is interrupted")
        archive.live.broadcasts.end("so-1")
        until(lambda: archive.catalogue.episode("so-1").state is EpisodeState.PUBLISHED, "it is published")
        segments = archive.live.broadcasts.segments("so-1")
        assert [each.take for each in segments if each.discontinuity] == [1, 2, 3, 4]
        frames = frames_of(archive, tmp_path)
        assert sent - SEGMENT_FRAMES <= frames <= sent + unsure + SEGMENT_FRAMES
        whole = segments[-1].end
        recording = archive.catalogue.recording(archive.catalogue.episode("so-1").recording or "")
        assert abs(recording.info.duration - whole) < 0.1
        moment = moment_at(segments, 8.0)
        assert moment is not None
        assert abs(position_at(segments, moment) - 8.0) < 0.1
    found = archive.live.broadcasts.broadcast("so-1")
    assert found is not None
    assert list(archive.storage.list(found.folder))
    sweep_segments(archive, "")
    assert list(archive.storage.list(found.folder)) == [], "the recording is what is left"
    assert archive.live.broadcasts.segments("so-1") == []


@pytest.mark.browser
def test_workers_watch_while_the_encoder_comes_and_goes(
    home: Path, archive: Archive, tmp_path: Path
) -> None:
    with site(home, "--with-live") as address, browser() as chromium:
        wait_for(port(archive))
        encoder = Encoder(target(archive), tmp_path / "a.log")
        until(lambda: len(archive.live.broadcasts.segments("so-1", SOURCE)) > 2, "three segments are there")
        with closing(chromium.new_page()) as page:
            page.goto(f"{address}/episodes/so-1")
            page.locator("[data-begin]").click()
            page.wait_for_function(
                "() => document.querySelector('video').currentTime > 2", timeout=PATIENCE
            )
            encoder.cut()
            until(lambda: state(archive) is OnAir.INTERRUPTED, "the broadcast is interrupted")
            end = archive.live.broadcasts.segments("so-1")[-1].end
            time.sleep(3)  # not waiting for anything: so long is the line interrupted
            encoder = Encoder(target(archive), tmp_path / "b.log")
            page.wait_for_function(
                "(end) => document.querySelector('video').currentTime > end + 2", arg=end, timeout=PATIENCE
            )
            page.evaluate("() => { document.querySelector('video').currentTime = 0.5 }")
            page.wait_for_function(  # back to what was before the interruption
                "(end) => { const at = document.querySelector('video').currentTime; return 2 < at && at < end; }",
                arg=end,
                timeout=PATIENCE,
            )
            archive.live.broadcasts.end("so-1")
            encoder.wait()
            page.wait_for_function(
                "() => Number.isFinite(document.querySelector('video').duration)", timeout=PATIENCE
            )
            whole = archive.live.broadcasts.segments("so-1")[-1].end
            assert abs(page.evaluate("() => document.querySelector('video').duration") - whole) < 2.5

"""A broadcast by SRT: only with the passphrase, cut once, its recording whole. Needs an ffmpeg with SRT."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import read_settings
from media.archive.episodes import Episode, EpisodeState, Programme
from media.live.broadcast import OnAir
from media.live.srt_ports import srt_port
from tests.end_to_end.encoder import RATE, Encoder, free_port
from tests.end_to_end.serving import site
from tests.end_to_end.test_broadcast import frames_of, state
from tests.waiting import until

pytestmark = [pytest.mark.slow]
SEGMENT_FRAMES = 2 * RATE


def skip_without_srt() -> None:
    """Skips loudly where the system has no ffmpeg that knows SRT."""
    found = shutil.which("ffmpeg") or ""
    printed = subprocess.check_output([found, "-hide_banner", "-protocols"], text=True) if found else ""
    if "srt" not in printed.split():
        pytest.skip("SRT is NOT TESTED: there is no ffmpeg with it on PATH (Debian's has it).")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    skip_without_srt()
    monkeypatch.setenv("TUALAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUALAI_LIVE_RTMP", f"rtmp://127.0.0.1:{free_port()}/live")
    monkeypatch.setenv("TUALAI_LIVE_SRT", f"srt://127.0.0.1:{free_port()}")
    (tmp_path / "home").mkdir()
    with open_archive(read_settings()) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        opened.live.broadcasts.plan(Episode("so-1", "dh", "Số 1", date.today(), publish_when_ready=True))
        yield opened


def target(archive: Archive, key: str) -> str:
    broadcast = archive.live.broadcasts.broadcast("so-1")
    assert broadcast is not None
    port = srt_port(archive.settings.live_srt, broadcast)
    return f"srt://127.0.0.1:{port}?mode=caller&passphrase={key}&pbkeylen=16&connect_timeout=2000"


def on_air(archive: Archive, key: str, log: Path, seconds: float = 600) -> Encoder:
    """An encoder that is let in; it tries until something listens."""
    tries: list[Encoder] = []

    def let_in() -> bool:
        if not tries or tries[-1].ended:
            tries.append(Encoder(target(archive, key), log, seconds=seconds))
        return tries[-1].frames > 0

    until(let_in, "the encoder was let in")
    return tries[-1]


def test_a_broadcast_by_srt(archive: Archive, tmp_path: Path) -> None:
    key = archive.live.broadcasts.stream_key("so-1")
    with site(tmp_path / "home", "--with-live", "--with-worker"):
        encoder = on_air(archive, key, tmp_path / "a.log")
        until(lambda: encoder.frames > 6 * RATE, "the encoder sends")
        encoder.cut()
        sent = encoder.frames
        until(lambda: state(archive) is OnAir.INTERRUPTED, "the broadcast is interrupted")

        stranger = Encoder(
            target(archive, "aaaa-bbbb-cccc-dddd-eeee"), tmp_path / "stranger.log", seconds=5
        )
        assert stranger.wait() != 0
        assert state(archive) is OnAir.INTERRUPTED

        encoder = on_air(archive, key, tmp_path / "b.log", seconds=6)
        assert encoder.wait() == 0
        sent += 6 * RATE
        until(lambda: state(archive) is OnAir.INTERRUPTED, "the broadcast is interrupted")
        archive.live.broadcasts.end("so-1")
        until(lambda: archive.catalogue.episode("so-1").state is EpisodeState.PUBLISHED, "it is published")
    segments = archive.live.broadcasts.segments("so-1")
    assert [each.take for each in segments if each.discontinuity] == [1, 2]
    frames = frames_of(archive, tmp_path)
    assert sent - 2 * SEGMENT_FRAMES <= frames <= sent + SEGMENT_FRAMES
    recording = archive.catalogue.recording(archive.catalogue.episode("so-1").recording or "")
    assert abs(recording.info.duration - segments[-1].end) < 0.1

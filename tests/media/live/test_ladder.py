from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from media.live.broadcast import AUDIO as SOUND
from media.live.broadcast import SOURCE, LiveSegment
from media.live.containers.flv import AUDIO, VIDEO
from media.live.ladder import plan_rung, to_give_up
from media.live.meter import Meter
from media.probing.media_info import VideoInfo
from tests.media.live.streams import BEGIN, broadcast, picture


def video(width: int, height: int) -> VideoInfo:
    return VideoInfo(0, "h264", width, height, 30.0, "yuv420p")


@pytest.mark.parametrize(
    ("size", "cores", "keyframes", "kbps", "expected"),
    [
        ((1920, 1080), 1, 2.0, 3000, None),
        ((1920, 1080), 2, 2.0, 3000, "480p"),
        ((1280, 720), 4, 2.0, 2000, "480p"),
        ((640, 360), 2, 2.0, 800, "240p"),
        ((320, 240), 2, 2.0, 300, None),
        ((720, 1280), 2, 2.0, 2000, "480p"),
        ((1920, 1080), 1, 8.3, 3000, "480p"),  # OBS left at its own keyframes
        ((1920, 1080), 2, 2.0, 15_000, "720p"),
        ((640, 360), 2, 10.0, 800, "360p"),
    ],
)
def test_the_ladder_fits_the_machine(
    size: tuple[int, int], cores: int, keyframes: float, kbps: float, expected: str | None
) -> None:
    rung = plan_rung(video(*size), cores=cores, keyframes=keyframes, kbps=kbps)
    assert (rung.name if rung else None) == expected
    if rung:
        assert rung.width % 2 == rung.height % 2 == 0
        assert rung.width <= size[0]


def test_room_is_made_from_the_lower_rung_then_the_sound_never_the_source() -> None:
    def some(name: str, removed: bool = False) -> list[LiveSegment]:
        return [LiveSegment("a", name, n, 1, 2.0 * n, 2.0, BEGIN, removed=removed) for n in range(100)]

    kept = {SOURCE: some(SOURCE), SOUND: some(SOUND), "480p": some("480p")}
    name, segments = to_give_up(kept, 100, 200)
    assert (name, [each.number for each in segments][:2]) == ("480p", [0, 1])
    assert to_give_up(kept | {"480p": some("480p", removed=True)}, 100, 200)[0] == SOUND
    assert to_give_up({SOURCE: some(SOURCE)}, 0, 200) == ("", [])
    assert to_give_up(kept, 300, 200) == ("", [])
    assert to_give_up(kept, None, 200) == ("", [])


def test_the_meter_tells_rates_lost_frames_and_lateness() -> None:
    meter = Meter()
    for tag, at in broadcast(12.0, keyframes=2.0):
        meter.count(tag, at)
    assert meter.frame_rate == 25.0
    assert meter.keyframes == 2.0
    assert meter.dropped == 0
    assert 35 < meter.kbps(VIDEO) < 45
    assert 12 < meter.kbps(AUDIO) < 18
    assert meter.delay < 0.05
    end = datetime.fromtimestamp(BEGIN.timestamp() + 12)
    meter.count(picture(12_200, False), end + timedelta(seconds=3.2))
    assert meter.dropped == 5
    assert 2.9 < meter.delay < 3.1

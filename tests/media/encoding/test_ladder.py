from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Rendition, RenditionKind
from media.encoding.ladder import frame_rate, plan_ladder, video_cap, video_rungs
from media.encoding.remux import can_remux
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo

VIDEO = VideoInfo(0, "h264", 1920, 1080, 30.0, "yuv420p", profile="High", level=40)
AUDIO = AudioInfo(1, "aac", 48_000, 2, "LC")
INFO = MediaInfo("mov", 3600.0, 2_000_000, VIDEO, AUDIO)


def sized(width: int, height: int, rate: float = 30.0) -> MediaInfo:
    return replace(INFO, video=replace(VIDEO, width=width, height=height, frame_rate=rate))


def source(average: int) -> Rendition:
    return Rendition("source", RenditionKind.SOURCE, "source/index.m3u8", 1920, 1080, average, average)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (3840, 2160, [(1920, 1080), (1280, 720), (854, 480), (426, 240)]),
        (1920, 1080, [(1920, 1080), (1280, 720), (854, 480), (426, 240)]),
        (1080, 1920, [(1080, 1920), (720, 1280), (480, 854), (240, 426)]),
        (1280, 720, [(1280, 720), (854, 480), (426, 240)]),
        (1600, 900, [(1600, 900), (1280, 720), (854, 480), (426, 240)]),
        (1024, 576, [(854, 480), (426, 240)]),
        (640, 360, [(640, 360), (426, 240)]),
        (320, 180, [(320, 180)]),
        (321, 241, [(320, 240)]),
        (16, 4000, [(16, 4000)]),
        (1, 1, [(2, 2)]),
        (8192, 1080, [(4096, 540), (4096, 540), (3640, 480), (1820, 240)]),
    ],
)
def test_sizes(width: int, height: int, expected: list[tuple[int, int]]) -> None:
    sizes = [(rung.width, rung.height) for rung in video_rungs(sized(width, height))]
    assert sizes == list(dict.fromkeys(expected))


@given(st.integers(1, 8192), st.integers(1, 8192))
def test_never_above_the_source_and_always_even(width: int, height: int) -> None:
    rungs = video_rungs(sized(width, height))
    assert rungs
    for rung in rungs:
        assert rung.width <= max(2, width) and rung.height <= max(2, height)
        assert rung.width % 2 == rung.height % 2 == 0
        assert 0 < rung.video_kbps <= 1500
    assert len({rung.name for rung in rungs}) == len(rungs)
    assert sorted((r.width * r.height for r in rungs), reverse=True) == [r.width * r.height for r in rungs]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(25, 25), (30, 30), (29.97, 29.97), (50, 25), (60, 30), (59.94, 29.97), (48, 24), (120, 30), (240, 30), (10, 10), (0.2, 1)],
)  # fmt: skip
def test_frame_rate(rate: float, expected: float) -> None:
    assert frame_rate(replace(VIDEO, frame_rate=rate)) == pytest.approx(expected)


def test_variable_frame_rates_become_constant() -> None:
    assert frame_rate(replace(VIDEO, frame_rate=17.9, variable_frame_rate=True)) == 25
    assert frame_rate(replace(VIDEO, frame_rate=29.4, variable_frame_rate=True)) == 30


def test_caps_grow_with_size() -> None:
    caps = [video_cap(side) for side in (90, 180, 240, 360, 480, 576, 720, 900, 1080)]
    assert caps == sorted(caps)
    assert video_cap(720) == 800 and video_cap(1080) == 1500


def test_a_source_that_cannot_be_remuxed_gets_an_early_rung() -> None:
    plan = plan_ladder(INFO, 0.0, None)
    assert plan.first and plan.first.name == "480p"
    assert [rung.name for rung in plan.rest] == ["1080p", "720p", "240p", "audio"]
    assert [rung.name for rung in plan.rungs] == ["1080p", "720p", "480p", "240p", "audio"]
    assert not plan.keep_source


@pytest.mark.parametrize(
    ("average", "gain", "kept"),
    [(1_500_000, 0.0, True), (2_300_000, 2.0, True), (2_400_000, 0.0, False), (1_000_000, 2.1, False), (1_000_000, -3.0, False)],
)  # fmt: skip
def test_the_remuxed_source_stays_when_it_fits(average: int, gain: float, kept: bool) -> None:
    plan = plan_ladder(INFO, gain, source(average))
    assert plan.keep_source is kept and plan.first is None
    assert ("1080p" in {rung.name for rung in plan.rest}) is not kept


def test_gain_does_not_matter_without_sound() -> None:
    plan = plan_ladder(replace(INFO, audio=None), 9.0, source(1_000_000))
    assert plan.keep_source
    assert [(rung.name, rung.audio_kbps) for rung in plan.rest] == [("720p", 0), ("480p", 0), ("240p", 0)]


def test_sound_only() -> None:
    plan = plan_ladder(replace(INFO, video=None), 0.0, None)
    assert plan.first and plan.first.name == "audio" and plan.first.height == 0 and plan.rest == ()
    assert plan_ladder(replace(INFO, video=None), 0.0, source(48_000)).rest[0].name == "audio"


def test_a_tall_only_source_is_early_in_its_smallest_rung() -> None:
    plan = plan_ladder(replace(sized(640, 360), audio=None), 0.0, None)
    assert plan.first and plan.first.name == "360p"


@pytest.mark.parametrize(
    ("video", "audio", "fit"),
    [
        ({}, {}, True),
        ({}, None, True),
        (None, {}, True),
        ({"codec": "hevc"}, {}, False),
        ({"profile": "High 10", "pixel_format": "yuv420p10le", "bit_depth": 10}, {}, False),
        ({"pixel_format": "yuv444p"}, {}, False),
        ({"interlaced": True}, {}, False),
        ({"rotation": 90}, {}, False),
        ({"square_pixels": False}, {}, False),
        ({"frame_rate": 120.0}, {}, False),
        ({"frame_rate": 0.2}, {}, False),
        ({"width": 321}, {}, False),
        ({"width": 7680, "height": 4320}, {}, False),
        ({"level": 0}, {}, False),
        ({"variable_frame_rate": True}, {}, True),
        ({}, {"codec": "mp3"}, False),
        ({}, {"profile": "HE-AAC"}, False),
        ({}, {"channels": 6}, False),
        ({}, {"sample_rate": 96_000}, False),
        (None, None, False),
    ],
)
def test_can_remux(video: dict[str, object] | None, audio: dict[str, object] | None, fit: bool) -> None:
    info = replace(
        INFO,
        video=None if video is None else replace(VIDEO, **video),  # type: ignore[arg-type]
        audio=None if audio is None else replace(AUDIO, **audio),  # type: ignore[arg-type]
    )
    assert can_remux(info) is fit

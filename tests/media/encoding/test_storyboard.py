from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.encoding.storyboard import layout, vtt
from media.probing.media_info import VideoInfo


def video(width: int = 1920, height: int = 1080) -> VideoInfo:
    return VideoInfo(0, "h264", width, height, 25.0, "yuv420p")


@pytest.mark.parametrize(
    ("width", "height", "duration", "size", "interval", "tiles", "sheets"),
    [
        (1920, 1080, 60, (160, 90), 5.0, 12, 1),
        (1080, 1920, 60, (90, 160), 5.0, 12, 1),
        (1920, 1080, 125, (160, 90), 5.0, 25, 1),
        (1920, 1080, 126, (160, 90), 5.0, 26, 2),
        (1920, 1080, 7200, (160, 90), 10.0, 720, 29),
        (64, 48, 0.1, (160, 120), 5.0, 1, 1),
        (16, 4000, 1, (2, 160), 5.0, 1, 1),
    ],
)
def test_layout(
    width: int,
    height: int,
    duration: float,
    size: tuple[int, int],
    interval: float,
    tiles: int,
    sheets: int,
) -> None:
    plan = layout(video(width, height), duration)
    assert (plan.width, plan.height) == size
    assert (plan.interval, plan.tiles, plan.sheets) == (interval, tiles, sheets)


def test_vtt() -> None:
    text = vtt(layout(video(), 131.5), 131.5)
    cues = text.split("\n\n")
    assert cues[0] == "WEBVTT"
    assert cues[1] == "00:00:00.000 --> 00:00:05.000\nsheet_0000.jpg#xywh=0,0,160,90"
    assert cues[7] == "00:00:30.000 --> 00:00:35.000\nsheet_0000.jpg#xywh=160,90,160,90"
    assert cues[26] == "00:02:05.000 --> 00:02:10.000\nsheet_0001.jpg#xywh=0,0,160,90"
    assert cues[27] == "00:02:10.000 --> 00:02:11.500\nsheet_0001.jpg#xywh=160,0,160,90\n"


@given(st.floats(0.001, 4_000))
def test_cues_cover_the_recording_without_gaps(duration: float) -> None:
    text = vtt(layout(video(), duration), duration)
    times = re.findall(r"(\S+) --> (\S+)", text)
    assert [end for _, end in times[:-1]] == [start for start, _ in times[1:]]
    assert all(start < end for start, end in times)

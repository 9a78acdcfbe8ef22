"""The waveform: levels read from ffmpeg's log, silences, the file; and a real recording's."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from media.ffmpeg.encoder import FfmpegEncoder
from media.probing.peaks import parse_levels, silences, waveform_json
from media.progress import silent
from tests.media.conftest import Make, picture


def test_levels_are_read_and_bounded() -> None:
    log = "\n".join(
        f"frame:0 pts:0\nlavfi.astats.Overall.RMS_level={level}"
        for level in ("-12.5", "-inf", "nan", "-90", "3")
    )
    assert parse_levels(log) == [-12.5, -60, -60, -60, 0]
    assert parse_levels("nothing") == []


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ([], []),
        ([-60.0] * 5, [(0.0, 0.5)]),
        ([-15.0] * 10 + [-50.0] * 3 + [-15.0] * 10, [(1.0, 1.3)]),
        ([-15.0] * 10 + [-50.0] * 2 + [-15.0] * 10, []),
        ([-15.0] * 10 + [-30.0] * 5 + [-15.0] * 10, []),
        ([-15.0] * 10 + [-60.0] * 4, [(1.0, 1.4)]),
    ],
)
def test_silences_are_quieter_than_the_speech_for_long_enough(
    levels: list[float], found: list[tuple[float, float]]
) -> None:
    assert silences(levels) == found


def test_the_file_holds_a_byte_for_each_tenth() -> None:
    value = json.loads(waveform_json([-60.0, -30.0, 0.0]))
    assert list(base64.b64decode(value["peaks"])) == [0, 128, 255] and value["per_second"] == 10


def test_a_recordings_waveform_shows_where_it_is_quiet(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path
) -> None:
    tone = "sine=f=300:r=8000:d=4,volume='if(between(t,1,2),0.0005,0.5)':eval=frame"
    path = make("quiet-between.wav", "-f", "lavfi", "-i", tone)
    made = encoder.waveform(path, encoder.probe(path), tmp_path, silent)
    assert made is not None and [each.name for each in tmp_path.iterdir()] == [made.path]
    value = json.loads((tmp_path / made.path).read_text())
    peaks = base64.b64decode(value["peaks"])
    assert len(peaks) == 40 and peaks[15] < peaks[5] / 2
    assert len(value["silences"]) == 1
    start, end = value["silences"][0]
    assert start == pytest.approx(1, abs=0.11) and end == pytest.approx(2, abs=0.11)


def test_pictures_without_sound_have_no_waveform(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path
) -> None:
    path = make("silent.mp4", *picture(seconds=1), "-an")
    assert encoder.waveform(path, encoder.probe(path), tmp_path, silent) is None
    assert list(tmp_path.iterdir()) == []

"""Chunks joined without a seam: every frame once and in its place, keyframes where segments begin."""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path

import pytest

from media.encoding.chunks import Chunk, plan_chunks
from media.encoding.ladder import Rung, frame_rate
from media.ffmpeg.encoder import FfmpegEncoder
from media.hls.playlist import parse_segments
from media.progress import silent
from tests.media.conftest import AAC, H264, Make, sound

RUNG = Rung("64p", 64, 64, 25.0, 400, 48)
# Every frame has a grey of its own among 20 neighbours, which encoding does not blur.
NUMBERED = "color=size=64x64:rate={rate}:duration={seconds},geq=lum='20+mod(N*53\\,200)':cb=128:cr=128"

OPEN = ("-c:v", "libx264", "-g", "90", "-x264-params", "open-gop=1:bframes=3")


def numbered(rate: str, seconds: float) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", NUMBERED.format(rate=rate, seconds=seconds))


def greys(encoder: FfmpegEncoder, path: Path) -> list[int]:
    """The middle grey of every frame, in their order."""
    command = [
        str(encoder.programs.ffmpeg),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:v",
        "-fps_mode",
        "passthrough",
    ]
    command += ["-vf", "scale=1:1:flags=area,format=gray", "-f", "rawvideo", "-"]
    return list(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)


def in_chunks(encoder: FfmpegEncoder, source: Path, folder: Path, seconds: int) -> tuple[Path, int]:
    """The playlist of a rung encoded in chunks of so many seconds, and how many there were."""
    info = encoder.probe(source)
    assert info.video
    rate = frame_rate(info.video)
    rung = Rung("64p", 64, 64, rate, 400, 48)
    made = []
    chunks = plan_chunks(info, rate, seconds)
    for number, chunk in enumerate(chunks):
        place = folder / str(number)
        place.mkdir()
        made += [(chunk, path) for path in encoder.encode_chunk(source, info, [rung], chunk, place, silent)]
    heard = folder / "sound.mp4"
    encoder.encode_sound(source, info, 0.0, heard, silent)
    return folder / encoder.join(rung, made, heard, folder, silent).path, len(chunks)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rate", "codec"),
    [
        ("ntsc.mp4", "30000/1001", H264),
        ("25.mp4", "25", H264),
        ("late.mkv", "24", (*H264, "-output_ts_offset", "1.4")),
        ("open.mp4", "25", OPEN),
    ],
)
def test_every_frame_once(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path, name: str, rate: str, codec: tuple[str, ...]
) -> None:
    source = make(f"numbered-{name}", *numbered(rate, 21), *sound(21), *codec, *AAC)
    playlist, count = in_chunks(encoder, source, tmp_path, 8)
    assert count == 3
    expected, found = greys(encoder, source), greys(encoder, playlist)
    assert len(found) == len(expected)
    assert [n for n, (a, b) in enumerate(zip(expected, found, strict=True)) if abs(a - b) > 12] == []
    lengths = [part.seconds for part in parse_segments(playlist.read_text())]
    assert [round(each) for each in lengths[:-1]] == [4] * 5 and sum(lengths) == pytest.approx(21, abs=0.1)


@pytest.mark.slow
def test_a_picture_that_rarely_changes_is_held_over_borders(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path
) -> None:
    slides = ("-vf", "select='not(mod(n,225))'", "-fps_mode", "vfr")  # one every nine seconds
    source = make("slides.mkv", *numbered("25", 27), *sound(27), *slides, *H264, *AAC)
    playlist, count = in_chunks(encoder, source, tmp_path, 8)
    found = greys(encoder, playlist)
    assert count == 3
    changes = [n for n in range(1, len(found)) if abs(found[n] - found[n - 1]) > 12]
    assert changes == [225, 450] or changes == [270, 540]  # at 25 or 30 frames a second


@pytest.mark.slow
def test_packets_follow_each_other_evenly(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    source = make("numbered-ntsc.mp4", *numbered("30000/1001", 21), *sound(21), *H264, *AAC)
    playlist, _ = in_chunks(encoder, source, tmp_path, 8)
    command = [str(encoder.programs.ffprobe), "-v", "error", "-select_streams", "v", "-of", "json"]
    printed = subprocess.run(
        [*command, "-show_entries", "packet=pts,dts", str(playlist)],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    packets = json.loads(printed)["packets"]
    shown = sorted(int(packet["pts"]) for packet in packets)
    decoded = [int(packet["dts"]) for packet in packets]
    steps = {b - a for a, b in itertools.pairwise(shown)}
    assert len(steps) == 1
    assert all(a < b for a, b in itertools.pairwise(decoded))


def test_a_chunk_behind_the_picture_is_nothing(encoder: FfmpegEncoder, talk: Path, tmp_path: Path) -> None:
    assert encoder.encode_chunk(talk, encoder.probe(talk), [RUNG], Chunk(2000), tmp_path, silent) == []

"""One recording of takes that are alike, and of takes that are not."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from media.ffmpeg.encoder import FfmpegEncoder
from media.ffmpeg.live_joining import SessionPart, join
from media.ffmpeg.programs import find_programs
from media.live.containers.flv import FlvReader
from media.live.segmenter import MediaSegmenter
from media.progress import silent
from tests.media.live.streams import BEGIN

pytestmark = [pytest.mark.slow]


def take(folder: Path, name: str, base: float, size: str, seconds: float) -> SessionPart:
    """A take as it is stored: an initialisation section and segments, on the broadcast's clock."""
    flv = folder / f"{name}.flv"
    command = [
        str(find_programs().ffmpeg),
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        f"testsrc2=s={size}:r=25",
    ]
    command += ["-f", "lavfi", "-i", "sine=440:r=48000", "-t", str(seconds), "-c:v", "libx264", "-bf", "2"]
    command += ["-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", str(flv)]
    subprocess.run(command, check=True)
    segmenter = MediaSegmenter(base, 0, 2.0)
    cuts = [cut for tag in FlvReader().feed(flv.read_bytes()) if (cut := segmenter.feed(tag, BEGIN))]
    last = segmenter.finish()
    assert last is not None
    assert segmenter.config is not None
    init = segmenter.config.init()
    file = folder / f"{name}.mp4"
    file.write_bytes(init + b"".join(cut.whole for cut in [*cuts, last]))
    duration = last.start + last.duration - base
    return SessionPart(file, hashlib.sha256(init).hexdigest(), base, duration, FfmpegEncoder().probe(file))


def frames(file: Path) -> int:
    command = [str(find_programs().ffprobe), "-v", "error", "-count_frames", "-select_streams", "v:0"]
    command += ["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(file)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(",")[0])


def test_a_part_alone_is_copied_and_always_the_same_file(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        made.append(join(find_programs(), [take(folder, "a", 0.0, "320x180", 5)], folder, silent))
    assert frames(made[0]) == 125
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_part_of_another_size_is_fitted_in(tmp_path: Path) -> None:
    first = take(tmp_path, "a", 0.0, "320x180", 5)
    second = take(tmp_path, "b", first.duration, "180x320", 4)
    third = take(tmp_path, "c", first.duration + second.duration, "320x180", 3)
    whole = first.duration + second.duration + third.duration
    info = FfmpegEncoder().probe(join(find_programs(), [first, second, third], tmp_path, silent))
    assert info.video is not None
    assert (info.video.width, info.video.height) == (320, 180)
    assert abs(info.duration - whole) < 0.1
    assert abs(frames(tmp_path / "recording.mp4") - 300) <= 3

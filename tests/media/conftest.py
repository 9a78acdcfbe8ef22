"""Small recordings made by ffmpeg itself."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from media.ffmpeg.encoder import FfmpegEncoder

SHARED = Path(__file__).parents[2].parent / "shared/data/video"
Make = Callable[..., Path]


@pytest.fixture(scope="session")
def encoder() -> FfmpegEncoder:
    return FfmpegEncoder()


@pytest.fixture(scope="session")
def make(encoder: FfmpegEncoder, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a recording once by its options: `make("a.mp4", "-f", "lavfi", …)`."""
    folder = tmp_path_factory.mktemp("recordings")

    def made(name: str, *options: str) -> Path:
        path = folder / name
        if not path.exists():
            command = [str(encoder.programs.ffmpeg), "-nostdin", "-loglevel", "error", "-y", *options]
            subprocess.run([*command, f"file:{path}"], check=True, timeout=60)
        return path

    return made


def picture(size: str = "320x240", rate: str = "25", seconds: float = 9) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}")


def sound(seconds: float = 9, level: float = 0.1) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds},volume={level * 8}")


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50")
AAC = ("-c:a", "aac", "-b:a", "64k", "-ac", "2")


@pytest.fixture(scope="session")
def talk(make: Make) -> Path:
    """Nine seconds of H.264 and AAC, keyframes every two seconds."""
    return make("talk.mp4", *picture(), *sound(), *H264, *AAC)

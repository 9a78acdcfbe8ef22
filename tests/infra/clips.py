"""Small recordings made by the real ffmpeg."""

from __future__ import annotations

import subprocess
from pathlib import Path

from media.ffmpeg.programs import find_programs

QUESTIONS_SRT = """1
00:00:00,200 --> 00:00:02,500
Câu hỏi tiếp theo của chị L., công nhân may.

2
00:00:02,600 --> 00:00:05,000
Cho tôi hỏi nghỉ thai sản được bao lâu?

3
00:00:05,100 --> 00:00:07,500
Xin mời bà N., Bảo hiểm xã hội tỉnh, trả lời.

4
00:00:07,600 --> 00:00:11,500
Dạ, chị được nghỉ sáu tháng.
"""


def make_clip(target: Path, seconds: float = 12.0, *, codec: str = "libx264", sound: bool = True) -> Path:
    """A test picture of 640×360 with a tone, keyframes every two seconds."""
    inputs = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25:duration={seconds}"]
    streams = ["-c:v", codec, "-pix_fmt", "yuv420p", "-g", "50", "-preset", "ultrafast"]
    if sound:
        inputs += ["-f", "lavfi", "-i", f"sine=frequency=330:sample_rate=44100:duration={seconds}"]
        streams += ["-c:a", "aac", "-b:a", "64k", "-shortest"]
    command = [str(find_programs().ffmpeg), "-y", "-loglevel", "error", *inputs, *streams, str(target)]
    subprocess.run(command, check=True, timeout=120)
    return target


def make_captions(target: Path) -> Path:
    """Captions with one question and its answer."""
    target.write_text(QUESTIONS_SRT, "utf-8")
    return target

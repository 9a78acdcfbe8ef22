"""ffmpeg as the encoder of a broadcast."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

from media.ffmpeg.programs import find_programs
from tests.waiting import PATIENCE_SECONDS, until

RATE = 30


class Encoder:
    """Sends test pictures and a tone in real time: by RTMP, or by SRT when the target begins so."""

    def __init__(
        self, target: str, log: Path, *, seconds: float = 600, size: str = "320x180", keyframes: float = 2.0
    ) -> None:
        form, program = "flv", str(find_programs().ffmpeg)
        if target.startswith("srt:"):
            form, program = "mpegts", shutil.which("ffmpeg") or program
        self._log = log
        command = [
            *(program, "-nostdin", "-loglevel", "error", "-nostats"),
            *("-progress", str(log), "-stats_period", "0.1"),
            *("-re", "-f", "lavfi", "-i", f"testsrc2=s={size}:r={RATE}"),
            *("-f", "lavfi", "-i", "sine=440:r=48000", "-t", str(seconds), "-c:v", "libx264", "-pix_fmt"),
            *("yuv420p", "-preset", "ultrafast", "-tune", "zerolatency", "-g", str(round(keyframes * RATE))),
            *("-b:v", "600k", "-c:a", "aac", "-f", form, target),
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def wait(self) -> int:
        """Until all is sent, or the server is gone."""
        return self._process.wait(timeout=PATIENCE_SECONDS)

    def cut(self) -> None:
        """As when the power fails."""
        self._process.kill()
        self._process.wait()

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def frames(self) -> int:
        """Pictures that were sent."""
        found = (
            re.findall(r"^frame=(\d+)", self._log.read_text(), re.MULTILINE) if self._log.exists() else []
        )
        return int(found[-1]) if found else 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Until something listens there."""

    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    until(listens, f"something listened on {port}")

"""A lower rung of a broadcast while it comes in: the source's tags go into one ffmpeg, the rung's come out."""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from media.errors import ArchiveError
from media.live.containers.flv import HEADER, FlvReader, Tag
from media.live.ladder import LiveRung
from media.live.segmenter import Broken
from media.process.child import CONFINE, ENVIRONMENT

log = logging.getLogger("tualai.live")

MEMORY_BYTES = 3 << 30
MOST_WAITING = 16 << 20
"""Bytes of the source that wait to be encoded; with more the machine is too slow, and the rung is given up."""


class LiveRungEncoder:
    """Feeds one ffmpeg, and calls `made` in a thread with each tag that comes out; timestamps stay as they are."""

    def __init__(
        self,
        ffmpeg: str,
        rung: LiveRung,
        seconds: float,
        made: Callable[[Tag], None],
        done: Callable[[], None],
    ) -> None:
        self.rung = rung
        self._made, self._done = made, done
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self.given_up = False
        bounds = [str(os.getpid()), str(MEMORY_BYTES), "-1", "0"]
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(CONFINE), *bounds, *_command(ffmpeg, rung, seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
        self._queue.put(HEADER)
        self._reader = threading.Thread(target=self._read, name="live-rung-out", daemon=True)
        self._reader.start()
        threading.Thread(target=self._write, name="live-rung-in", daemon=True).start()

    def feed(self, tag: Tag) -> None:
        """A tag of the source. Never waits: who is too slow is given up."""
        if self.given_up:
            return
        data = bytes(tag)
        with self._lock:
            self._waiting += len(data)
            late = self._waiting > MOST_WAITING
        if late:
            log.warning("the rung %s is given up: this machine is too slow for it", self.rung.name)
            self.stop()
        else:
            self._queue.put(data)

    def finish(self, seconds: float = 5.0) -> None:
        """No more comes: let what is inside come out, for so long at most."""
        self._queue.put(None)
        self._reader.join(timeout=seconds)
        self.stop()

    def stop(self) -> None:
        """End it at once."""
        self.given_up = True
        self._queue.put(None)
        if self._child.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def _write(self) -> None:
        assert self._child.stdin is not None  # noqa: S101 - a pipe
        with suppress(OSError):
            while (data := self._queue.get()) is not None:
                self._child.stdin.write(data)
                self._child.stdin.flush()
                with self._lock:
                    self._waiting -= len(data)
            self._child.stdin.close()

    def _read(self) -> None:
        assert self._child.stdout is not None  # noqa: S101 - a pipe
        reader = FlvReader()
        try:
            while data := os.read(self._child.stdout.fileno(), 1 << 16):
                for tag in reader.feed(data):
                    self._made(tag)
        except (ArchiveError, Broken, OSError, ValueError) as error:
            log.warning("the rung %s has ended: %s", self.rung.name, error)
        finally:
            self.given_up = True
            self._done()


def _command(ffmpeg: str, rung: LiveRung, seconds: float) -> list[str]:
    return [
        *(ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe"),
        *("-probesize", "200000", "-analyzeduration", "1000000", "-f", "flv"),
        *("-copyts", "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0?"),
        *("-vf", f"scale={rung.width}:{rung.height}", "-c:v", "libx264", "-preset", "veryfast"),
        *("-tune", "zerolatency", "-pix_fmt", "yuv420p", "-crf", "25", "-maxrate", f"{rung.kbps}k"),
        *("-bufsize", f"{2 * rung.kbps}k", "-sc_threshold", "0", "-threads:v", "1", "-c:a", "copy"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{seconds:g})", "-fps_mode", "passthrough"),
        *("-f", "flv", "-flvflags", "no_duration_filesize", "-flush_packets", "1", "pipe:1"),
    ]

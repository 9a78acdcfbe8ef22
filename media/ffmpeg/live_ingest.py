"""The `LiveIntake` port on ffmpeg: SRT listeners, one for each broadcast, and a media server in front.

ffmpeg only unpacks: it hands over FLV on its standard output, which goes the same way as what RTMP brings.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from media.errors import ArchiveError
from media.live.containers.flv import FlvReader
from media.live.ingest_port import IngestGate
from media.process.child import CONFINE, ENVIRONMENT

log = logging.getLogger("tualai.live")

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 3.0
MEMORY_BYTES = 2 << 30
READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be fetched: ffmpeg's options of its input, and the stream key it is let in by."""

    key: str
    name: str
    options: tuple[str, ...]


class FfmpegIntake:
    """Implements `LiveIntake` on whatever `wanted` says is to be fetched now; asked every second, in a thread."""

    def __init__(self, ffmpeg: str, wanted: Callable[[], Iterable[Line]]) -> None:
        self._ffmpeg, self._wanted = ffmpeg, wanted

    async def serve(self, gate: IngestGate) -> None:
        """See `LiveIntake.serve`."""
        running: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                lines = {each.key: each for each in await asyncio.to_thread(lambda: list(self._wanted()))}
                for key in [key for key, task in running.items() if task.done() or key not in lines]:
                    running.pop(key).cancel()
                for key in lines.keys() - running.keys():
                    running[key] = asyncio.create_task(self._carry(lines[key], gate))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for task in running.values():
                task.cancel()
            await asyncio.gather(*running.values(), return_exceptions=True)

    async def _carry(self, line: Line, gate: IngestGate) -> None:
        """One run of ffmpeg; a sink is asked for when the first media comes."""
        command = [self._ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", *line.options]
        command += ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-copyts", "-f", "flv"]
        command += ["-flvflags", "no_duration_filesize", "-flush_packets", "1", "pipe:1"]
        child = await asyncio.create_subprocess_exec(
            *_confined(command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
        try:
            await self._hand_over(line, gate, child)
        except ArchiveError as error:
            log.warning("%s: %s", line.name, error)
        finally:
            _kill(child)
            await child.wait()
        await asyncio.sleep(AGAIN_SECONDS)

    async def _hand_over(self, line: Line, gate: IngestGate, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None  # noqa: S101 - a pipe
        reader = FlvReader()
        first = await child.stdout.read(READ_BYTES)
        if not first:
            return
        sink = await gate.admit(line.key, line.name, lambda: _kill(child))
        try:
            while first:
                for tag in reader.feed(first):
                    await sink.feed(tag)
                first = await child.stdout.read(READ_BYTES)
        finally:
            await asyncio.shield(sink.close())


def srt_options(host: str, port: int, key: str) -> tuple[str, ...]:
    """ffmpeg's input options of a listener that only lets in who knows the passphrase."""
    address = f"srt://{host}:{port}?mode=listener&passphrase={key}&pbkeylen=16&latency=500000"
    return ("-protocol_whitelist", "srt,udp", "-f", "mpegts", "-i", address)


def pull_options(server: str, key: str) -> tuple[str, ...]:
    """ffmpeg's input options for fetching from a media server, such as rtmp://127.0.0.1:1936/live."""
    address = f"{server.rstrip('/')}/{key}"
    return ("-protocol_whitelist", "rtmp,tcp", "-rw_timeout", "15000000", "-i", address)


def _confined(command: Sequence[str]) -> list[str]:
    bounds = [str(os.getpid()), str(MEMORY_BYTES), "-1", "0"]  # however long it is; it writes no file
    return [sys.executable, "-I", "-S", str(CONFINE), *bounds, *command]


def _kill(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

"""`tualai live`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from infra.commands.output.printing import archive, say

if TYPE_CHECKING:
    from infra.live.process import LiveIngestGate
    from media.live.ingest_port import LiveIntake


def add_to(app: typer.Typer) -> None:
    app.command()(live)


def live() -> None:
    """Take in broadcasts until told to stop (SIGTERM, Ctrl+C)."""
    from infra.assembly.engines import make_intakes, rung_encoder
    from infra.live.process import LiveIngestGate, only_one, recover
    from infra.live.segment_writer import LiveContext, cores
    from infra.monitoring.logs import set_up_logs

    with archive() as opened:
        settings = opened.settings
        set_up_logs(settings)
        folder = settings.home / "live"
        with only_one(folder):
            ffmpeg = rung_encoder(settings)
            context = LiveContext(opened.live.broadcasts, opened.storage, folder, ffmpeg, cores())
            recover(context)
            intakes = make_intakes(settings, opened.live.broadcasts)
            ways = " and ".join(filter(None, (settings.live_rtmp, settings.live_srt, settings.live_pull)))
            say(f"Broadcasts are taken in by {ways} (Ctrl+C stops it).")
            gate = LiveIngestGate(context, timedelta(minutes=settings.live_end_after))
            asyncio.run(_until_told(gate, intakes))


async def _until_told(gate: LiveIngestGate, intakes: Sequence[LiveIntake]) -> None:
    from infra.live.process import run

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(gate, intakes, stop)

"""Which broadcasts ffmpeg is to fetch: from a media server in front, or by SRT."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta

from infra.configuration.settings import Settings
from media.errors import InvalidInput
from media.ffmpeg.live_ingest import Line, pull_options, srt_options
from media.ffmpeg.programs import Programs
from media.live.broadcast import Broadcast, Origin
from media.live.broadcast_store import Broadcasts
from media.live.journal import utc_now
from media.live.srt_ports import srt_place, srt_port
from media.process.child import ChildFailed, ChildLimits, output_of

log = logging.getLogger("tualai.live")

EXPECTED = timedelta(seconds=60)
_ASK = ChildLimits(wall_seconds=20, stall_seconds=20)


def lines(settings: Settings, broadcasts: Broadcasts) -> Callable[[], list[Line]]:
    """A function that says what is to be fetched now."""

    def now() -> list[Line]:
        wanted = [each for each in broadcasts.broadcasts() if each.origin is Origin.OWN]
        return [line for each in wanted for line in _of(each, settings, broadcasts)]

    return now


def intake_ffmpeg(settings: Settings, programs: Programs) -> str:
    """The ffmpeg that takes in what is sent: any will do that has the protocol, as it only unpacks.

    Raises `InvalidInput` when SRT is set and no ffmpeg here has it.
    """
    known = [str(programs.ffmpeg), *filter(None, [shutil.which("ffmpeg")])]
    found = (
        known[0]
        if not settings.live_srt
        else next((each for each in known if "srt" in protocols(each)), "")
    )
    if not found:
        raise InvalidInput(
            "TUALAI_LIVE_SRT is set, but no ffmpeg here has SRT (%(known)s were asked); run apt-get"
            " install ffmpeg, or leave SRT out.",
            known=" and ".join(dict.fromkeys(known)),
        )
    return found


def protocols(ffmpeg: str) -> frozenset[str]:
    """What an ffmpeg can listen to and fetch from."""
    try:
        printed = output_of([ffmpeg, "-hide_banner", "-protocols"], limits=_ASK)
    except ChildFailed:
        return frozenset()
    return frozenset(printed.decode("utf-8", "replace").partition("Output:")[0].split())


def _of(broadcast: Broadcast, settings: Settings, broadcasts: Broadcasts) -> list[Line]:
    key = broadcasts.stream_key(broadcast.episode)
    found: list[Line] = []
    expected, heard = broadcast.expected_at, broadcast.heard_at
    if settings.live_pull and expected is not None:
        fresh = utc_now() - max(expected, heard or expected) < EXPECTED
        if fresh:
            found.append(Line(key, f"from {settings.live_pull}", pull_options(settings.live_pull, key)))
    if settings.live_srt and not found:
        host, _ = srt_place(settings.live_srt)
        port = srt_port(settings.live_srt, broadcast)
        found.append(Line(key, "SRT", srt_options(host, port, key)))
    return found

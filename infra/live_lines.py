"""Which broadcasts ffmpeg is to fetch: from a media server in front, or by SRT."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from infra.settings import Settings
from media.broadcasts import Broadcasts
from media.child import ChildFailed, Limits, output_of
from media.errors import InvalidInput
from media.live import Broadcast, Origin
from media.live_intake_ffmpeg import Line, pull_options, srt_options
from media.live_journal import utc_now
from media.live_ports import srt_place, srt_port
from media.programs_ffmpeg import Programs

log = logging.getLogger("tualai.live")

EXPECTED = timedelta(seconds=60)
_ASK = Limits(wall_seconds=20, stall_seconds=20)


def lines(settings: Settings, broadcasts: Broadcasts, programs: Programs) -> Callable[[], list[Line]]:
    """A function that says what is to be fetched now.

    Raises `InvalidInput` for SRT with an ffmpeg that has none.
    """
    if settings.live_srt and "srt" not in protocols(programs):
        raise InvalidInput(
            f"TUALAI_LIVE_SRT is set, but the ffmpeg at {programs.ffmpeg} has no SRT; install Debian's ffmpeg and"
            " name it in TUALAI_FFMPEG, or leave SRT out."
        )

    def now() -> list[Line]:
        wanted = [each for each in broadcasts.broadcasts() if each.origin is Origin.OWN]
        return [line for each in wanted for line in _of(each, settings, broadcasts)]

    return now


def protocols(programs: Programs) -> frozenset[str]:
    """What an ffmpeg can listen to and fetch from."""
    try:
        printed = output_of([str(programs.ffmpeg), "-hide_banner", "-protocols"], limits=_ASK)
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

"""Which port an SRT encoder sends to. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from media.errors import InvalidInput
from media.live.broadcast import Broadcast

PORTS = 50


def srt_place(setting: str) -> tuple[str, int]:
    """Host and first port of a setting such as `srt://0.0.0.0:9000`. Raises `InvalidInput`."""
    try:
        parts = urlsplit(setting)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "srt" or not parts.hostname or not port:
        raise InvalidInput("TUALAI_LIVE_SRT is “%(setting)s”; write srt://0.0.0.0:9000.", setting=setting)
    return parts.hostname, port


def srt_port(setting: str, broadcast: Broadcast) -> int:
    """The port of one broadcast, always the same for it. Raises `InvalidInput`."""
    return srt_place(setting)[1] + broadcast.slot % PORTS

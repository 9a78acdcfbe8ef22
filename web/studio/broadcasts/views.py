"""A broadcast as its page in the studio shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from media.live.broadcast import Broadcast, Health, OnAir, Origin
from web.text.language import Language
from web.text.times import clock


@dataclass(frozen=True, slots=True)
class BroadcastView:
    """What the page shows. `state` is a word for scripts, `said` what people read; `server` and `key` are what an
    encoder is given ("" for who may not see them); `starts_on` and `starts_time` fill the form; `received` is a
    clock of what has come; `figures` are (name, value) pairs of the health."""

    state: str
    said: str
    own: bool
    ended: bool
    begun: bool
    server: str
    srt: str
    key: str
    seconds: float
    captions: bool
    announced: bool
    starts_on: str
    starts_time: str
    elsewhere_url: str
    marks_offset: float
    received: str
    trouble: str
    warning: str
    figures: list[tuple[str, str, str]]


def present(
    broadcast: Broadcast,
    health: Health,
    received: float,
    language: Language,
    zone: ZoneInfo,
    secrets: tuple[str, str, str],
) -> BroadcastView:
    """`received` in seconds; `secrets` are server, SRT address and stream key."""
    starts = broadcast.starts_at.replace(tzinfo=UTC).astimezone(zone) if broadcast.starts_at else None
    server, srt, key = secrets
    return BroadcastView(
        state=broadcast.state,
        said=said(broadcast, language),
        own=broadcast.origin is Origin.OWN,
        ended=broadcast.state is OnAir.ENDED,
        begun=broadcast.began_at is not None,
        server=server,
        srt=srt,
        key=key,
        seconds=broadcast.segment_seconds,
        captions=broadcast.captions,
        announced=broadcast.announced,
        starts_on=starts.date().isoformat() if starts else "",
        starts_time=f"{starts:%H:%M}" if starts else "",
        elsewhere_url=broadcast.elsewhere_url,
        marks_offset=broadcast.marks_offset,
        received=clock(received),
        trouble=language.error(broadcast.trouble) if broadcast.trouble else "",
        warning=language.error(health.warning) if health.warning else "",
        figures=figures(health, language),
    )


def said(broadcast: Broadcast, language: Language) -> str:
    """Where it stands, in a sentence."""
    say = language.say
    if broadcast.state is OnAir.ENDED and not broadcast.recorded:
        return say("Đã kết thúc. Bản thu đang được ghép lại; người xem đã xem lại được.")
    return {
        OnAir.WAITING: say("Chưa có tín hiệu. Chương trình lên sóng ngay khi bộ phát gửi hình."),
        OnAir.RECEIVING: say("Đang lên sóng."),
        OnAir.INTERRUPTED: say("Mất tín hiệu từ bộ phát. Khi bộ phát nối lại, chương trình đi tiếp."),
        OnAir.ENDED: say("Đã kết thúc."),
    }[broadcast.state]


def figures(health: Health, language: Language) -> list[tuple[str, str, str]]:
    """The health as (key, name, value)."""
    say, number = language.say, language.number
    size = f"{health.width}×{health.height}" if health.height else "–"
    return [
        ("video", say("Hình"), f"{number(health.video_kbps)} kb/s · {size}"),
        ("audio", say("Tiếng"), f"{number(health.audio_kbps)} kb/s"),
        ("frames", say("Khung hình mỗi giây"), number(health.frame_rate, 1)),
        ("dropped", say("Khung hình bị mất"), number(health.dropped)),
        ("keyframes", say("Giây giữa hai khung khóa"), number(health.keyframes, 1)),
        ("delay", say("Chậm hơn lúc tốt nhất"), say("%(num)s giây", num=number(health.delay, 1))),
        ("viewers", say("Người đang xem"), number(health.viewers)),
    ]


def plain(broadcast: Broadcast, health: Health, language: Language) -> dict[str, Any]:
    """For scripts."""
    return {
        "episode": broadcast.episode,
        "state": broadcast.state,
        "said": said(broadcast, language),
        "takes": broadcast.take,
        "recorded": broadcast.recorded,
        "trouble": language.error(broadcast.trouble) if broadcast.trouble else "",
        "warning": language.error(health.warning) if health.warning else "",
        "video_kbps": health.video_kbps,
        "audio_kbps": health.audio_kbps,
        "frame_rate": health.frame_rate,
        "width": health.width,
        "height": health.height,
        "dropped": health.dropped,
        "delay": health.delay,
        "keyframes": health.keyframes,
        "viewers": health.viewers,
        "figures": [{"key": key, "value": value} for key, _, value in figures(health, language)],
    }


def public_address(setting: str, host: str) -> str:
    """The address people type into an encoder: a setting that listens everywhere is told by the site's own host."""
    if not setting:
        return ""
    parts = urlsplit(setting)
    if parts.hostname not in ("0.0.0.0", "::", "127.0.0.1"):  # noqa: S104 - told apart, not listened on
        return setting
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) != ("rtmp", 1935) else ""
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path, "", ""))


def moment(day: str, time: str, zone: ZoneInfo) -> datetime | None:
    """What a form's day and time are, in UTC without a zone; None for an empty day. Raises `ValueError`."""
    if not day:
        return None
    local = datetime.fromisoformat(f"{day}T{time or '00:00'}").replace(tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)

"""Times, lengths and sizes: reading them from addresses and saying them to people. Pure."""

from __future__ import annotations

import re

from media.errors import InvalidInput
from web.text.language import Language

_SECONDS = re.compile(r"\d{1,7}(?:\.\d{1,6})?s?", re.ASCII)
_PARTS = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,5}(?:\.\d{1,6})?)s)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})", re.ASCII)


def parse_time(text: str) -> float:
    """Return seconds from `90`, `90.5`, `1m30s`, `1h2m3s` or `1:02:03`.

    Raises:
        InvalidInput: for anything else.
    """
    text = text.strip().lower()
    if _SECONDS.fullmatch(text):
        return float(text.rstrip("s"))
    match = _CLOCK.fullmatch(text) or (_PARTS.fullmatch(text) if text else None)
    if match is None:
        raise InvalidInput(
            "“%(text)s” is not a time; write seconds, such as 90, or 1h2m3s.", text=text[:40]
        )
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def clock(seconds: float) -> str:
    """Return a moment as “12:05”, from an hour on as “1:02:05”."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def address_time(seconds: float) -> str:
    """Return seconds for `?t=`, rounded down to a tenth so that nothing is cut off."""
    return f"{int(max(0.0, seconds) * 10 + 1e-6) / 10:g}" if seconds < 100_000 else str(int(seconds))


def iso_duration(seconds: float) -> str:
    """Return an ISO 8601 duration, such as PT2M10S."""
    whole = max(0, round(seconds))
    return f"PT{whole // 3600}H{whole // 60 % 60}M{whole % 60}S"


def length(seconds: float, language: Language) -> str:
    """Return a length in words: “2 phút 10 giây”, from an hour on “1 giờ 5 phút”."""
    whole = max(1, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [
        (hours, language.say("%(count)s giờ", count=hours)),
        (minutes, language.say("%(count)s phút", count=minutes)),
        (0 if hours else rest, language.say("%(count)s giây", count=rest)),
    ]
    return " ".join(words for count, words in parts if count)


def rough_length(seconds: float, language: Language) -> str:
    """Return a length to the minute: “khoảng 2 phút”, “chưa đến 1 phút”."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return language.say("chưa đến 1 phút")
    return language.say("khoảng %(length)s", length=length(minutes * 60, language))


def megabytes(size_bytes: float, language: Language) -> str:
    """Return a size in MB (10⁶ bytes): “1,2 MB”, “35 MB”; never less than 0,1 MB."""
    size = max(0.1, size_bytes / 1_000_000)
    return language.number(size, 0 if size >= 9.95 else 1) + "\u00a0MB"

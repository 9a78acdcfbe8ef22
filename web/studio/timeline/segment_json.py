"""Segments and their changes in JSON, and times as editors write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from media.errors import InvalidInput
from transcribe.editing.segments import SegmentChange, check_segment
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,5}(?:[.,]\d{1,3})?)", re.ASCII)
E = TypeVar("E", bound=StrEnum)


def segment_json(segment: Segment) -> dict[str, object]:
    """A segment as calls answer it; times in seconds."""
    return {
        "id": segment.id,
        "version": segment.version,
        "kind": segment.kind,
        "start": segment.start,
        "end": segment.end,
        "answer_start": segment.answer_start,
        "title": segment.title,
        "question": segment.question,
        "asker": segment.asker,
        "answerers": list(segment.answerers),
        "topics": list(segment.topics),
        "origin": segment.origin,
        "state": segment.state,
        "confidence": segment.confidence,
    }


def read_changes(value: object, duration: float, topics: Collection[str]) -> list[SegmentChange]:
    """Changes as sent: `{"changes": [{"id", "seen", "segment", "into"}, …]}`. Raises `InvalidInput`."""
    changes = value.get("changes") if isinstance(value, dict) else None
    if not isinstance(changes, list) or not changes:
        raise InvalidInput("Send {“changes”: […]} with at least one change.")
    return [_change(each, duration, topics) for each in changes]


def _change(value: object, duration: float, topics: Collection[str]) -> SegmentChange:
    if not isinstance(value, dict):
        raise InvalidInput("A change is an object with “id”, “seen” and “segment”.")
    seen = value.get("seen")
    if seen is not None and (isinstance(seen, bool) or not isinstance(seen, int)):
        raise InvalidInput("“seen” is the version that was seen, or null for none.")
    given = value.get("segment")
    segment = None
    if given is not None:
        if not isinstance(given, dict):
            raise InvalidInput("“segment” is an object, or null to remove it.")
        segment = check_segment(_segment(given), duration, topics)
    return SegmentChange(_text(value, "id"), seen, segment, _text(value, "into"))


def _segment(value: Mapping[str, Any]) -> Segment:
    begins = value.get("answer_start")
    return Segment(
        _one_of(SegmentKind, value, "kind", None),
        _number(value, "start", None),
        _number(value, "end", None),
        _text(value, "title"),
        _text(value, "question"),
        _text(value, "asker"),
        _texts(value, "answerers"),
        None if begins is None else _number(value, "answer_start", None),
        _texts(value, "topics"),
        _one_of(SegmentOrigin, value, "origin", SegmentOrigin.EDITOR),
        _one_of(SegmentState, value, "state", SegmentState.SUGGESTED),
        _number(value, "confidence", 1.0),
    )


def _one_of(kind: type[E], value: Mapping[str, Any], name: str, default: E | None) -> E:
    given = value.get(name, default)
    try:
        return kind(given)
    except ValueError as error:
        raise InvalidInput("“%(name)s” is one of: %(kinds)s.", name=name, kinds=", ".join(kind)) from error


def _number(value: Mapping[str, Any], name: str, default: float | None) -> float:
    given = value.get(name, default)
    if isinstance(given, bool) or not isinstance(given, int | float) or abs(given) > 1e9:
        raise InvalidInput("“%(name)s” must be a number of seconds.", name=name)
    return float(given)


def _text(value: Mapping[str, Any], name: str) -> str:
    given = value.get(name, "")
    if not isinstance(given, str):
        raise InvalidInput("“%(name)s” must be a text.", name=name)
    return given


def _texts(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = value.get(name, [])
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise InvalidInput("“%(name)s” must be a list of texts.", name=name)
    return tuple(given)


def exact_clock(seconds: float) -> str:
    """A moment to a tenth of a second: “12:05.3”, from an hour on “1:02:05.3”."""
    tenths = max(0, round(seconds * 10))
    hours, minutes, rest = tenths // 36_000, tenths // 600 % 60, tenths % 600
    tail = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def parse_clock(text: str) -> float:
    """Seconds from “12:05.3”, “1:02:05”, “725.3” or “12:05,3”. Raises `InvalidInput`."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise InvalidInput(
            "“%(text)s” is not a time; write minutes and seconds, such as 12:05.3.", text=text[:40]
        )
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds.replace(",", "."))

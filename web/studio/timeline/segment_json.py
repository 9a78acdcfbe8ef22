"""Segments and their changes in JSON, and times as editors write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from media.errors import InvalidInput
from transcribe.editing.segments import CHANGES_LIMIT, SegmentChange, check_segment
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from web.http.json_schema import Number, Seconds, said
from web.http.typed_json import read

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,5}(?:[.,]\d{1,3})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimelineSegment:
    """A segment as the timeline's calls answer it; times in seconds."""

    id: str
    version: int
    kind: SegmentKind
    start: float
    end: float
    answer_start: float | None
    title: str
    question: str
    asker: str
    answerers: tuple[str, ...]
    topics: tuple[str, ...]
    origin: SegmentOrigin
    state: SegmentState
    confidence: float


class SentSegment(TypedDict):
    """A segment as sent."""

    kind: SegmentKind
    start: Seconds
    end: Seconds
    answer_start: NotRequired[Seconds | None]
    title: NotRequired[str]
    question: NotRequired[str]
    asker: NotRequired[str]
    answerers: NotRequired[tuple[str, ...]]
    topics: NotRequired[tuple[str, ...]]
    origin: NotRequired[SegmentOrigin]
    state: NotRequired[SegmentState]
    confidence: NotRequired[Number]


class SentChange(TypedDict, total=False):
    """A change of one segment."""

    id: Annotated[str, said("of the segment; empty for a new one")]
    seen: Annotated[int | None, said("the version that was seen")]
    segment: Annotated[SentSegment | None, said("null removes it")]
    into: Annotated[str, said("the id of the segment that this one was merged into")]


class SentChanges(TypedDict):
    """Changes that are made all or not at all."""

    changes: Annotated[list[SentChange], Field(min_length=1, max_length=CHANGES_LIMIT)]


_NEW = Segment(SegmentKind.ANSWER, 0, 0, "", origin=SegmentOrigin.EDITOR, confidence=1.0)


def read_changes(value: object, duration: float, topics: Collection[str]) -> list[SegmentChange]:
    """Changes as sent. Raises `InvalidInput`."""
    return [_change(each, duration, topics) for each in read(SentChanges, value)["changes"]]


def _change(sent: SentChange, duration: float, topics: Collection[str]) -> SegmentChange:
    given = sent.get("segment")
    segment = check_segment(replace(_NEW, **given), duration, topics) if given else None
    return SegmentChange(sent.get("id", ""), sent.get("seen"), segment, sent.get("into", ""))


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

"""Playlists of a broadcast: back to its start while it goes on, short for who asks only for what is new. Pure.

Format: draft-pantos-hls-rfc8216bis. Every rendition has the same takes at the same times, so that players can
change between them: what a rendition lacks is a gap (EXT-X-GAP).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from media.live.broadcast import AUDIO, SOURCE, LiveRendition, LiveSegment
from media.live.ladder import LONGEST_KEYFRAMES

SKIP_TARGETS = 6
"""Target durations from the end that a delta update always has: no fewer are allowed (4.4.3.8)."""
_LEAST_GAP = 0.25
_GAP_SECONDS = 1.0
_NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """One line of a playlist: a segment, or `duration` seconds without one."""

    take: int
    start: float
    duration: float
    segment: LiveSegment | None


@dataclass(frozen=True, slots=True)
class SessionSpan:
    """When a take was, in seconds on the broadcast's clock, and when its first frame came."""

    take: int
    start: float
    end: float
    at: datetime
    open: bool


def spans_of(source: Sequence[LiveSegment]) -> list[SessionSpan]:
    """The takes of a broadcast, from its source's segments; only the last one is open."""
    spans: list[SessionSpan] = []
    for each in source:
        if spans and spans[-1].take == each.take:
            last = spans[-1]
            spans[-1] = SessionSpan(each.take, last.start, each.end, last.at, True)
        else:
            spans.append(SessionSpan(each.take, each.start, each.end, each.at, True))
    return [
        SessionSpan(s.take, s.start, s.end, s.at, number == len(spans) - 1)
        for number, s in enumerate(spans)
    ]


def laid_out(spans: Sequence[SessionSpan], segments: Sequence[LiveSegment]) -> list[PlaylistEntry]:
    """The segments of a rendition on the broadcast's takes, with gaps where it has none."""
    by_take: dict[int, list[LiveSegment]] = {}
    for each in segments:
        by_take.setdefault(each.take, []).append(each)
    return [entry for span in spans for entry in _laid_out(span, by_take.get(span.take, []))]


def _laid_out(span: SessionSpan, segments: Sequence[LiveSegment]) -> Iterator[PlaylistEntry]:
    at = span.start
    for each in segments:
        if each.start - at > _LEAST_GAP:
            yield from _gap(span.take, at, each.start)
        yield PlaylistEntry(span.take, each.start, each.duration, None if each.removed else each)
        at = each.end
    if not span.open and span.end - at > _LEAST_GAP:
        yield from _gap(span.take, at, span.end)


def _gap(take: int, start: float, end: float) -> Iterator[PlaylistEntry]:
    """In pieces that no target duration is below, always the same ones: entries are counted."""
    pieces = math.ceil((end - start) / _GAP_SECONDS)
    for number in range(pieces):
        at = start + number * _GAP_SECONDS
        yield PlaylistEntry(take, at, min(_GAP_SECONDS, end - at), None)


def target_duration(entries: Sequence[PlaylistEntry], aim: float) -> int:
    """Whole seconds that no segment's rounded length exceeds."""
    longest = max((each.duration for each in entries if each.segment is not None), default=aim)
    return max(1, math.ceil(aim), math.floor(longest + 0.5))


def media_playlist(
    spans: Sequence[SessionSpan],
    entries: Sequence[PlaylistEntry],
    *,
    aim: float,
    ended: bool,
    delta: bool = False,
) -> str:
    """A rendition's playlist. `aim`: seconds a segment is meant to have. `delta`: only what is new (`_HLS_skip`)."""
    target = target_duration(entries, aim)
    skipped = _skipped(entries, target) if delta and not ended else 0
    lines = ["#EXTM3U", "#EXT-X-VERSION:9", f"#EXT-X-TARGETDURATION:{target}"]
    if not ended:
        lines.append(f"#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL={SKIP_TARGETS * target}.0")
    lines += ["#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}")
    known = {span.take: span for span in spans}
    take = entries[skipped - 1].take if skipped else None
    dated = mapped = -1  # the takes whose time, and whose initialisation section, are told
    for each in entries[skipped:]:
        if take is not None and each.take != take:
            lines.append("#EXT-X-DISCONTINUITY")
        if each.take != dated:
            lines.append(_moment(each, known[each.take]))
        if each.take != mapped and each.segment is not None:
            lines.append(f'#EXT-X-MAP:URI="init-{each.take}.mp4"')
            mapped = each.take
        take = dated = each.take
        lines += _line(each)
    if ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _skipped(entries: Sequence[PlaylistEntry], target: int) -> int:
    """How many entries end before the part that is always told."""
    left, number = 0.0, len(entries)
    while number and left < SKIP_TARGETS * target:
        number -= 1
        left += entries[number].duration
    return number


def _moment(entry: PlaylistEntry, span: SessionSpan) -> str:
    moment = span.at + timedelta(seconds=entry.start - span.start)
    return f"#EXT-X-PROGRAM-DATE-TIME:{moment.isoformat(timespec='milliseconds')}Z"


def _line(entry: PlaylistEntry) -> list[str]:
    length = f"#EXTINF:{entry.duration:.3f},"
    if entry.segment is None:
        return ["#EXT-X-GAP", length, f"gap-{round(entry.start * 1000)}.m4s"]
    return [length, f"{entry.segment.number}.m4s"]


def offered(
    renditions: Sequence[LiveRendition], laid: Mapping[str, Sequence[PlaylistEntry]]
) -> list[LiveRendition]:
    """What the master playlist lists, each rendition as its newest take has it: those that come in now, and those
    that are nearly whole. A source whose keyframes are too rare to watch live gives way to what was encoded for that.
    `laid` has each one's entries by name.
    """
    newest = {each.name: each for each in renditions}
    last = max((each.take for each in renditions), default=0)
    seconds = {
        name: sum(each.duration for each in entries if each.segment) for name, entries in laid.items()
    }
    whole = seconds.get(SOURCE, 0.0)
    kept = [
        replace(each, bandwidth=max(other.bandwidth for other in renditions if other.name == each.name))
        for each in newest.values()
        if each.take == last or seconds.get(each.name, 0.0) >= _NEARLY * whole
    ]
    encoded = any(each.name not in (SOURCE, AUDIO) and each.take == last for each in kept)
    rare = target_duration(laid.get(SOURCE, ()), 1.0) > LONGEST_KEYFRAMES + 1
    sound_only = any(each.name == AUDIO for each in kept)
    return [
        each
        for each in kept
        if each.name != SOURCE or not ((encoded and rare) or (sound_only and not each.height))
    ]


def master_playlist(renditions: Sequence[LiveRendition]) -> str:
    """The master playlist over what is offered: the source first, what players start with; sound alone last."""
    ordered = sorted(renditions, key=lambda each: (each.name == AUDIO, each.name != SOURCE, -each.height))
    lines = ["#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for each in ordered:
        attributes = [f"BANDWIDTH={max(1, each.bandwidth)}", f'CODECS="{each.codecs}"']
        if each.height:
            attributes.append(f"RESOLUTION={each.width}x{each.height}")
        if each.frame_rate:
            attributes.append(f"FRAME-RATE={each.frame_rate:.3f}")
        lines += ["#EXT-X-STREAM-INF:" + ",".join(attributes), f"{each.name}/index.m3u8"]
    return "\n".join(lines) + "\n"

"""Broadcasts: what is set up, what was received of them, and when; pure arithmetic on time. Kept by `media.live.broadcast_store`.

The broadcast's own clock counts received media only: it stands still while the encoder is away, and agrees with
the recording that is made of the broadcast. Wall-clock times are UTC without a zone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from media.errors import Message

SOURCE = "source"
"""The rendition that is as received; its segments become the recording and set the broadcast's clock."""
AUDIO = "audio"
USUAL_SECONDS = 2.0
FASTEST_SECONDS = 1.0


class Origin(StrEnum):
    """Where a broadcast is seen: here, or on another site with ours beside it."""

    OWN = "own"
    ELSEWHERE = "elsewhere"


class OnAir(StrEnum):
    """Where a broadcast stands."""

    WAITING = "waiting"  # nothing was received yet
    RECEIVING = "receiving"
    INTERRUPTED = "interrupted"  # the encoder is away; it may come back
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast of an episode.

    `id` names its folder in the store and never changes. `slot`: which of the SRT ports is its own, from 0 on; no
    two open ones have the same. `segment_seconds` is the aimed-at length of segments
    (the latency setting). `starts_at` is what was announced. `began_at`: when the first media came; for one
    elsewhere, when a person said that it began. `take` counts connections of the encoder, 0 before the first.
    `expected_at`: when a media server in front of this one last let its encoder in.
    `marks_offset` are the seconds by which marks are moved to fall on the recording: beside a broadcast elsewhere
    as somebody set it, and wherever segments were shifted together for another recording.
    `recorded`: the recording has been made of it. `trouble` is why that failed, None when it did not.
    """

    id: str
    episode: str
    origin: Origin = Origin.OWN
    segment_seconds: float = USUAL_SECONDS
    captions: bool = True
    announced: bool = True
    starts_at: datetime | None = None
    elsewhere_url: str = ""
    marks_offset: float = 0.0
    state: OnAir = OnAir.WAITING
    take: int = 0
    began_at: datetime | None = None
    heard_at: datetime | None = None
    ended_at: datetime | None = None
    expected_at: datetime | None = None
    closed: bool = True
    recorded: bool = False
    trouble: Message | None = None
    slot: int = 0

    @property
    def folder(self) -> str:
        """Storage prefix of everything received."""
        return f"live/{self.id}"


@dataclass(frozen=True, slots=True)
class LiveSegment:
    """Some seconds of one rendition, stored and playable.

    `number` counts within a rendition through the whole broadcast, from 0. `take` is the encoder's connection it
    came by. `start` and `duration` in seconds, on the broadcast's own clock. `at` is the wall-clock time at which
    its first frame was received. `discontinuity`: the first of a take. `removed`: its file was given up for room.
    """

    episode: str
    rendition: str
    number: int
    take: int
    start: float
    duration: float
    at: datetime
    size_bytes: int = 0
    discontinuity: bool = False
    removed: bool = False
    id: int = field(default=0, compare=False)

    @property
    def end(self) -> float:
        """Seconds on the broadcast's clock."""
        return self.start + self.duration

    def key(self, folder: str) -> str:
        """Where it is stored, below its broadcast's folder."""
        return f"{folder}/{self.take}/{self.rendition}/{self.number}.m4s"


@dataclass(frozen=True, slots=True)
class LiveRendition:
    """What a rendition of one take is. `codecs` is an RFC 6381 string, `bandwidth` in bit/s (0: not known yet),
    `init` the SHA-256 of its initialisation section in hex: takes with the same one can be joined as they are."""

    take: int
    name: str
    codecs: str
    init: str
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    bandwidth: int = 0

    def key(self, folder: str) -> str:
        """Where its initialisation section is stored, below its broadcast's folder."""
        return f"{folder}/{self.take}/{self.name}/init.mp4"


@dataclass(frozen=True, slots=True)
class Health:
    """How the intake does, over the last few seconds: `video_kbps`, `audio_kbps` in kb/s, `frame_rate` in frames a
    second as received, `dropped` frames missing since the take began, `delay` in seconds by which what arrives is
    late against the encoder's own clock, `keyframes` the seconds between keyframes, `free_bytes` the store's room
    (None: unknown), `warning` a sentence or None. `viewers` are counted by the site."""

    video_kbps: float = 0.0
    audio_kbps: float = 0.0
    frame_rate: float = 0.0
    width: int = 0
    height: int = 0
    dropped: int = 0
    delay: float = 0.0
    keyframes: float = 0.0
    encoder: str = ""
    free_bytes: int | None = None
    warning: Message | None = None
    viewers: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishSession:
    """A connection that may send: `number` fences it off against a later one, `base` is where it begins in seconds
    on the broadcast's clock, `first` the number of the next segment of each rendition known."""

    broadcast: Broadcast
    number: int
    base: float
    first: dict[str, int]


def position_at(segments: Sequence[LiveSegment], moment: datetime) -> float:
    """Where in the recording `moment` (UTC, without a zone) is, in seconds.

    `segments` are those of the source rendition, in order. While the encoder was away the broadcast's clock
    stands: such a moment is the end of what was received before it. Before the first segment it is 0; after the
    last one, its end.
    """
    found = bisect_right(segments, moment, key=lambda each: each.at) - 1
    if found < 0:
        return 0.0
    segment = segments[found]
    return segment.start + min((moment - segment.at).total_seconds(), segment.duration)


def position_of_mark(broadcast: Broadcast, segments: Sequence[LiveSegment], moment: datetime) -> float:
    """Where a mark made at `moment` falls in the recording, in seconds, never below 0.

    One made beside a broadcast elsewhere counts from when that was said to begin. All are moved by the one offset
    that is set when the recording is known.
    """
    if broadcast.origin is Origin.OWN:
        position = position_at(segments, moment)
    else:
        position = (moment - (broadcast.began_at or moment)).total_seconds()
    return max(0.0, position + broadcast.marks_offset)

"""Cutting the encoding of a long picture into chunks that several workers encode side by side. Pure.

The plan depends on the recording alone, never on how many workers there are: the result is the same on one as on
ten. A chunk holds whole segments, begins with a keyframe and refers to nothing outside itself (closed groups of
pictures), so that chunks put one after the other are one stream. Chunks are told in frames of the rate that is
encoded at, because only those are exact: four seconds are no whole number of frames at 29.97 a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from media.probing.media_info import MediaInfo

CHUNK_SECONDS = 60
"""A multiple of a segment's length. A killed worker loses one chunk at most; the shorter they are, the more is
decoded twice (`PREROLL_SECONDS` and up to a group of pictures each)."""
PREROLL_SECONDS = 5
SEEKABLE = frozenset({"mov", "matroska"})
"""Containers with an index and timestamps without breaks: only in these is a moment the same wherever reading
began. A transport stream may start its clock anew half-way, which ffmpeg mends only when it reads from the start."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames `first` up to and without `end` (None: to the picture's end), counted at the rungs' rate."""

    first: int
    end: int | None = None


def plan_chunks(info: MediaInfo, rate: float, seconds: int = CHUNK_SECONDS) -> list[Chunk]:
    """The chunks of a recording's picture at `rate` frames a second, each `seconds` long.

    The last one takes what is left, half of a chunk at least; none for sound alone. A container that cannot be
    read from its middle is one chunk.
    """
    if info.video is None:
        return []
    length = info.video.duration or info.duration
    seekable = info.container.split(",")[0] in SEEKABLE
    count = max(1, round(length / seconds)) if seekable else 1
    starts = [math.ceil(number * seconds * exact(rate)) for number in range(count)]
    return [Chunk(first, end) for first, end in zip(starts, [*starts[1:], None], strict=True)]


def exact(rate: float) -> Fraction:
    """Frames a second as the exact fraction meant (29.97003 → 30000/1001)."""
    return Fraction(rate).limit_denominator(1001)


def seek_seconds(chunk: Chunk, rate: float) -> float:
    """Where to begin reading for a chunk, in seconds; what is decoded too early is thrown away."""
    return max(0.0, math.floor(chunk.first / exact(rate)) - PREROLL_SECONDS)


def concat_list(names: Sequence[str], chunks: Sequence[Chunk], rate: float) -> str:
    """A script for ffmpeg's concat demuxer. Each duration is the difference of rounded times, so that no error
    adds up."""
    lines = ["ffconcat version 1.0"]
    for name, chunk in zip(names, chunks, strict=True):
        lines.append(f"file {name}")
        if chunk.end is not None:
            lines.append(f"duration {(_micros(chunk.end, rate) - _micros(chunk.first, rate)) / 1e6:.6f}")
    return "\n".join(lines) + "\n"


def _micros(frame: int, rate: float) -> int:
    return round(frame / exact(rate) * 1_000_000)

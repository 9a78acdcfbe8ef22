"""Reading speech from a WAV: 16 kHz, mono, 16-bit PCM, a window at a time."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.errors import InvalidInput

RATE = 16_000
"""Samples a second that every speech engine here is given."""

_HEADER = 44
"""Bytes of the shortest RIFF header (`RIFF`, `fmt `, `data`)."""

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in seconds: of speech, of silence, or a window."""

    start: float
    end: float


def merge_spans(spans: Sequence[Span], gap: float) -> list[Span]:
    """Join neighbours (sorted by start) that stand at most `gap` seconds apart."""
    merged: list[Span] = []
    for span in spans:
        if merged and span.start - merged[-1].end <= gap:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


@contextmanager
def _opened(audio: Path) -> Iterator[wave.Wave_read]:
    try:
        reader = wave.open(str(audio), "rb")  # noqa: SIM115 - closed below; a bad header raises here
    except (wave.Error, EOFError) as error:
        raise InvalidInput(
            "%(name)s is not a PCM WAV file; convert it to 16 kHz mono first.", name=audio.name
        ) from error
    with reader:
        if (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) != (RATE, 1, 2):
            raise InvalidInput(
                "%(name)s is not 16 kHz mono 16-bit; convert it with ffmpeg -ar 16000 -ac 1.",
                name=audio.name,
            )
        yield reader


def duration(audio: Path) -> float:
    """Length in seconds. Raises `InvalidInput` when the file is not 16 kHz mono 16-bit PCM WAV."""
    with _opened(audio) as reader:
        return _frames(audio, reader) / RATE


def read_window(audio: Path, start: float, end: float) -> Samples:
    """The samples (−1…1) between `start` and `end` seconds; what lies outside the file is left out.

    Raises `InvalidInput` when the file is not 16 kHz mono 16-bit PCM WAV.
    """
    with _opened(audio) as reader:
        frames = _frames(audio, reader)
        first = min(frames, max(0, round(start * RATE)))
        reader.setpos(first)
        return _samples(reader.readframes(max(0, min(frames, round(end * RATE)) - first)))


def cut_window(audio: Path, start: float, end: float, target: Path) -> None:
    """Write the samples between `start` and `end` seconds, those that `read_window` would read, to a WAV of their own.

    Raises `InvalidInput` as `read_window`.
    """
    with _opened(audio) as reader, wave.open(str(target), "wb") as writer:
        frames = _frames(audio, reader)
        first = min(frames, max(0, round(start * RATE)))
        reader.setpos(first)
        writer.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        writer.writeframes(reader.readframes(max(0, min(frames, round(end * RATE)) - first)))


def read_blocks(audio: Path, seconds: float = 60.0) -> Iterator[Samples]:
    """The whole recording in pieces, so that hours take little memory. Raises as `read_window`."""
    with _opened(audio) as reader:
        while raw := reader.readframes(round(seconds * RATE)):
            yield _samples(raw)


def _frames(audio: Path, reader: wave.Wave_read) -> int:
    """Frames really there: a header written to a pipe, or a truncated file, promises more."""
    return min(reader.getnframes(), max(0, audio.stat().st_size - _HEADER) // 2)


def _samples(raw: bytes) -> Samples:
    whole = raw[: len(raw) // 2 * 2]
    return np.frombuffer(whole, dtype="<i2").astype(np.float32) / np.float32(32768)

"""Cutting a long recording into windows at silences, so that transcribing can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcribe.speech.wav import RATE, Samples, Span, read_blocks

STEP = 0.02
"""Seconds of one loudness value."""
LENGTH = 300.0
"""Seconds a window is meant to last."""
REACH = 60.0
"""Seconds a cut may stand before or after where it was meant; no window is shorter, but for the only one."""

Levels = NDArray[np.float32]
"""Loudness in dBFS (root mean square), one value every `STEP` seconds."""

_FLOOR = -90.0
_AUDIBLE = -60.0
"""Quieter than this all through (dBFS) is silence whatever the noise floor."""
_ABOVE_FLOOR, _BELOW_SPEECH = 6.0, 30.0
"""Silence is at most 6 dB above the noise floor, or 30 dB below speech, whichever is louder."""
_SHORTEST_SILENCE = 0.3
_LONG_ENOUGH = 2.0
"""A silence longer than this (seconds) is no better a place to cut."""


def windows_of(audio: Path, length: float = LENGTH, reach: float = REACH) -> list[Span]:
    """Plan the windows of a recording (16 kHz mono WAV). Raises `InvalidInput` as `speech.read_blocks`."""
    heard = levels(audio)
    return plan_windows(
        find_silences(heard),
        duration=len(heard) * STEP,
        length=length,
        reach=reach,
        quietest=lambda start, end: quietest(heard, start, end),
    )


def plan_windows(
    silences: Sequence[Span],
    duration: float,
    length: float = LENGTH,
    reach: float = REACH,
    quietest: Callable[[float, float], float] | None = None,
) -> list[Span]:
    """Cover 0–`duration` seconds with windows that touch and never overlap.

    Each lasts `length` ± `reach` seconds and ends in the middle of a silence; the last one lasts
    between `reach` and `length + reach` (or the whole duration, when that is shorter).

    Args:
        silences: sorted by start.
        quietest: where to cut between two times when there is no silence; else the cut is at `length`.
    """
    windows: list[Span] = []
    start = 0.0
    while duration - start > length + reach:
        low, high = start + length - reach, min(start + length + reach, duration - reach)
        target = min(start + length, high)
        cut = _best_silence(silences, low, high, target, reach)
        if cut is None and quietest is not None:
            cut = quietest(low, high)
        cut = min(high, max(low, target if cut is None else cut))
        windows.append(Span(start, cut))
        start = cut
    if duration > start:
        windows.append(Span(start, duration))
    return windows


def _best_silence(
    silences: Sequence[Span], low: float, high: float, target: float, reach: float
) -> float | None:
    """The middle of the silence that is long and near the target; None when none lies in reach."""
    middles = [(s.start + s.end) / 2 for s in silences if s.end > low and s.start < high]
    lengths = [s.end - s.start for s in silences if s.end > low and s.start < high]
    scored = [
        (min(long, _LONG_ENOUGH) / _LONG_ENOUGH - abs(middle - target) / max(reach, STEP), middle)
        for middle, long in zip(middles, lengths, strict=True)
        if low <= middle <= high
    ]
    return max(scored)[1] if scored else None


def levels(audio: Path) -> Levels:
    """Measure the loudness of a whole recording a minute at a time. Raises `InvalidInput`."""
    pieces = [sample_levels(block) for block in read_blocks(audio, seconds=60.0)]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)


def sample_levels(samples: Samples) -> Levels:
    """The loudness of samples at 16 kHz."""
    frame = round(STEP * RATE)
    whole = np.pad(samples, (0, -len(samples) % frame)).reshape(-1, frame)
    power = np.mean(whole.astype(np.float64) ** 2, axis=1)
    loudness: Levels = (10 * np.log10(np.maximum(power, 10 ** (_FLOOR / 10)))).astype(np.float32)
    return loudness


def find_silences(heard: Levels, shortest: float = _SHORTEST_SILENCE) -> list[Span]:
    """Stretches of at least `shortest` seconds that are quiet against this recording's own noise floor."""
    if not len(heard):
        return []
    floor, speech = np.percentile(heard, [10, 95])
    threshold = max(_AUDIBLE, min(max(floor + _ABOVE_FLOOR, speech - _BELOW_SPEECH), speech - _ABOVE_FLOOR))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], heard < threshold, [0]))))
    pairs = edges.reshape(-1, 2)
    return [Span(float(a) * STEP, float(b) * STEP) for a, b in pairs if (b - a) * STEP >= shortest]


def quietest(heard: Levels, start: float, end: float, width: float = 0.2) -> float:
    """The middle of the quietest `width` seconds between `start` and `end` (seconds)."""
    first, last = max(0, round(start / STEP)), min(len(heard), round(end / STEP))
    size = max(1, min(round(width / STEP), last - first))
    if last <= first:
        return (start + end) / 2
    mean = np.convolve(heard[first:last], np.ones(size) / size, mode="valid")
    return float((first + int(np.argmin(mean)) + size / 2) * STEP)

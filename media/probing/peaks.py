"""The waveform: how loud each tenth of a second is, and where nobody speaks. Pure.

ffmpeg's `astats` filter measures windows of a tenth of a second; `ametadata` prints its levels, one block a
window (ffmpeg-filters, “astats” and “ametadata”).
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Sequence

NAME = "waveform"
FILE = "waveform.json"
PER_SECOND = 10
QUIETEST_DB = -60.0
SILENCE_SECONDS = 0.3
SILENCE_BELOW_DB = -20.0
"""Silence is so far below the speech, which is what the louder half of all windows shows."""
_LEVEL = re.compile(r"lavfi\.astats\.Overall\.RMS_level=(-?[0-9.]+|-?inf|-?nan)")


def parse_levels(printed: str) -> list[float]:
    """Levels in dB below full scale, one for each window; silence is `QUIETEST_DB`."""
    return [_level(found) for found in _LEVEL.findall(printed)]


def _level(text: str) -> float:
    value = float(text)
    return min(0.0, max(QUIETEST_DB, value)) if math.isfinite(value) else QUIETEST_DB


def silences(levels: Sequence[float]) -> list[tuple[float, float]]:
    """Spans in seconds that are 20 dB quieter than the speech for at least 0.3 s."""
    spoken = sorted(level for level in levels if level > QUIETEST_DB)
    if not spoken:
        return [(0.0, len(levels) / PER_SECOND)] if levels else []
    limit = spoken[len(spoken) * 3 // 4] + SILENCE_BELOW_DB
    found: list[tuple[float, float]] = []
    begun: int | None = None
    for index, level in enumerate([*levels, 0.0]):
        if level <= limit:
            begun = index if begun is None else begun
        elif begun is not None:
            if index - begun >= SILENCE_SECONDS * PER_SECOND:
                found.append((begun / PER_SECOND, index / PER_SECOND))
            begun = None
    return found


def waveform_json(levels: Sequence[float]) -> str:
    """The rendition's file: `peaks` are bytes in base64, 0 for -60 dB and less, 255 for full scale."""
    peaks = bytes(round(255 * (1 - level / QUIETEST_DB)) for level in levels)
    value = {
        "per_second": PER_SECOND,
        "peaks": base64.b64encode(peaks).decode("ascii"),
        "silences": silences(levels),
    }
    return json.dumps(value, separators=(",", ":"))

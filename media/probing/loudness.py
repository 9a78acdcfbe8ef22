"""Evening out loudness. Pure.

The target is −18 LUFS, what AES TD1008 (2021) asks of speech in streaming; music platforms' −14 would
need heavy limiting of unprepared speech, broadcast's −23 (EBU R 128) is too soft for a phone's speaker
in a noisy place. Loudness is measured on the mono mix as it leaves two speakers (dual mono), so that a
stereo source at −18 and its mono rendition are equally loud.
"""

from __future__ import annotations

import re

TARGET_LUFS = -18.0
LARGEST_GAIN_DB = 20.0
SILENCE_LUFS = -69.9  # ebur128's absolute gate is −70: nothing louder was heard
PEAK = 0.84  # linear full scale, −1.5 dB: AAC overshoots a little


def gain_for(lufs: float | None) -> float:
    """Change in dB that brings `lufs` to the target, within ±20 dB; 0 for silence (None)."""
    if lufs is None:
        return 0.0
    return round(max(-LARGEST_GAIN_DB, min(LARGEST_GAIN_DB, TARGET_LUFS - lufs)), 1)


def parse_loudness(log: str) -> float | None:
    """Integrated loudness in LUFS from the summary ffmpeg's `ebur128` logs; None for silence."""
    found = re.findall(r"^\s*I:\s*(-?\d+(?:\.\d+)?) LUFS", log, re.MULTILINE)
    if not found:
        return None
    lufs = float(found[-1])
    return lufs if lufs > SILENCE_LUFS else None

"""Moments of one stretch do not stand in a row: the best of them leads there, the others come later. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from search.index import Hit
from search.passages.passage import PassageKind

STRETCH_SECONDS = 90.0
"""Speech that begins so near to a better hit of its episode is of the same stretch."""


def spread(hits: Sequence[Hit]) -> list[Hit]:
    """The same hits, those of speech beside a better one after all others."""
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        speech = hit.passage.kind is PassageKind.SPEECH
        (later if speech and any(_beside(hit, better) for better in first) else first).append(hit)
    return first + later


def _beside(hit: Hit, better: Hit) -> bool:
    one, other = hit.passage, better.passage
    return one.episode == other.episode and other.start - STRETCH_SECONDS < one.start < max(
        other.end, other.start + STRETCH_SECONDS
    )

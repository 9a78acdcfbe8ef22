"""The transcript as it is read: cues gathered into paragraphs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transcribe.cues import Cue
from web.text.times import address_time, clock

PARAGRAPH_SECONDS = 24.0
PAUSE_SECONDS = 1.5
_SENTENCE_ENDS = (".", "?", "!", "…")


@dataclass(frozen=True, slots=True)
class CueView:
    """A cue: its text on one line, and its start and end in seconds as text."""

    start: str
    end: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Cues read together; `clock` is when the first one is said."""

    clock: str
    start: str
    cues: tuple[CueView, ...]


def paragraphs(cues: Sequence[Cue]) -> list[Paragraph]:
    """Gather cues: a new paragraph after a long pause, or at a sentence's end once one is long enough."""
    groups: list[list[Cue]] = []
    for cue in cues:
        if groups and not _breaks(groups[-1], cue):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return [_paragraph(group) for group in groups]


def _breaks(group: Sequence[Cue], cue: Cue) -> bool:
    last, span = group[-1], cue.end - group[0].start
    ended = last.text.rstrip().endswith(_SENTENCE_ENDS)
    paused = cue.start - last.end >= PAUSE_SECONDS
    return (
        (span > PARAGRAPH_SECONDS and ended)
        or (span > PARAGRAPH_SECONDS / 2 and paused)
        or span > 2 * PARAGRAPH_SECONDS
    )


def _paragraph(group: Sequence[Cue]) -> Paragraph:
    cues = tuple(
        CueView(address_time(cue.start), address_time(cue.end), " ".join(cue.text.split())) for cue in group
    )
    return Paragraph(clock(group[0].start), cues[0].start, cues)

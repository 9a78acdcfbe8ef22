"""Units: the pieces of speech, a caption or a part of one, of which each is asking, answering or neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transcribe.segmenting.running_text import RunningText

LONGEST = 14
"""Words; a longer caption is cut into pieces of about `USUAL` words, as captions differ in length."""
USUAL = 9

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters `first` to `last` of the running text, said from `start` to `end` (seconds)."""

    first: int
    last: int
    start: float
    end: float


def units_of(text: RunningText) -> list[Unit]:
    """All that is said, in pieces of at most `LONGEST` words."""
    return [unit for index in range(len(text.cues)) for unit in _pieces(text, index)]


def _pieces(text: RunningText, index: int) -> Iterator[Unit]:
    cue, begin = text.cues[index], text.cue_offset(index)
    following = text.cue_offset(index + 1) - 1 if index + 1 < len(text.cues) else len(text.text)
    words = [match.start() for match in _WORD.finditer(text.text, begin, following)]
    count = -(-len(words) // USUAL) if len(words) > LONGEST else 1
    firsts = [words[len(words) * piece // count] if words else begin for piece in range(count)]
    for first, last in zip(firsts, [*(each - 1 for each in firsts[1:]), following], strict=True):
        start, end = (_time(text, index, place, following) for place in (first, last))
        yield Unit(first, last, start if first > begin else cue.start, end)


def _time(text: RunningText, index: int, offset: int, following: int) -> float:
    """When a character of cue `index` is said: by its word's time, else by its place in the cue."""
    cue, begin = text.cues[index], text.cue_offset(index)
    if offset >= following:
        return cue.end
    if cue.words:
        return text.time_at(offset)
    return cue.start + (cue.end - cue.start) * (offset - begin) / max(1, following - begin)

"""Cuts the script's sentences into captions: at most two lines of 42 characters and seven seconds."""

from __future__ import annotations

import math
import re
import textwrap
from dataclasses import dataclass

LINE = 42
LONGEST = 7.0  # seconds
NAMED = re.compile(r"\b(anh|chị|ông|bà) (?=[A-ZĐ]\b)", re.IGNORECASE)
TIE = "_"  # stands for a space at which no line may end ("chị L.")
CLAUSE_ENDS = (",", ";", ":", ".")


@dataclass(frozen=True, slots=True)
class Caption:
    """Times in seconds."""

    start: float
    end: float
    text: str


def captions(text: str, start: float, end: float) -> list[Caption]:
    """Cut one sentence spoken from `start` to `end`; pieces share the time by their letters."""
    text = NAMED.sub(rf"\1{TIE}", text)
    fewest = max(1, math.ceil(len(text) / (2 * LINE)), math.ceil((end - start) / LONGEST))
    for count in range(fewest, len(text.split()) + 1):
        pieces = _cut(text.split(), count)
        made = _timed(pieces, start, end)
        if all(_fits(caption) for caption in made):
            return made
    raise ValueError(f"cannot cut into captions: {text}")


def srt(made: list[Caption]) -> str:
    """SubRip text."""
    blocks = (f"{n}\n{_time(c.start)} --> {_time(c.end)}\n{c.text}\n" for n, c in enumerate(made, 1))
    return "\n".join(blocks)


def _cut(words: list[str], count: int) -> list[str]:
    """Into `count` pieces of about the same length, preferring to end them at a comma."""
    pieces = []
    for left in range(count, 1, -1):
        goal = len(" ".join(words)) / left
        best = min(range(1, len(words) - left + 2), key=lambda n: _cost(words, n, goal))
        pieces.append(" ".join(words[:best]))
        words = words[best:]
    return [*pieces, " ".join(words)]


def _cost(words: list[str], taken: int, goal: float) -> float:
    length = len(" ".join(words[:taken]))
    too_long = 1000 if length > 2 * LINE else 0
    return abs(length - goal) + too_long - (18 if words[taken - 1].endswith(CLAUSE_ENDS) else 0)


def _timed(pieces: list[str], start: float, end: float) -> list[Caption]:
    total, at, made = sum(map(len, pieces)), start, []
    for piece in pieces:
        until = at + (end - start) * len(piece) / total
        made.append(Caption(at, until, _two_lines(piece).replace(TIE, " ")))
        at = until
    return made


def _two_lines(text: str) -> str:
    if len(text) <= LINE:
        return text
    for width in range(math.ceil(len(text) / 2), LINE + 1):
        lines = textwrap.wrap(text, width, break_on_hyphens=False)
        if len(lines) == 2:
            return "\n".join(lines)
    return "\n".join(textwrap.wrap(text, LINE, break_on_hyphens=False))


def _fits(caption: Caption) -> bool:
    return caption.text.count("\n") < 2 and caption.end - caption.start <= LONGEST


def _time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"

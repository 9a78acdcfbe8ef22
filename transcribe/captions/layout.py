"""Cutting words into cues that can be read: at clauses and pauses, two lines of 42 characters, 7 seconds.

The limits are those of the common subtitling guides (Netflix Timed Text Style Guide: 42 characters a
line, two lines, 5/6 second to 7 seconds). Where to cut is the cheapest path over all places to cut, with
the costs below, as TeX breaks paragraphs into lines (Knuth & Plass 1981).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcribe.cues import Cue, Word

LINE = 42
"""Characters of a line."""
LONGEST = 7.0
"""Seconds a cue is shown at most."""
SHORTEST = 0.8
"""Seconds a cue is shown at least, where the next one leaves room."""
_READING = 17.0
"""Characters a second that are read with ease; a cue stays up that long where there is room."""
_LINGER = 1.0
"""Seconds a cue may stay after its last word for the sake of reading."""

_PAUSE = 0.25
"""Seconds between words that count as a pause."""
_BREAK = 1.5
"""Seconds of silence that no cue spans."""

# Costs: a cut costs by what it tears apart, a cue by being there, being short, or spanning an end.
_CUE = 1.0
_AFTER_SENTENCE, _AFTER_CLAUSE, _BEFORE_CLAUSE, _ANYWHERE = 0.0, 1.5, 2.5, 6.0
_PAUSE_HELPS = 12.0
"""What each second of pause takes off the cost of a cut, and adds to a cue that spans it."""
_SPANS_SENTENCE = 1.5
_TOO_SHORT = 3.0

_VIETNAMESE_STARTERS = "và thì nhưng mà nên vì để nếu khi hoặc hay còn do bởi tuy rồi cho với tại từ trong"
_ENGLISH_STARTERS = "and but or so because if when while which that who where than then to for with from in"
_CLAUSE_STARTERS = frozenset(f"{_VIETNAMESE_STARTERS} {_ENGLISH_STARTERS}".split())
_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？")
_CLAUSE_END = (",", ";", ":", "，", "、", "；", "：", "–", "—")
_CLOSING = "\"'”’)]»"


@dataclass(frozen=True, slots=True)
class _Gap:
    """What a cut before a word would cost, and what a cue that spans the place pays."""

    cut: float
    span: float
    forced: bool


def cut_cues(words: Sequence[Word], line: int = LINE, longest: float = LONGEST) -> list[Cue]:
    """Cut `words` (in order of time) into cues of at most two lines of `line` characters.

    A word longer than a line stands alone, unbroken. Times are in seconds; cues never overlap, none
    lasts over `longest` seconds, and each keeps its words.
    """
    said = [word for word in words if word.text.strip()]
    if not said:
        return []
    gaps = [_gap(left, right) for left, right in pairwise(said)]
    bounds = _cheapest(said, gaps, line, longest)
    groups = [said[a:b] for a, b in pairwise(bounds)]
    following = [group[0].start for group in groups[1:]] + [math.inf]
    return [
        _cue(group, next_start, line, longest) for group, next_start in zip(groups, following, strict=True)
    ]


def laid_out(text: str, line: int = LINE) -> str:
    """`text`, words between single spaces, in two lines where one of `line` characters is not enough."""
    texts = text.split(" ")
    at = _split(texts, line) if len(text) > line else None
    return text if at is None else " ".join(texts[:at]) + "\n" + " ".join(texts[at:])


def _gap(left: Word, right: Word) -> _Gap:
    pause = max(0.0, right.start - left.end)
    bare = left.text.rstrip(_CLOSING)
    starter = right.text.strip("\"'“‘([«").lower() in _CLAUSE_STARTERS
    ends = bare.endswith(_SENTENCE_END)
    if ends:
        cut = _AFTER_SENTENCE
    elif bare.endswith(_CLAUSE_END):
        cut = _AFTER_CLAUSE
    else:
        cut = _BEFORE_CLAUSE if starter else _ANYWHERE
    relief = _PAUSE_HELPS * pause if pause >= _PAUSE else 0.0
    return _Gap(max(0.0, cut - relief), relief + (_SPANS_SENTENCE if ends else 0.0), pause > _BREAK)


def _cheapest(words: Sequence[Word], gaps: Sequence[_Gap], line: int, longest: float) -> list[int]:
    """Indices where cues begin, and the end: the cheapest path (dynamic programming, cues ≤ 2 lines)."""
    best = [0.0] + [math.inf] * len(words)
    came = [0] * (len(words) + 1)
    for begin in range(len(words)):
        spanned, length = 0.0, -1
        for end in range(begin + 1, len(words) + 1):
            length += len(words[end - 1].text) + 1
            if end - begin > 1:
                spanned += gaps[end - 2].span
                if gaps[end - 2].forced or not _allowed(words[begin:end], length, line, longest):
                    break
            cut = gaps[end - 1].cut if end < len(words) else 0.0
            cost = best[begin] + _CUE + cut + spanned + _shortness(words[begin], words[end - 1], length)
            if cost < best[end]:
                best[end], came[end] = cost, begin
    bounds = [len(words)]
    while bounds[-1]:
        bounds.append(came[bounds[-1]])
    return bounds[::-1]


def _allowed(group: Sequence[Word], length: int, line: int, longest: float) -> bool:
    if length > 2 * line + 1 or group[-1].end - group[0].start > longest:
        return False
    return length <= line or _split([word.text for word in group], line) is not None


def _shortness(first: Word, last: Word, length: int) -> float:
    """A cue that flashes by or holds a word or two is a nuisance, but a real short sentence is not much of one."""
    duration = max(0.0, last.end - first.start)
    return _TOO_SHORT * (max(0.0, 1 - duration / SHORTEST) + max(0.0, 1 - length / 12) / 2)


def _split(texts: Sequence[str], line: int) -> int | None:
    """Where the second line best begins: both fit, even, after punctuation rather; None when none fits."""
    total = sum(map(len, texts)) + len(texts) - 1
    best: tuple[float, int] | None = None
    first = -1
    for index in range(1, len(texts)):
        first += len(texts[index - 1]) + 1
        second = total - first - 1
        if first > line or second > line:
            continue
        bonus = 16 if texts[index - 1].rstrip(_CLOSING).endswith(_SENTENCE_END + _CLAUSE_END) else 0
        bonus = bonus or (8 if texts[index].lower() in _CLAUSE_STARTERS else 0)
        score = abs(first - second) - bonus
        if best is None or score < best[0]:
            best = (score, index)
    return best[1] if best else None


def _cue(group: Sequence[Word], next_start: float, line: int, longest: float) -> Cue:
    text = laid_out(" ".join(word.text.strip() for word in group), line)
    start = group[0].start
    spoken = max(start, group[-1].end)
    readable = min(max(spoken, start + len(text) / _READING), spoken + _LINGER)
    end = min(max(readable, start + SHORTEST), next_start, start + longest)
    return Cue(start=start, end=round(end, 3), text=text, words=tuple(group))

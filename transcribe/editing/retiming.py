"""Keeping the words' times when a person changes the text. Pure.

The new words are aligned with the old ones by their folded forms (difflib); equal ones keep their times,
changed ones share the time of those they replace in proportion to their letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from transcribe.cues import Cue, Word
from transcribe.segmenting.running_text import fold


def retimed(old: Sequence[Cue], after: Sequence[Cue], confirms: bool) -> tuple[Cue, ...]:
    """`after` with words. Cues without any words stay so; words that came along are kept where they fit.

    Args:
        old: the cues replaced, with the words that are known.
        after: the cues in order, texts and times final.
        confirms: every word counts as sure from now on.
    """
    if not any(cue.words for cue in old):
        return tuple(cue if fits(cue) else replace(cue, words=()) for cue in after)
    if all(fits(cue) for cue in after):
        return tuple(after)
    texts = [cue.text.split() for cue in after]
    timed = list(_aligned(old, [word for each in texts for word in each], confirms))
    made, begin = [], 0
    for cue, words in zip(after, texts, strict=True):
        made.append(replace(cue, words=_within(cue, timed[begin : begin + len(words)])))
        begin += len(words)
    return tuple(made)


def fits(cue: Cue) -> bool:
    """Whether the cue's words are those of its text, in order and inside its times."""
    ends = [cue.start, *(time for word in cue.words for time in (word.start, word.end)), cue.end]
    ordered = all(a <= b + 1e-6 for a, b in pairwise(ends))
    sure = all(0 <= word.confidence <= 1 for word in cue.words)
    return bool(cue.words) and ordered and sure and [word.text for word in cue.words] == cue.text.split()


def _aligned(old: Sequence[Cue], texts: Sequence[str], confirms: bool) -> Iterator[Word]:
    known = [word for cue in old for word in _timed(cue)]
    matcher = SequenceMatcher(None, [fold(w.text) for w in known], [fold(t) for t in texts], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            for word, text in zip(known[a:b], texts[c:d], strict=True):
                same = text == word.text and not confirms
                yield replace(word, text=text, confidence=word.confidence if same else 1.0)
        elif d > c:
            start = known[a].start if a < b else (known[a - 1].end if a else old[0].start)
            end = known[b - 1].end if a < b else (known[a].start if a < len(known) else old[-1].end)
            yield from shared(texts[c:d], start, max(start, end))


def shared(texts: Sequence[str], start: float, end: float, confidence: float = 1.0) -> Iterator[Word]:
    """Words that share the seconds from `start` to `end` in proportion to their letters."""
    total, done = sum(map(len, texts)) or 1, 0
    for text in texts:
        begin, done = done, done + len(text)
        yield Word(
            text,
            round(start + (end - start) * begin / total, 3),
            round(start + (end - start) * done / total, 3),
            confidence,
        )


def _timed(cue: Cue) -> Iterator[Word]:
    if cue.words:
        yield from cue.words
    else:
        yield from shared(cue.text.split(), cue.start, cue.end)


def _within(cue: Cue, words: Sequence[Word]) -> tuple[Word, ...]:
    """The words inside the cue's times, never going back."""
    kept, last = [], cue.start
    for word in words:
        start = min(max(word.start, last), cue.end)
        last = min(max(word.end, start), cue.end)
        kept.append(replace(word, start=start, end=last))
    return tuple(kept)

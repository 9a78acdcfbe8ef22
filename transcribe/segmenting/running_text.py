"""The text of all cues in one piece, with a way back from any character to a time.

Phrases such as "next question" cross caption borders, so they are looked for in one string. Beside it
stands the folded text (lower case, no diacritics, đ as d) of exactly the same length, so that an
offset in one is an offset in the other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from transcribe.cues import Cue

_STROKED = str.maketrans("đĐ", "dd")
_SENTENCE_END = re.compile(r"[.?!…][\"')\]”’]*(?=\s)")
_TITLE = re.compile(r"\b(?:mr|mrs|ms|dr|st|hon|ths|ts|bs|gs|pgs|tp|ls)\.$")
_INITIAL = re.compile(r"(?:\b[a-z]|\d)\.$")
_UNPUNCTUATED_WORDS = 45
_LONGEST_SENTENCE = 80
_PAUSE, _SHORT_PAUSE = 1.2, 0.25
_SELDOM_WORDS = 18
_LONG_SENTENCE = 30


def fold(text: str) -> str:
    """Lower-case letters without diacritics, one character for one character of the NFC `text`."""
    return "".join(_fold_character(character) for character in text.translate(_STROKED))


@cache
def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    return (unicodedata.normalize("NFD", character)[0].lower() or character)[0]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the running text, `start` to `end` in characters."""

    start: int
    end: int


class RunningText:
    """All cues joined by spaces. `text` and `folded` have the same length."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        """Join `cues`, which are in order of time; empty ones are skipped."""
        self.cues: list[Cue] = []
        self._offsets: list[int] = []
        parts: list[str] = []
        length = 0
        for cue in cues:
            text = " ".join(unicodedata.normalize("NFC", cue.text).split())
            if not text:
                continue
            self.cues.append(cue)
            self._offsets.append(length)
            parts.append(text)
            length += len(text) + 1
        self.cue_starts = [cue.start for cue in self.cues]
        self.text = " ".join(parts)
        self.folded = fold(self.text)
        self.cased = sum(map(str.isupper, self.text)) * 100 > len(self.text)
        """Whether capitals are written, so that names can be told by them."""
        self.toned = sum(map(str.isascii, self.text)) * 20 < len(self.text) * 19
        """Whether diacritics are written, so that words can be told by them."""
        self.sentences = self._split()

    def cue_at(self, offset: int) -> int:
        """The number of the cue that holds character `offset`."""
        return max(0, bisect_right(self._offsets, offset) - 1)

    def cue_offset(self, index: int) -> int:
        """The first character of cue `index`."""
        return self._offsets[index]

    def time_at(self, offset: int) -> float:
        """When character `offset` is said: its word's start where word times are known, else its cue's
        start. Seconds."""
        index = self.cue_at(offset)
        cue = self.cues[index]
        if not cue.words:
            return cue.start
        within, place = offset - self._offsets[index], 0
        for word in cue.words:
            place += len(word.text) + 1
            if place > within:
                return min(max(word.start, cue.start), cue.end)
        return cue.start

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds character `offset`."""
        return max(0, bisect_right(self.sentences, offset, key=lambda sentence: sentence.start) - 1)

    def _split(self) -> list[Sentence]:
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text) if not self._abbreviation(match)]
        self.punctuated = len(ends) * _UNPUNCTUATED_WORDS >= self.text.count(" ")
        cuts = set(ends)
        for index in range(1, len(self.cues)):
            pause = self.cues[index].start - self.cues[index - 1].end
            if not self.punctuated or pause >= _PAUSE or self._begins_anew(index, pause):
                cuts.add(self._offsets[index] - 1)
        seldom = len(ends) * _SELDOM_WORDS < self.text.count(" ")
        return self._bounded(sorted(cuts | self._run_on(sorted(cuts)) if seldom else cuts))

    def _begins_anew(self, index: int, pause: float) -> bool:
        """Whether recognition wrote a comma, or nothing, but goes on with a pause and a capital."""
        start = self._offsets[index]
        capital = self.cased and self.text[start].isupper() and self.text[start + 1 : start + 2].islower()
        return capital and pause >= _SHORT_PAUSE

    def _run_on(self, cuts: list[int]) -> set[int]:
        """Commas at captions' ends that part sentences which never end."""
        more: set[int] = set()
        for start, end in pairwise([0, *cuts, len(self.text)]):
            if self.text.count(" ", start, end) > _LONG_SENTENCE:
                for index in range(self.cue_at(start) + 1, self.cue_at(max(start, end - 1)) + 1):
                    pause = self.cues[index].start - self.cues[index - 1].end
                    if pause >= _SHORT_PAUSE and self.text[self._offsets[index] - 2] == ",":
                        more.add(self._offsets[index] - 1)
        return more

    def _abbreviation(self, match: re.Match[str]) -> bool:
        """Whether the full stop only shortens a title or, before a small letter, a name ("Ms L., who")."""
        if match[0] != ".":
            return False
        begin = max(0, match.start() - 5)
        if _TITLE.search(self.folded, begin, match.end()):
            return True
        small = self.text[match.end() + 1 : match.end() + 2].islower()
        return small and bool(_INITIAL.search(self.folded, begin, match.end()))

    def _bounded(self, cuts: list[int]) -> list[Sentence]:
        """Sentences between `cuts`; those that never end are cut at caption borders as well."""
        sentences: list[Sentence] = []
        start = 0
        for cut in [*cuts, len(self.text)]:
            if self.text.count(" ", start, cut) > _LONGEST_SENTENCE:
                for index in range(self.cue_at(start) + 1, self.cue_at(max(start, cut - 1)) + 1):
                    self._append(sentences, start, self._offsets[index] - 1)
                    start = self._offsets[index]
            self._append(sentences, start, cut)
            start = cut + 1
        return sentences

    @staticmethod
    def _append(sentences: list[Sentence], start: int, end: int) -> None:
        if end > start:
            sentences.append(Sentence(start, end))

"""Salient phrases: runs of words that tell what a stretch of speech is about, as written there.

A phrase is a run of words within a clause that neither begins nor ends with a weak word. It weighs by how often it is
said, more in questions and where a chapter is announced, and counts for nothing where a longer phrase is said about as
often (after the C-value of Frantzi, Ananiadou and Mima 2000).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText, fold
from transcribe.segments import Segment

WORD = re.compile(r"\b[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BREAK = re.compile(r"[^\w\s'’-]|\d")
_PAUSE = 0.25
_LONGEST = 6
"""Words of a phrase."""
_SHORTEST_LETTERS = 4
_ASKED, _ANNOUNCED, _SUBJECT = 3.0, 2.0, 2.5
_ANNOUNCES = 15.0
_OPENING = 90.0
_AS_OFTEN = 1.34


@dataclass(frozen=True, slots=True)
class _Lists:
    """The pack's lists as keys of a text, which may lack diacritics. `known`: generic phrases and subjects;
    `beginnings`: first words of subjects."""

    weak: frozenset[str]
    generic: frozenset[str]
    taxonomy: frozenset[str]
    known: frozenset[str]
    beginnings: frozenset[str]

    @classmethod
    def of(cls, text: RunningText, pack: LanguagePack | None) -> _Lists:
        if pack is None:
            return cls(*[frozenset[str]()] * 5)
        toned = text.toned and pack.bigrams
        weak, generic, taxonomy = (
            frozenset(
                " ".join(_singular(pack, word) for word in (name.lower() if toned else fold(name)).split())
                for name in names
            )
            for names in (pack.weak, pack.generic, pack.taxonomy)
        )
        beginnings = frozenset(subject.split()[0] for subject in taxonomy)
        return cls(weak, generic, taxonomy, generic | taxonomy, beginnings)


@dataclass(slots=True)
class Phrase:
    """A phrase of one chapter.

    `homes`: its weight in each answer (by number), -1 being elsewhere; `first`: the character where it is first said;
    `spelled`: how often each spelling is written.
    """

    homes: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    first: int = 0
    spelled: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How often it is said."""
        return self.spelled.total()

    @property
    def weight(self) -> float:
        """Its weight in all answers and elsewhere."""
        return sum(self.homes.values())

    @property
    def home(self) -> int:
        """The answer in which it weighs most, -1 when it is said in none."""
        inside = {number: weight for number, weight in self.homes.items() if number >= 0}
        return max(inside, key=lambda number: inside[number], default=-1)


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Characters at which an answer's question begins, the answer itself begins, and it ends."""

    start: int
    answer: int
    end: int

    @classmethod
    def of(cls, text: RunningText, answer: Segment) -> AnswerPlace:
        """Where `answer` is in `text`."""
        begins = answer.start if answer.answer_start is None else answer.answer_start
        start, end = characters(text, answer.start, answer.end)
        return cls(start, characters(text, answer.start, begins)[1], end)


def characters(text: RunningText, start: float, stop: float) -> tuple[int, int]:
    """The characters of the captions that start from `start` until before `stop` (seconds)."""
    first, after = bisect_left(text.cue_starts, start), bisect_left(text.cue_starts, stop)
    begin, end = (
        text.cue_offset(index) if index < len(text.cues) else len(text.text) for index in (first, after)
    )
    return begin, max(begin, end)


def phrases_of(
    text: RunningText,
    pack: LanguagePack | None,
    span: tuple[int, int],
    places: Sequence[AnswerPlace],
    later: bool,
) -> dict[str, Phrase]:
    """The phrases of one chapter by their key, those that longer ones contain taken out."""
    found: dict[str, Phrase] = defaultdict(Phrase)
    lists = _Lists.of(text, pack)
    announced = text.time_at(span[0]) + _ANNOUNCES if later and span[0] < span[1] else 0.0
    shortest = 2 if pack and pack.bigrams else 1
    for run in _runs(text, span):
        keys = [_key(text, pack, word) for word in run]
        at = run[0].start()
        home = bisect_right(places, at, key=lambda place: place.start) - 1
        home = home if home >= 0 and at < places[home].end else -1
        loud = _ANNOUNCED if announced and text.time_at(at) < announced else 1.0
        loud = _ASKED if home >= 0 and at < places[home].answer else loud
        for first, last in _sizes(len(run), shortest):
            if _stands_alone(keys, first, last, lists):
                key = " ".join(keys[first:last])
                phrase = found[key]
                phrase.first = phrase.first if phrase.homes else run[first].start()
                phrase.homes[home] += loud * _worth(last - first, shortest, key in lists.taxonomy)
                phrase.spelled[_spelled(text, run[first].start(), run[last - 1].end())] += 1
    kept = {key: phrase for key, phrase in found.items() if phrase.count > 1 or key in lists.taxonomy}
    return _without_parts(kept, lists.taxonomy)


def _worth(size: int, shortest: int, subject: bool) -> float:
    """Long phrases say more; a single word that is no known subject says little."""
    alone = 0.5 if size == 1 and not subject else 1.0
    return alone * (_SUBJECT if subject else 1.0) * (1 + 0.25 * min(2, size - shortest))


def outline_of(text: RunningText, pack: LanguagePack | None, places: Sequence[AnswerPlace]) -> set[str]:
    """What the presenter names before the first question, if that comes soon: the programme's subjects."""
    if not places or text.time_at(places[0].start) > _OPENING:
        return set()
    runs = [[_key(text, pack, word) for word in run] for run in _runs(text, (0, places[0].start))]
    return {" ".join(run[first:last]) for run in runs for first, last in _sizes(len(run), 1)}


def _sizes(length: int, shortest: int) -> Iterator[tuple[int, int]]:
    for first in range(length):
        for last in range(first + shortest, min(first + _LONGEST, length) + 1):
            yield first, last


def _runs(text: RunningText, span: tuple[int, int]) -> Iterator[list[re.Match[str]]]:
    """Words in a row that no punctuation, figure or pause parts."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text.text, *span):
        if run and _is_parted(text, run[-1].end(), word.start()):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_parted(text: RunningText, end: int, start: int) -> bool:
    if _BREAK.search(text.text, end, start):
        return True
    before, after = text.cue_at(end - 1), text.cue_at(start)
    return after != before and text.cues[after].start - text.cues[before].end > _PAUSE


def _key(text: RunningText, pack: LanguagePack | None, word: re.Match[str]) -> str:
    if pack and pack.bigrams and text.toned:
        return word[0].lower()
    return _singular(pack, text.folded[word.start() : word.end()])


def _singular(pack: LanguagePack | None, word: str) -> str:
    """English words that differ by a final s are one."""
    if pack is None or pack.bigrams or len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-1]


def _stands_alone(keys: list[str], first: int, last: int, lists: _Lists) -> bool:
    """Whether the words `first` to `last` of a run make a phrase that tells something by itself."""
    if keys[first] in lists.weak and keys[first] not in lists.beginnings:
        return False
    phrase = keys[first:last]
    if " ".join(phrase) in lists.taxonomy:
        return True
    edges = {" ".join(edge) for size in range(1, 4) for edge in (phrase[:size], phrase[-size:])}
    around = (keys[max(0, first - 1) : first + 1], keys[last - 1 : last + 1])
    cut = any(len(pair) == 2 and " ".join(pair) in lists.known for pair in around)
    return not (
        cut
        or len(set(phrase)) < len(phrase)
        or len("".join(phrase)) < _SHORTEST_LETTERS
        or any(key in lists.weak for key in phrase)
        or any(edge in lists.generic for edge in edges)
    )


def _spelled(text: RunningText, begin: int, end: int) -> str:
    """As written, without the capital that a word has only because it begins a sentence."""
    said = " ".join(text.text[begin:end].split())
    before = text.text[:begin].rstrip()[-1:] if begin < 200 else text.text[begin - 3 : begin].rstrip()[-1:]
    opens = not before or before in ".?!…:" or text.cue_offset(text.cue_at(begin)) == begin
    return said[0].lower() + said[1:] if opens and said[1:2].islower() else said


def _without_parts(found: dict[str, Phrase], taxonomy: frozenset[str]) -> dict[str, Phrase]:
    """Take out phrases said hardly more often than a longer one that contains them."""
    drop: set[str] = set()
    for key, phrase in found.items():
        words = key.split()
        for size in range(1, len(words)):
            for place in range(len(words) - size + 1):
                part = " ".join(words[place : place + size])
                if part in found and found[part].count <= phrase.count * _AS_OFTEN and part not in taxonomy:
                    drop.add(part)
    return {key: phrase for key, phrase in found.items() if key not in drop}

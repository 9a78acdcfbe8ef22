"""Chapters: a partition of the recording at explicit transitions and where the vocabulary changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, pstdev

from transcribe.segmenting.cohesion import depth_scores, syllable_terms
from transcribe.segmenting.headings import chapter_titles
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText
from transcribe.segments import Segment, SegmentKind

_SHORTEST_EPISODE = 120.0
_SHORTEST_CHAPTER = 60.0
_CHAPTERS_AT_MOST = 12
"""In a recording of less than 48 minutes; longer ones may have more."""
_REACH = 40.0
_UNIT = 30.0
"""Seconds of speech that are compared as one unit of cohesion."""


@dataclass(frozen=True, slots=True)
class ChapterRules:
    """How borders are weighed. Scores are in standard deviations of the depth, distances in seconds.

    Taken from the middle of a broad plateau of some 5,000 settings tried on 18 committee meetings; see
    `bench/segmentation.py`.
    """

    transition: float = 3.0
    hand_over: float = 1.0
    threshold: float = 1.5
    spacing: float = 240.0
    window: int = 6
    lonely: float = 480.0
    """Vocabulary alone makes a border only where no phrase is as near as this."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    time: float
    announced: bool = False


def chapters_from(
    text: RunningText,
    pack: LanguagePack | None,
    hand_overs: Sequence[int],
    answers: Sequence[Segment],
    end: float,
    rules: ChapterRules,
) -> list[Segment]:
    """Chapters that follow one another without gaps from 0 to `end`; none in a recording of less than two minutes.

    Args:
        hand_overs: characters at which questions are handed over.
        answers: only an announced transition makes a border inside one of them.
        end: of the recording, in seconds.
    """
    if end < _SHORTEST_EPISODE:
        return []
    borders = _choose(_candidates(text, pack, hand_overs, rules), answers, end, rules)
    times = [0.0, *borders, end]
    titles = chapter_titles(text, pack, times, answers)
    return [
        Segment(SegmentKind.CHAPTER, start, stop, title, confidence=0.4)
        for (start, stop), title in zip(pairwise(times), titles, strict=True)
    ]


def _candidates(
    text: RunningText, pack: LanguagePack | None, hand_overs: Sequence[int], rules: ChapterRules
) -> list[_Candidate]:
    """Possible borders: where something is announced, and elsewhere where the vocabulary changes."""
    starts, depths = _depths(text, pack, rules)
    transitions = [match.start() for match in pack.transition.finditer(text.folded)] if pack else []
    phrases: list[_Candidate] = []
    for offsets, bonus, announced in (
        (hand_overs, rules.hand_over, False),
        (transitions, rules.transition, True),
    ):
        for offset in offsets:
            time = text.time_at(text.sentences[text.sentence_at(offset)].start)
            phrases.append(_Candidate(bonus + _nearest_depth(starts, depths, time), time, announced))
    said = sorted(phrase.time for phrase in phrases)
    alone = [
        _Candidate(depth, start)
        for start, depth in zip(starts, depths, strict=True)
        if _distance(said, start) >= rules.lonely
    ]
    return [candidate for candidate in (*phrases, *alone) if candidate.time > 0]


def _nearest_depth(starts: Sequence[float], depths: Sequence[float], time: float) -> float:
    """The deepest change of vocabulary within `_REACH` of `time`, 0 at least."""
    first, last = bisect_left(starts, time - _REACH), bisect_left(starts, time + _REACH)
    return max([0.0, *depths[first:last]])


def _distance(times: Sequence[float], time: float) -> float:
    """How far the nearest of the sorted `times` is."""
    place = bisect_left(times, time)
    return min((abs(other - time) for other in times[max(0, place - 1) : place + 1]), default=float("inf"))


def _depths(
    text: RunningText, pack: LanguagePack | None, rules: ChapterRules
) -> tuple[list[float], list[float]]:
    """Starts of units of about `_UNIT` seconds and their depths in standard deviations."""
    starts: list[float] = []
    units: list[list[str]] = []
    bigrams = bool(pack and pack.bigrams)
    for sentence in text.sentences:
        time = text.time_at(sentence.start)
        if not starts or time - starts[-1] >= _UNIT:
            starts.append(time)
            units.append([])
        units[-1].extend(syllable_terms(text.folded[sentence.start : sentence.end], bigrams))
    depths = depth_scores(units, rules.window)
    middle, spread = (mean(depths), pstdev(depths)) if depths else (0.0, 0.0)
    return starts, [(depth - middle) / spread if spread else 0.0 for depth in depths]


def _choose(
    candidates: list[_Candidate], answers: Sequence[Segment], end: float, rules: ChapterRules
) -> list[float]:
    """The best candidates first, as long as they keep their distance."""
    spacing = min(rules.spacing, max(_SHORTEST_CHAPTER, end / _CHAPTERS_AT_MOST))
    inside = [(answer.start, answer.end) for answer in answers]
    chosen: list[float] = []
    for candidate in sorted(candidates, key=lambda candidate: (-candidate.score, candidate.time)):
        if candidate.score < rules.threshold:
            break
        free = candidate.announced or not any(start < candidate.time < stop for start, stop in inside)
        if free and min(abs(candidate.time - other) for other in (0.0, end, *chosen)) >= spacing:
            chosen.append(candidate.time)
    return sorted(chosen)

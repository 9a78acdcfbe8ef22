"""Titles of chapters: phrases really said in them that set them apart, one for each answer where there are some.

A phrase weighs less when other chapters say it too, more when the presenter named it before the first question.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.questions import shorten
from transcribe.segmenting.running_text import RunningText
from transcribe.segmenting.salience import WORD, AnswerPlace, Phrase, characters, outline_of, phrases_of
from transcribe.segments import Segment

_LONGEST_TITLE = 80
_FALLBACK_WORDS = 9
_PHRASES = 3
_SHARE, _SHARE_FIRST = 0.4, 0.06
"""A phrase weighs at least this share of the heaviest to stand in a title; less is enough for an answer's first."""
_OUTLINED = 3.0


def chapter_titles(
    text: RunningText, pack: LanguagePack | None, times: Sequence[float], answers: Sequence[Segment]
) -> list[str]:
    """A title for each chapter between two neighbours of `times` (seconds); none is empty."""
    places = [AnswerPlace.of(text, answer) for answer in answers]
    spans = [characters(text, start, stop) for start, stop in pairwise(times)]
    outline = outline_of(text, pack, places)
    if outline and spans[0][1] > places[0].start:  # the opening only says what is to come
        spans[0] = (places[0].start, spans[0][1])
    chapters = [phrases_of(text, pack, span, places, index > 0) for index, span in enumerate(spans)]
    said_in = Counter(key for chapter in chapters for key in chapter)
    titles: list[str] = []
    for index, (start, stop) in enumerate(pairwise(times)):
        weights = {
            key: phrase.weight
            * math.log(1 + len(chapters) / said_in[key])
            * (_OUTLINED if key in outline else 1)
            for key, phrase in chapters[index].items()
        }
        title = shorten(", ".join(_picked(chapters[index], weights)), _LONGEST_TITLE)
        own = [answer for answer in answers if start <= answer.start < stop]
        titles.append(title or _fallback(text, pack, spans[index], own, index))
    if pack and len(titles) > 1 and answers and answers[0].start >= times[1]:
        titles[0] = pack.first_title
    return titles


def _picked(chapter: dict[str, Phrase], weights: dict[str, float]) -> list[str]:
    """The heaviest phrase of each answer, then others; none repeats another; in the order in which they are said."""
    picked: list[str] = []
    ranked = sorted(chapter, key=lambda key: (-weights[key], chapter[key].first))
    for once, share in ((True, _SHARE_FIRST), (False, _SHARE)):
        taken = {-1}
        for key in ranked:
            if len(picked) == _PHRASES or weights[key] < share * weights[ranked[0]]:
                break
            home = chapter[key].home
            if (once and home in taken) or any(_alike(key.split(), other.split()) for other in picked):
                continue
            taken.add(home)
            picked.append(key)
    picked.sort(key=lambda key: chapter[key].first)
    return [chapter[key].spelled.most_common(1)[0][0] for key in picked]


def _alike(words: list[str], others: list[str]) -> bool:
    shared = len(set(words) & set(others))
    return shared > 1 or shared >= min(len(words), len(others))


def _fallback(
    text: RunningText, pack: LanguagePack | None, span: tuple[int, int], own: Sequence[Segment], index: int
) -> str:
    """The question of the first answer, the first words, the pack's title for the opening, or the number."""
    named = next((answer.title for answer in own if answer.title), "")
    if named:
        return shorten(named, _LONGEST_TITLE)
    first = text.sentences[text.sentence_at(span[0])]
    words = text.text[span[0] : min(span[1], max(first.end, span[0]))].split()
    said = " ".join(words[:_FALLBACK_WORDS]).strip(" ,.;:–-…")
    if WORD.search(said):
        return shorten(said + ("…" if len(words) > _FALLBACK_WORDS else ""), _LONGEST_TITLE)
    return pack.first_title if pack and index == 0 else str(index + 1)

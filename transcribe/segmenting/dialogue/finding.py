"""Questions where nobody announces them: by who seems to ask and to answer, with phrases as marks among others."""

from __future__ import annotations

from collections.abc import Sequence

from transcribe.segmenting.dialogue.features import SentenceVectors
from transcribe.segmenting.dialogue.hand_overs import HandOver
from transcribe.segmenting.dialogue.reading import DialogueReader, FoundQuestion
from transcribe.segmenting.dialogue.units import Unit
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText

_BEFORE, _AFTER = 6.0, 12.0
"""Seconds before and after the start of a question in which a phrase that announces it may stand."""


def read_hand_overs(
    text: RunningText,
    pack: LanguagePack,
    reader: DialogueReader,
    vectors: SentenceVectors | None,
    marks: Sequence[HandOver],
) -> list[HandOver]:
    """Hand-overs by the roles of the speakers; one that is among `marks` too begins where its phrase does.

    Sure marks that the roles do not tell are hand-overs too: phrases are seldom said, and seldom mistaken.
    """
    units, questions = reader.read(text, pack, vectors)
    found = [_hand_over(text, units, question, marks) for question in questions]
    missing = [
        mark
        for mark in marks
        if mark.sure
        and not any(
            -_BEFORE <= text.time_at(mark.start) - text.time_at(each.start) <= _AFTER for each in found
        )
    ]
    return sorted([*found, *missing], key=lambda each: each.start)


def _hand_over(
    text: RunningText, units: Sequence[Unit], question: FoundQuestion, marks: Sequence[HandOver]
) -> HandOver:
    first = units[question.start]
    answer = units[question.answer]
    end = units[question.end].first if question.end < len(units) else len(text.text)
    near = [
        mark
        for mark in marks
        if -_BEFORE <= text.time_at(mark.start) - first.start <= _AFTER and mark.phrase_end <= answer.first
    ]
    mark = max(near, key=lambda each: each.sure, default=None)
    start, phrase_end = (mark.start, mark.phrase_end) if mark else (first.first, first.first)
    return HandOver(
        start,
        phrase_end,
        sure=bool(mark and mark.sure),
        answer=answer.first,
        end=end,
        confidence=question.confidence,
    )

"""Questions where nobody announces them: by who seems to ask and to answer, with phrases as marks among others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transcribe.segmenting.dialogue.features import SentenceVectors
from transcribe.segmenting.dialogue.hand_overs import HandOver
from transcribe.segmenting.dialogue.reading import DialogueReader, FoundQuestion
from transcribe.segmenting.dialogue.units import Unit
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText

_BEFORE, _LONG_BEFORE, _AFTER = 6.0, 25.0, 12.0
"""Seconds before and after the start of a question in which a phrase that announces it may stand; a sure one is
believed further from where the roles seem to change."""


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
    questions = _answered(text, pack, units, questions)
    found = [_hand_over(text, units, question, marks) for question in questions]
    announced = {hand_over.start for hand_over in found}
    missing = [
        mark for mark in marks if mark.sure and mark.start not in announced and not _near(text, mark, found)
    ]
    return sorted([*found, *missing], key=lambda each: each.start)


def _answered(
    text: RunningText, pack: LanguagePack, units: Sequence[Unit], questions: Sequence[FoundQuestion]
) -> list[FoundQuestion]:
    """Without questions that are the answer to the one before: nobody has answered that yet, and they begin as answers do."""
    kept: list[FoundQuestion] = []
    for question in questions:
        last = kept[-1] if kept else None
        begins = pack.opening.match(text.folded, units[question.start].first)
        if last is not None and last.answer == last.end == question.start and begins:
            kept[-1] = replace(last, answer=question.start, end=question.end)
        else:
            kept.append(question)
    return kept


def _hand_over(
    text: RunningText, units: Sequence[Unit], question: FoundQuestion, marks: Sequence[HandOver]
) -> HandOver:
    first = units[question.start]
    answer, end = (
        units[at].first if at < len(units) else len(text.text) for at in (question.answer, question.end)
    )
    near = [mark for mark in marks if _announces(text, mark, first.start) and mark.phrase_end <= answer]
    mark = max(near, key=lambda m: (m.sure, -abs(text.time_at(m.start) - first.start)), default=None)
    start, phrase_end = (mark.start, mark.phrase_end) if mark else (first.first, first.first)
    return HandOver(
        start,
        phrase_end,
        sure=bool(mark and mark.sure),
        answer=answer,
        end=end,
        confidence=question.confidence,
    )


def _announces(text: RunningText, mark: HandOver, start: float) -> bool:
    """Whether a phrase stands near enough to where a question begins, in seconds."""
    before = _LONG_BEFORE if mark.sure else _BEFORE
    return -before <= text.time_at(mark.start) - start <= _AFTER


def _near(text: RunningText, mark: HandOver, found: Sequence[HandOver]) -> bool:
    return any(_announces(text, mark, text.time_at(each.start)) for each in found)

"""Where questions are handed over: the presenter's (operator's, chair's) words alone tell.

A programme says so several times over ("the next question", "Ms L. asks", "please, doctor"), so marks that
belong together are merged into one hand-over, and mentions of a question within an answer are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.questions import as_said, asks, is_mistaken
from transcribe.segmenting.running_text import RunningText, Sentence

_NEW_SENTENCE = re.compile(r"[.?!] A")
_LEAD_WORDS = 14
"""Words before a phrase in its sentence that still belong to the hand-over ("Thank you, and ...")."""
_SAME_QUESTION = 75.0
_REPEATED = 20.0
_QUESTION_WITHIN = 600


@dataclass(frozen=True, slots=True)
class HandOver:
    """Characters `start` (the sentence) and `phrase_end`; `sure` when the phrase names a question.

    Where the speakers' roles were read: characters at which the answer begins and ends, and how sure that is.
    """

    start: int
    phrase_end: int
    sure: bool
    answer: int | None = None
    end: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Characters of the sentence(s) that give the floor to whoever answers; `who` as heard."""

    start: int
    end: int
    who: str


def find_invitations(text: RunningText, pack: LanguagePack) -> list[Invitation]:
    """All invitations to answer, in order; those to put a question are left out."""
    found: list[Invitation] = []
    position = 0
    while crossing := pack.invitation.search(text.folded, position):
        sentence = text.sentences[text.sentence_at(crossing.start())]
        position = crossing.start() + 1
        match = pack.invitation.match(text.folded, crossing.start(), sentence.end)
        if match is None or not _is_invitation(text, pack, match, sentence):
            continue
        name = next((group for group, value in match.groupdict().items() if value), None)
        who = _who(text, pack, *match.span(name)) if name else ""
        found.append(Invitation(match.start(), sentence.end, who))
        position = sentence.end
    return found


def _is_invitation(text: RunningText, pack: LanguagePack, match: re.Match[str], sentence: Sentence) -> bool:
    if is_mistaken(text, pack, *match.span()):
        return False
    if _NEW_SENTENCE.search(_letters(text.text[match.start() : match.end()])):
        return False
    return not _invites_asker(text, pack, match.start(), sentence.end)


def _invites_asker(text: RunningText, pack: LanguagePack, start: int, end: int) -> bool:
    """Whether it is a question, not an answer, that is asked for first."""
    asker = pack.invites_asker.search(text.folded, start, end)
    answer = pack.who_ends.search(text.folded, start, end)
    return asker is not None and (answer is None or asker.start() < answer.start())


def _letters(text: str) -> str:
    """`text` with every capital as A, so that a pattern can tell a new sentence by it."""
    return "".join("A" if letter.isupper() else letter for letter in text)


def _who(text: RunningText, pack: LanguagePack, start: int, end: int) -> str:
    cut = pack.who_ends.search(text.folded, start, end)
    return " ".join(as_said(text, start, cut.start() if cut else end).split()[:16])


def find_hand_overs(text: RunningText, pack: LanguagePack, invitations: list[Invitation]) -> list[HandOver]:
    """All hand-overs, in order, one for each question."""
    introduced = _introductions(text, pack, invitations)
    marks = sorted([*_marks(text, pack), *introduced], key=lambda mark: mark.start)
    kept: list[HandOver] = []
    for mark in marks:
        if kept and mark.sure and not kept[-1].sure and _soon(text, kept[-1], mark):
            kept[-1] = mark
        elif kept and _continues(text, kept[-1], mark, invitations):
            kept[-1] = replace(kept[-1], sure=kept[-1].sure or mark.sure)
        else:
            kept.append(mark)
    return kept


def _marks(text: RunningText, pack: LanguagePack) -> Iterator[HandOver]:
    for pattern, sure in ((pack.hand_over, True), (pack.named, True), (pack.asks, False)):
        for match in pattern.finditer(text.folded):
            if _is_meant(text, pack, match, sure) and (sure or _question_follows(text, pack, match.end())):
                yield HandOver(_lead_start(text, pack, match.start()), match.end(), sure)


def _question_follows(text: RunningText, pack: LanguagePack, offset: int) -> bool:
    """Whether the next sentences ask, or invite somebody to answer."""
    end = min(len(text.text), offset + _QUESTION_WITHIN)
    return asks(text, pack, offset, end) or bool(pack.invitation.search(text.folded, offset, end))


def _introductions(
    text: RunningText, pack: LanguagePack, invitations: list[Invitation]
) -> Iterator[HandOver]:
    """People introduced with their work who then ask, before somebody is invited to answer."""
    for match in pack.introduction.finditer(text.folded):
        if not _is_meant(text, pack, match, sure=False):
            continue
        for invitation in invitations:
            if invitation.start <= match.end():
                continue
            near = text.time_at(invitation.start) - text.time_at(match.start()) <= _SAME_QUESTION
            if near and asks(text, pack, match.end(), invitation.start):
                yield HandOver(_lead_start(text, pack, match.start()), match.end(), sure=False)
            break


def _is_meant(text: RunningText, pack: LanguagePack, match: re.Match[str], sure: bool) -> bool:
    sentence = text.sentences[text.sentence_at(match.start())]
    if pack.not_before.search(text.folded, max(sentence.start, match.start() - 24), match.start()):
        return False
    if not sure and is_mistaken(text, pack, match.start(), match.end()):
        return False
    named = [match.start(group) for group, name in match.groupdict().items() if name]
    return (not sure and not text.cased) or all(text.text[first].isupper() for first in named)


def _lead_start(text: RunningText, pack: LanguagePack, offset: int) -> int:
    start = text.sentences[text.sentence_at(offset)].start
    if pack.thanks.match(text.folded, start):
        return offset
    return start if text.text.count(" ", start, offset) <= _LEAD_WORDS else offset


def _soon(text: RunningText, last: HandOver, mark: HandOver) -> bool:
    """Whether `mark` names the question in the sentences right after a less sure one."""
    return 0 < text.time_at(mark.start) - text.time_at(last.start) <= _REPEATED


def _continues(text: RunningText, last: HandOver, mark: HandOver, invitations: list[Invitation]) -> bool:
    """Whether `mark` is about the question that `last` handed over already."""
    gap = text.time_at(mark.start) - text.time_at(last.start)
    if gap <= _REPEATED and not (last.sure and mark.sure and gap > _REPEATED / 2):
        return True
    answered = any(last.start < invitation.end <= mark.start for invitation in invitations)
    return not mark.sure and not answered and gap <= _SAME_QUESTION

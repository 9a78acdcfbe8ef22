"""Answers: from hand-overs to question-and-answer segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transcribe.segmenting.dialogue.hand_overs import HandOver, Invitation
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.questions import as_said, asks, read_question
from transcribe.segmenting.running_text import RunningText, fold
from transcribe.segments import Segment, SegmentKind

_QUESTION_AT_MOST = 150.0
_THANKS_BEFORE_END = 12.0
_SHORTEST = 4.0
_LATE = 300
"""An invitation further than this after the question, in characters, is part of the answer."""


def answers_from(
    text: RunningText,
    pack: LanguagePack,
    hand_overs: Sequence[HandOver],
    invitations: Sequence[Invitation],
    closings: Sequence[int],
) -> list[Segment]:
    """One answer for each hand-over; it ends before the next one, or where the questions are closed.

    Args:
        closings: characters at which another part or the farewell begins, in order.
    """
    segments: list[Segment] = []
    for index, hand_over in enumerate(hand_overs):
        following = hand_overs[index + 1].start if index + 1 < len(hand_overs) else len(text.text)
        after = hand_over.phrase_end if hand_over.answer is None else hand_over.answer
        ends = [following, *(closing for closing in closings if closing > after)]
        stop = min(ends if hand_over.end is None else [*ends, hand_over.end])
        segment = _answer(text, pack, hand_over, invitations, stop)
        if segment.end - segment.start >= _SHORTEST:
            segments.append(segment)
    return _with_answerers(segments, _guests(text, pack))


def _with_answerers(segments: list[Segment], guests: Sequence[str]) -> list[Segment]:
    """Spell each answerer one way; where only one person answers in the whole programme, name them everywhere."""
    spelled: dict[str, str] = {}
    for segment in segments:
        for name in segment.answerers:
            spelled.setdefault(fold(name), name)
    everybody = list(spelled.values()) or list(dict.fromkeys(guests))
    alone = tuple(everybody) if len(everybody) == 1 else ()
    return [
        replace(segment, answerers=tuple(spelled[fold(name)] for name in segment.answerers) or alone)
        for segment in segments
    ]


def _guests(text: RunningText, pack: LanguagePack) -> list[str]:
    """Those introduced as the ones who will answer, as heard."""
    matches = [match for match in pack.guest.finditer(text.folded) if match["who"]]
    said = [as_said(text, *match.span("who")) for match in matches]
    return [name for name in said if " " in name]


def _answer(
    text: RunningText, pack: LanguagePack, hand_over: HandOver, invitations: Sequence[Invitation], stop: int
) -> Segment:
    own = [
        invitation
        for invitation in invitations
        if hand_over.start <= invitation.start < stop
        and text.time_at(invitation.start) - text.time_at(hand_over.start) <= _QUESTION_AT_MOST
    ]
    question_end, answer = _borders(text, pack, hand_over, own, stop)
    asked = read_question(text, pack, hand_over.start, question_end, hand_over.phrase_end)
    start = text.time_at(hand_over.start)
    end = max(_end_time(text, _before_thanks(text, pack, answer, stop)), start)
    answer_start = min(max(text.time_at(answer), start), end)
    named = [each.who for each in own if each.start < answer and _is_name(text, pack, each.who)]
    return Segment(
        SegmentKind.ANSWER,
        start,
        end,
        asked.title,
        question=asked.question,
        asker=asked.asker if text.cased or hand_over.phrase_end > hand_over.start else "",
        answerers=tuple(dict.fromkeys(named))[:3],
        answer_start=answer_start,
        confidence=_confidence(hand_over, named=bool(own), asker=bool(asked.asker)),
    )


def _is_name(text: RunningText, pack: LanguagePack, who: str) -> bool:
    """Whether somebody is really named: "anh đến Việt Nam" is not, where names can be told by their capitals."""
    if not (text.cased and text.toned):
        return " " in who
    title = pack.titles.match(who)
    return title is not None and who[title.end() : title.end() + 1].isupper()


def _confidence(hand_over: HandOver, *, named: bool, asker: bool) -> float:
    """How sure the roles are, where they were read; else by how much was announced."""
    if hand_over.confidence is not None:
        return hand_over.confidence
    return 0.45 + 0.25 * hand_over.sure + 0.15 * named + 0.1 * asker


def _borders(
    text: RunningText, pack: LanguagePack, hand_over: HandOver, own: list[Invitation], stop: int
) -> tuple[int, int]:
    """Where the question's words end and where the answer begins."""
    asked_by = _question_end(text, pack, hand_over.phrase_end, stop) + _LATE
    for invitation in own:
        if invitation.start <= asked_by and _has_question(
            text, pack, hand_over.phrase_end, invitation.start
        ):
            return invitation.start, min(invitation.end + 1, stop)
    if hand_over.answer is not None:
        answer = min(max(hand_over.answer, hand_over.phrase_end), stop)
        return answer, answer
    begin = max([hand_over.phrase_end, *(invitation.end for invitation in own[:1])])
    end = _question_end(text, pack, begin, stop)
    return end, min(end + 1, stop)


def _has_question(text: RunningText, pack: LanguagePack, start: int, end: int) -> bool:
    return end - start > 25 and (asks(text, pack, start, end) or text.text.count(" ", start, end) > 25)


def _question_end(text: RunningText, pack: LanguagePack, begin: int, stop: int) -> int:
    """The end of the last sentence that asks before a long stretch that does not."""
    end, quiet = 0, 0
    first = text.sentence_at(min(begin + 1, len(text.text) - 1))
    for sentence in text.sentences[first:]:
        late = text.time_at(sentence.start) - text.time_at(begin) > _QUESTION_AT_MOST
        if sentence.start >= stop or late or (end and quiet > 25):
            break
        if asks(text, pack, max(begin, sentence.start), sentence.end):
            end, quiet = sentence.end, 0
        elif end and pack.opening.match(text.folded, sentence.start):
            break
        else:
            quiet += text.text.count(" ", sentence.start, sentence.end)
    return min(end or text.sentences[first].end, stop)


def _before_thanks(text: RunningText, pack: LanguagePack, answer: int, stop: int) -> int:
    """Where the closing thanks begin, when they stand right before `stop`."""
    last = text.sentence_at(max(0, stop - 2))
    best = stop
    for index in range(last, -1, -1):
        sentence = text.sentences[index]
        if (
            sentence.start <= answer
            or text.time_at(max(0, stop - 1)) - text.time_at(sentence.start) > _THANKS_BEFORE_END
        ):
            break
        if pack.thanks.match(text.folded, sentence.start):
            best = sentence.start
    return best


def _end_time(text: RunningText, stop: int) -> float:
    if stop >= len(text.text):
        return text.cues[-1].end
    previous = text.cues[text.cue_at(max(0, stop - 1))].end
    return min(previous, text.time_at(stop)) if text.time_at(stop) > 0 else previous

"""Questions nobody announces: in a conversation a question is put to "you" and a long reply follows.

Without speaker labels this is a guess. A sentence that asks gets points for addressing somebody, for a pause and a
reply-like sentence after it, and loses some when it is quoted or when the speaker plainly goes on; few are kept.
The points were set by hand after a regression on ten interviews, each left out in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

from transcribe.segmenting.dialogue.hand_overs import HandOver
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.questions import asks
from transcribe.segmenting.running_text import RunningText, Sentence

_REPLY_WORDS = 30
_SHORTEST_WORDS = 4
_ENOUGH = 1.5
_APART = 90.0
_BEFORE = 150


@dataclass(frozen=True, slots=True)
class _InterviewQuestion:
    score: float
    start: int
    end: int


def find_asked(text: RunningText, pack: LanguagePack) -> list[HandOver]:
    """Questions followed by a reply, at most one in a minute and a half, in order."""
    chosen: list[_InterviewQuestion] = []
    for asked in sorted(_scored(text, pack), key=lambda asked: (-asked.score, asked.start)):
        if asked.score < _ENOUGH:
            break
        time = text.time_at(asked.start)
        if all(abs(time - text.time_at(other.start)) >= _APART for other in chosen):
            chosen.append(asked)
    return [
        HandOver(asked.start, asked.start, sure=False)
        for asked in sorted(chosen, key=lambda asked: asked.start)
    ]


def _scored(text: RunningText, pack: LanguagePack) -> list[_InterviewQuestion]:
    asking = [asks(text, pack, sentence.start, sentence.end) for sentence in text.sentences]
    if text.punctuated:
        asking = ["?" in text.text[sentence.start : sentence.end] for sentence in text.sentences]
    found: list[_InterviewQuestion] = []
    quiet = 0
    for index in range(len(text.sentences) - 2, -1, -1):
        quiet = 0 if asking[index + 1] else quiet + _words(text, text.sentences[index + 1])
        sentence = text.sentences[index]
        if not asking[index] or quiet < _REPLY_WORDS or _words(text, sentence) < _SHORTEST_WORDS:
            continue
        if not pack.rhetorical.search(text.folded, sentence.start, sentence.end):
            first = index
            while first > 0 and asking[first - 1]:
                first -= 1
            start = text.sentences[first].start
            found.append(
                _InterviewQuestion(
                    _score(text, pack, sentence, text.sentences[index + 1]), start, sentence.end
                )
            )
    return found


def _words(text: RunningText, sentence: Sentence) -> int:
    return text.text.count(" ", sentence.start, sentence.end) + 1


def _score(text: RunningText, pack: LanguagePack, sentence: Sentence, following: Sentence) -> float:
    before = max(0, sentence.start - _BEFORE)
    last, after = text.cue_at(sentence.end - 1), text.cue_at(following.start)
    pause = min(2.0, max(0.0, text.cues[after].start - text.cues[last].end))
    score = 0.5 * pause + 0.5 * (after != last)
    addressed = 1.0 * bool(pack.addressed.search(text.folded, sentence.start, sentence.end))
    addressed += 0.75 * bool(pack.addressed.search(text.folded, before, sentence.start))
    if not addressed:
        return 0.0
    score += addressed
    score += 0.5 * bool(pack.opening.match(text.folded, following.start))
    score -= 0.75 * bool(pack.reported.search(text.folded, max(0, sentence.start - 50), sentence.end))
    score -= 1.0 * bool(pack.goes_on.match(text.folded, following.start))
    return score

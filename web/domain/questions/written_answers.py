"""Answers after the programme: in writing, or one that the archive has already.

A written answer is an episode of its own without a recording: its text is a transcript, and one answer spans it. So
search, topics, marks ("the law has changed") and editing treat it like an answer given on air.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from media.archive.episodes import Guest
from media.errors import InvalidInput
from transcribe.captions.layout import laid_out
from transcribe.cues import Cue
from web.domain.questions.questions import Question

TEXT_LENGTH = 8000
READING = 15.0
"""Characters a second that a person reads; a text needs some clock for its parts to have their places."""
_CUE_LENGTH = 84


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """Who answers what in writing. `programme` is where it is kept when the question belongs to no episode."""

    text: str
    guest: Guest
    programme: str = ""


class WrittenAnswers(Protocol):
    """One method is one transaction, written to the audit log, told as events, and to be searched at once.

    All raise `NotFound` for an unknown question, `Conflict` for one that was merged into another, and
    `QuestionChanged` when it is not as `seen`.
    """

    def write(self, question: str, answer: WrittenAnswer, seen: int | None) -> Question:
        """Publish a written answer, or a new text of it. Raises `InvalidInput` as `checked`."""
        ...

    def written(self, question: str) -> WrittenAnswer | None:
        """What was written, as it is now."""
        ...

    def link(self, question: str, segment: str, seen: int | None) -> Question:
        """An answer in the archive answers it. Raises `NotFound` when there is no such answer."""
        ...


def slug_of(question: str) -> str:
    """The address of a question's written answer."""
    return f"answer-{question}"


def checked(answer: WrittenAnswer) -> WrittenAnswer:
    """With tidy text: paragraphs stay, other white space does not matter.

    Raises:
        InvalidInput: without a text or a name, or too long.
    """
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", answer.text.replace("\r", ""))]
    text = "\n\n".join(part for part in paragraphs if part)
    guest = Guest(
        *(
            " ".join(part.split())[:200]
            for part in (answer.guest.name, answer.guest.role, answer.guest.organisation)
        )
    )
    if not text or len(text) > TEXT_LENGTH:
        raise InvalidInput("Write the answer, in at most %(most)s characters.", most=TEXT_LENGTH)
    if not guest.name:
        raise InvalidInput("Say who answers.")
    return WrittenAnswer(text, guest, answer.programme)


def cues_of(text: str) -> tuple[Cue, ...]:
    """The text as cues at the pace of reading, in seconds; a paragraph begins after a pause of two seconds."""
    found: list[Cue] = []
    at = 0.0
    for paragraph in text.split("\n\n"):
        for part in _parts(paragraph):
            end = round(at + max(1.0, len(part) / READING), 2)
            found.append(Cue(at, end, laid_out(part)))
            at = end
        at += 2.0
    return tuple(found)


def paragraphs_of(cues: tuple[Cue, ...]) -> list[str]:
    """The paragraphs again, also after people have edited the cues."""
    paragraphs: list[str] = []
    last = -1.0
    for cue in cues:
        words = " ".join(cue.text.split())
        if paragraphs and cue.start - last < 1.0:
            paragraphs[-1] += f" {words}"
        else:
            paragraphs.append(words)
        last = cue.end
    return paragraphs


def _parts(paragraph: str) -> list[str]:
    """Sentences, long ones cut between words."""
    parts: list[str] = []
    for sentence in re.split(r"(?<=[.!?…])\s+", paragraph):
        line = ""
        for word in sentence.split():
            if line and len(line) + 1 + len(word) > _CUE_LENGTH:
                parts.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        if line:
            parts.append(line)
    return parts

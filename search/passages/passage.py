"""Passages: what is searched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from search.embedder import Vectors


class PassageKind(StrEnum):
    """What sort of thing a passage is."""

    ANSWER = "answer"
    CHAPTER = "chapter"
    SPEECH = "speech"


OUTDATED = 0.6
"""What the merit of an outdated passage is multiplied by: the newer answer to a question comes first."""
_MERITS = {PassageKind.ANSWER: 1.3, PassageKind.CHAPTER: 1.05, PassageKind.SPEECH: 1.0}
"""An answer is worth more than the same words said in passing, but does not stand above what answers better."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing that can be found: a span of an episode, `start` to `end` in seconds.

    `id` is stable: the episode's slug, the kind and the start in milliseconds. `title` is the question
    of an answer, the title of a chapter, empty for a run of cues. `text` is what was said in it.
    `topics` are slugs; `answerers` and their `organisations` are names as shown. `vectors` are those of its excerpts, None while
    they are not known; an index takes them in and does not give them out again. What is `outdated` (the law
    has changed, there is a newer answer) ranks lower.
    """

    id: str
    episode: str
    kind: PassageKind
    title: str
    text: str
    start: float
    end: float
    programme: str
    episode_title: str
    date: date
    language: str
    topics: tuple[str, ...] = ()
    answerers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    outdated: bool = False
    vectors: Vectors | None = field(default=None, compare=False, repr=False)

    @property
    def merit(self) -> float:
        """What engines multiply its score by."""
        return _MERITS[self.kind] * (OUTDATED if self.outdated else 1.0)

"""Passages: what is searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PassageKind(StrEnum):
    """In the order in which hits of equal merit are shown."""

    ANSWER = "answer"
    CHAPTER = "chapter"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing that can be found: a span of an episode, `start` to `end` in seconds.

    `id` is stable: the episode's slug, the kind and the start in milliseconds. `title` is the question
    of an answer, the title of a chapter, empty for a run of cues. `text` is what was said in it.
    `topics` are slugs; `answerers` are names as shown.
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

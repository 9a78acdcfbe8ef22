"""Words and cues: timed text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word; times in seconds from the start, `confidence` 0–1.

    `text` carries no surrounding space; punctuation sticks to the word before it.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption: at most two lines. Times in seconds. `words` is empty for imported captions."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()

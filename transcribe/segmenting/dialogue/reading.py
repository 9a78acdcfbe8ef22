"""Reads who asks and who answers, with weights learnt from programmes (`tools/dialogue_training`)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from media.errors import Unavailable
from transcribe.segmenting.dialogue.chain import Array, Chain, Role
from transcribe.segmenting.dialogue.features import Matrix, SentenceVectors, features_of
from transcribe.segmenting.dialogue.units import Unit, units_of
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText

log = logging.getLogger("tualai.segmenting")

NEAR = 2
"""Units on either side that are taken together: where a question begins is seldom sure to the unit."""
LEAST = 0.4
"""How sure a question has to be."""
APART = 20.0
"""Seconds between two questions at least."""


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """Units: `start` where the question begins, `answer` where the answer does, `end` after its last; how sure, 0–1.

    A question that nobody seems to answer has `answer` at its `end`.
    """

    start: int
    answer: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class DialogueReader:
    """Weights of one language. `plain` knows words, pauses and phrases, `meaning` vectors as well."""

    vocabulary: Mapping[str, int]
    plain: Chain
    meaning: Chain | None

    def read(
        self, text: RunningText, pack: LanguagePack, vectors: SentenceVectors | None
    ) -> tuple[list[Unit], list[FoundQuestion]]:
        """The units of a text and the questions that are asked in it, in order."""
        units = units_of(text)
        try:
            seen = features_of(text, pack, units, self.vocabulary, vectors)
        except Unavailable as error:
            log.warning("Answers are found without the meaning of what is said: %s", error)
            seen = features_of(text, pack, units, self.vocabulary, None)
        return units, found_questions(units, self.roles(seen), LEAST)

    def roles(self, seen: Matrix) -> Array:
        """Probabilities of roles, by the vectors too where `seen` has them."""
        chain = self.meaning if seen.shape[1] > len(self.plain.middle) else self.plain
        return (chain or self.plain).probabilities(seen)


def found_questions(units: list[Unit], roles: Array, least: float) -> list[FoundQuestion]:
    """Where questions begin by the probabilities of `roles` (units, roles), surest first, then in order of time."""
    asked = roles[:, Role.ASKED]
    near = np.convolve(asked, np.ones(2 * NEAR + 1))[NEAR : NEAR + len(asked)]
    starts: list[int] = []
    for at in np.argsort(-(near + 1e-3 * asked), kind="stable"):
        if near[at] < least:
            break
        first = max(0, at - NEAR)
        best = int(first + np.argmax(asked[first : at + NEAR + 1]))
        if all(abs(units[best].start - units[other].start) > APART for other in starts):
            starts.append(best)
    starts.sort()
    stops = [*starts[1:], len(units)][: len(starts)]
    return [
        _question(roles, start, stop, min(1.0, float(near[start])))
        for start, stop in zip(starts, stops, strict=True)
    ]


def _question(roles: Array, start: int, stop: int, confidence: float) -> FoundQuestion:
    first = min(start + 1, stop - 1)
    answer = int(first + np.argmax(roles[first:stop, Role.ANSWERED]))
    answering = roles[answer:stop, Role.ANSWERED] + roles[answer:stop, Role.ANSWERING]
    spoken = np.flatnonzero(answering >= 0.5)
    if not len(spoken):
        return FoundQuestion(start, stop, stop, confidence)
    return FoundQuestion(start, answer, answer + int(spoken[-1]) + 1, confidence)


@cache
def dialogue_reader(code: str) -> DialogueReader | None:
    """The reader of a language (`vi`); None where none has been learnt."""
    path = Path(__file__).parent / f"{code}.npz"
    if not path.exists():
        return None
    with np.load(path) as stored:
        words = [str(word) for word in stored["vocabulary"]]
        plain, meaning = (_chain(stored, name) for name in ("plain", "meaning"))
    return DialogueReader({word: number for number, word in enumerate(words)}, plain, meaning)


PARTS = ("middle", "spread", "emission", "bias", "transition")


def _chain(stored: Mapping[str, Array], name: str) -> Chain:
    return Chain(*(stored[f"{name}_{part}"].astype(np.float64) for part in PARTS))

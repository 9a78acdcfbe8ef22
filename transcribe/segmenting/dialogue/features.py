"""What can be seen of each unit without knowing who speaks: words and what they do, pauses, phrases, meaning.

Everything goes by folded text (recognition errs in tones first) and none of it needs punctuation or capitals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from transcribe.segmenting.dialogue.hand_overs import find_hand_overs, find_invitations
from transcribe.segmenting.dialogue.units import Unit
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText

Matrix = NDArray[np.float32]
SentenceVectors = Callable[[Sequence[str]], Matrix]
"""Vectors of length 1 for texts, one row each."""

WORD = re.compile(r"[^\W_]+")
AROUND = ((0, 1), (-4, 0), (0, 4), (4, 9))
"""Windows of units, relative to the unit, in which the vocabulary is counted."""
CLASSES_AROUND = ((-6, 0), (0, 3), (3, 8), (8, 14), (-3, 0), (0, 1), (1, 2))
MEANING = 4
"""Units of which the meaning is taken together."""
VECTORS = 4 * 384
"""Numbers of vectors in a row, its last ones."""
_BATCH = 64
_LONGEST_PAUSE = 4.0
_MOST = 2.0
"""A word counts so often in a unit at most."""


def features_of(
    text: RunningText,
    pack: LanguagePack,
    units: Sequence[Unit],
    vocabulary: Mapping[str, int],
    vectors: SentenceVectors | None,
) -> Matrix:
    """One row for each unit. `vocabulary` numbers the folded words that are counted, from 0."""
    said = [text.folded[unit.first : unit.last] for unit in units]
    parts = [
        _classes(pack, said),
        _pauses(units, said),
        _marks(text, pack, units),
        _vocabulary(said, vocabulary),
    ]
    if vectors is not None:
        parts.append(_meaning(text, units, vectors))
    return np.hstack(parts).astype(np.float32)


def _classes(pack: LanguagePack, said: Sequence[str]) -> Matrix:
    """How many words of each class stand around each unit."""
    counts = np.array(
        [[len(each.findall(piece)) for each in pack.word_classes] for piece in said], np.float32
    )
    return np.hstack([_around(counts, *window) for window in CLASSES_AROUND])


def _pauses(units: Sequence[Unit], said: Sequence[str]) -> Matrix:
    """The pause before each unit and those near it (seconds and their logarithm), and how much is said."""
    starts, ends = np.array([unit.start for unit in units]), np.array([unit.end for unit in units])
    pauses = np.clip(np.append(_LONGEST_PAUSE, starts[1:] - ends[:-1]), 0, _LONGEST_PAUSE)
    shrunk = np.log1p(pauses)
    words = np.array([len(WORD.findall(piece)) for piece in said], np.float32)
    columns = [pauses, shrunk, *(_shifted(shrunk, shift) for shift in (-1, 1, 2))]
    columns += [words, _shifted(words, -1), _shifted(words, 1)]
    return np.stack(columns, 1).astype(np.float32)


def _marks(text: RunningText, pack: LanguagePack, units: Sequence[Unit]) -> Matrix:
    """In which units the phrases stand that announce a question, an answer, or the end."""
    firsts = [unit.first for unit in units]
    invitations = find_invitations(text, pack)
    hand_overs = find_hand_overs(text, pack, invitations)
    places = (
        [mark.start for mark in hand_overs if mark.sure],
        [mark.start for mark in hand_overs if not mark.sure],
        [invitation.start for invitation in invitations],
        [match.start() for match in pack.closing.finditer(text.folded)],
        [match.start() for match in pack.interrogative.finditer(text.folded)],
        [match.start() for match in pack.opening.finditer(text.folded)],
    )
    marks = np.zeros((len(units), len(places)), np.float32)
    for column, offsets in enumerate(places):
        rows = np.searchsorted(firsts, offsets, "right") - 1
        marks[np.maximum(rows, 0), column] = 1
    return np.hstack([_around(marks, *window) for window in ((0, 1), (-2, 0), (1, 3))])


def _vocabulary(said: Sequence[str], vocabulary: Mapping[str, int]) -> Matrix:
    counts = np.zeros((len(said), len(vocabulary)), np.float32)
    for row, piece in enumerate(said):
        for word in WORD.findall(piece):
            if word in vocabulary:
                counts[row, vocabulary[word]] += 1
    counts = np.minimum(counts, _MOST)
    return np.hstack([_around(counts, *window) for window in AROUND])


def _meaning(text: RunningText, units: Sequence[Unit], vectors: SentenceVectors) -> Matrix:
    """Vectors of each unit and of the stretches before and after it, and how near these are to each other.

    A stretch's is the mean of its units': to embed it as a whole takes five times as long and finds hardly more.
    """
    alone = _in_batches(vectors, [text.text[unit.first : unit.last] for unit in units])
    together = _around(alone, 0, MEANING)
    together /= np.maximum(np.linalg.norm(together, axis=1, keepdims=True), 1e-6)
    pairs = ((-4, 0), (-2, 2), (-8, 0), (-4, 4), (0, 4))
    near = [(_shifted(together, one) * _shifted(together, other)).sum(1) for one, other in pairs]
    return np.hstack([np.stack(near, 1), alone, together, _shifted(together, -4), _shifted(together, 4)])


def _in_batches(vectors: SentenceVectors, texts: Sequence[str]) -> Matrix:
    """Vectors of many texts, few at a time: an embedder holds all it is given in memory."""
    return np.concatenate([vectors(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])


def _around(counts: Matrix, first: int, last: int) -> Matrix:
    """Sums over the rows from `first` to before `last`, relative to each row."""
    sums = np.vstack([np.zeros((1, counts.shape[1]), np.float32), np.cumsum(counts, 0)])
    rows = np.arange(len(counts))
    window: Matrix = (
        sums[np.clip(rows + last, 0, len(counts))] - sums[np.clip(rows + first, 0, len(counts))]
    )
    return window


def _shifted(values: Matrix, shift: int) -> Matrix:
    """For each row the one `shift` further, the first or last where there is none."""
    shifted: Matrix = values[np.clip(np.arange(len(values)) + shift, 0, len(values) - 1)]
    return shifted

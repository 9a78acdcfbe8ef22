"""Two versions of a transcript side by side, word by word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from transcribe.cues import Cue
from transcribe.editing.edits import edits_between


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `changed` when the other side does not have them."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """A place where two versions differ, from `start` (seconds): what each of them says. `moved`: only times differ."""

    start: float
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    moved: bool


def differences(before: Sequence[Cue], after: Sequence[Cue]) -> list[VersionDifference]:
    """Where the cues of two versions differ, in order of time."""
    found = []
    for edit in edits_between(before, after):
        start = min(cue.start for cue in (*edit.before[:1], *edit.after[:1]))
        old, new = _words(edit.before), _words(edit.after)
        left, right = compared(old, new)
        found.append(VersionDifference(start, left, right, old == new))
    return found


def compared(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The words of both sides, gathered into pieces."""
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece(" ".join(old[a:b]), tag != "equal"))
        if c < d:
            right.append(Piece(" ".join(new[c:d]), tag != "equal"))
    return tuple(left), tuple(right)


def _words(cues: Sequence[Cue]) -> list[str]:
    return [word for cue in cues for word in cue.text.split()]

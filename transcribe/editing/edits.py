"""Editing a transcript: replacing cues that are named exactly as the editor saw them. Pure.

An edit that no longer finds its cues has met somebody else's work: it is refused with what stands there
now, so that nothing is lost. The same edit sent twice is done once. Undoing is the edit turned round.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from media.errors import Conflict, InvalidInput
from transcribe.captions.layout import LINE, laid_out
from transcribe.cues import Cue
from transcribe.editing.retiming import retimed

TEXT_LENGTH = 1000
"""Characters of a cue."""
SHORTEST = 0.05
"""Seconds of a cue."""
_JOINERS = "\u200c\u200d"  # they hold emoji and letters of other scripts together


@dataclass(frozen=True, slots=True)
class CueEdit:
    """`before`, neighbours in the transcript, become `after`; either may be empty.

    Only times and text of `before` count. `after` may bring its words along (an undo does); else their times
    come from the words they replace. `confirms`: a person has read the text, so nothing in it is unsure.
    """

    before: tuple[Cue, ...]
    after: tuple[Cue, ...]
    confirms: bool = True


@dataclass(frozen=True, slots=True)
class EditConflict:
    """An edit (by its number in the list) that no longer fits, and the cues that stand there now."""

    edit: int
    now: tuple[Cue, ...]


class TranscriptConflict(Conflict):
    """Some edits met somebody else's work; none was made. `version` is the transcript's now."""

    def __init__(self, clashes: Sequence[EditConflict], version: int) -> None:
        super().__init__(
            "Somebody else changed the same captions meanwhile; nothing was saved, choose which text stays."
        )
        self.clashes = tuple(clashes)
        self.version = version


@dataclass(frozen=True, slots=True)
class Edited:
    """The transcript after edits, and the edits as they were made (texts cleaned, words with their times;
    `before` like `after` for one made already)."""

    cues: tuple[Cue, ...]
    made: tuple[CueEdit, ...]


def key(cue: Cue) -> tuple[float, float, str]:
    """What a cue is known by: times to the millisecond, and text."""
    return (round(cue.start, 3), round(cue.end, 3), cue.text)


def apply(cues: Sequence[Cue], edits: Sequence[CueEdit]) -> Edited | tuple[EditConflict, ...]:
    """Make `edits` one after the other, all or none.

    Returns:
        The cues in order of time, or every edit that does not fit.

    Raises:
        InvalidInput: an edit that fits nowhere: a text too long, an end before its start, cues over another.
    """
    changed, made, clashes = list(cues), [], []
    for number, edit in enumerate(edits):
        wanted = replace(edit, after=tuple(each for cue in edit.after if (each := _clean(cue)).text))
        place = _place(changed, wanted.before)
        if place is None:
            at = _place(changed, wanted.after)
            if at is None or not (wanted.after or not _near(changed, wanted.before)):
                clashes.append(EditConflict(number, _near(changed, edit.before or edit.after)))
            else:
                made.append(_stays(changed, at, wanted))
            continue
        if not wanted.before:
            already = _place(changed, wanted.after)
            if wanted.after and already is not None:
                made.append(_stays(changed, already, wanted))
                continue
            place = bisect_left(changed, wanted.after[0].start, key=_start) if wanted.after else 0
            if wanted.after and _over(changed, wanted.after):
                clashes.append(EditConflict(number, _near(changed, wanted.after)))
                continue
        done = _made(changed, place, wanted)
        changed[place : place + len(edit.before)] = done.after
        made.append(done)
    return tuple(clashes) if clashes else Edited(tuple(changed), tuple(made))


def changed_cues(before: Sequence[Cue], after: Sequence[Cue]) -> int:
    """How many cues of `after` are not in `before`, or the other way round where that is more."""
    old, new = {key(cue) for cue in before}, {key(cue) for cue in after}
    return max(len(new - old), len(old - new))


def edits_between(before: Sequence[Cue], after: Sequence[Cue]) -> list[CueEdit]:
    """The edits that turn `before` into `after`; both in order of time."""
    there = {key(cue): number for number, cue in enumerate(before)}
    edits: list[CueEdit] = []
    done, pending = 0, []
    for cue in after:
        at = there.get(key(cue), -1)
        if at < done:
            pending.append(cue)
            continue
        if at > done or pending:
            edits.append(CueEdit(tuple(before[done:at]), tuple(pending), confirms=False))
        done, pending = at + 1, []
    if done < len(before) or pending:
        edits.append(CueEdit(tuple(before[done:]), tuple(pending), confirms=False))
    return edits


def _made(cues: Sequence[Cue], place: int, edit: CueEdit) -> CueEdit:
    old = tuple(cues[place : place + len(edit.before)])
    _check(cues, place, old, edit.after)
    return replace(edit, before=old, after=retimed(old, edit.after, edit.confirms))


def _stays(cues: Sequence[Cue], place: int, edit: CueEdit) -> CueEdit:
    there = tuple(cues[place : place + len(edit.after)])
    return CueEdit(there, there)


def _check(cues: Sequence[Cue], place: int, old: Sequence[Cue], after: Sequence[Cue]) -> None:
    """Raise `InvalidInput` unless `after` fits between its neighbours, in order."""
    low = cues[place - 1].end if place else 0.0
    high = cues[place + len(old)].start if place + len(old) < len(cues) else float("inf")
    if old:  # imported captions may lie over each other: editing their text makes that no worse
        low, high = min(low, old[0].start), max(high, *(cue.end for cue in old))
    for cue in after:
        if not cue.end - cue.start >= SHORTEST - 1e-9:
            raise InvalidInput("A caption lasts %(least)s seconds at least; move its end.", least=SHORTEST)
        if cue.start < low - 1e-6 or cue.end > high + 1e-6:
            raise InvalidInput("Captions can't lie over each other; move the start or the end.")
        low = cue.end


def _place(cues: Sequence[Cue], wanted: Sequence[Cue]) -> int | None:
    """Where `wanted` stand next to each other; 0 for none wanted."""
    if not wanted:
        return 0
    keys = [key(cue) for cue in wanted]
    at = bisect_left(cues, keys[0][0] - 0.001, key=_start)
    while at < len(cues) and cues[at].start <= keys[0][0] + 0.001:
        if [key(cue) for cue in cues[at : at + len(keys)]] == keys:
            return at
        at += 1
    return None


def _near(cues: Sequence[Cue], span: Sequence[Cue]) -> tuple[Cue, ...]:
    if not span:
        return ()
    start, end = span[0].start, max(cue.end for cue in span)
    return tuple(cue for cue in cues if cue.start < end - 1e-6 and cue.end > start + 1e-6)


def _over(cues: Sequence[Cue], after: Sequence[Cue]) -> bool:
    return any(_near(cues, (cue,)) for cue in after)


def _clean(cue: Cue) -> Cue:
    """Text in NFC without control characters, times to the millisecond, long text in two lines."""
    text = cue.text
    if len(text) > TEXT_LENGTH:
        raise InvalidInput("A caption has %(most)s characters at most; split it.", most=TEXT_LENGTH)
    kept = "".join(c if c == "\n" or c in _JOINERS or c.isprintable() else " " for c in text)
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", kept).split("\n")]
    text = "\n".join(line for line in lines if line)
    if "\n" not in text and len(text) > LINE and not cue.words:  # what brings words along was stored so
        text = laid_out(text)
    return replace(cue, start=round(cue.start, 3), end=round(cue.end, 3), text=text)


def _start(cue: Cue) -> float:
    return cue.start

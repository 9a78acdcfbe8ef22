"""Stored cues, read only as far as edits need them.

Ninety minutes are 25,000 words: making objects of all of them to change one sentence takes longer than
everything else about saving. So cues that no edit comes near are passed on as they are stored.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from infra.db.transcripts.transcripts import cue_of, row_of_cue
from transcribe.cues import Cue
from transcribe.editing.edits import CueEdit

_NEAR = 0.01
"""Seconds."""


class Stored:
    """`cues` of a transcript, with words only where edits touch them."""

    def __init__(self, rows: list[Any], edits: Sequence[CueEdit]) -> None:
        near = _touched(rows, edits)
        self.cues = [
            cue_of(row) if at in near else Cue(row[0], row[1], row[2]) for at, row in enumerate(rows)
        ]
        self._rows = {id(cue): row for cue, row in zip(self.cues, rows, strict=True)}

    def rows_of(self, cues: Sequence[Cue]) -> list[Any]:
        """`cues`, of which many are still those of this transcript, as they are to be stored."""
        return [self._rows.get(id(cue)) or row_of_cue(cue) for cue in cues]


def changed_rows(before: Sequence[Any], after: Sequence[Any]) -> int:
    """As `transcribe.editing.edits.changed_cues`."""
    old, new = ({(row[0], row[1], row[2]) for row in rows} for rows in (before, after))
    return max(len(new - old), len(old - new))


def _touched(rows: Sequence[Any], edits: Sequence[CueEdit]) -> set[int]:
    """The numbers of the rows that lie in the time of any edit."""
    starts = [row[0] for row in rows]
    found: set[int] = set()
    for edit in edits:
        span = (*edit.before, *edit.after)
        if not span:
            continue
        first, last = min(cue.start for cue in span), max(cue.end for cue in span)
        at = bisect_left(starts, first - _NEAR)
        while at > 0 and rows[at - 1][1] > first:  # one that began earlier and lasts till here
            at -= 1
        while at < len(rows) and starts[at] < last + _NEAR:
            found.add(at)
            at += 1
    return found

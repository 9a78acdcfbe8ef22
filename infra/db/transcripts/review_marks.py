"""The `Marking` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.transcripts.segments import segment_in
from media.archive.editing import YEARS, some_lines
from media.errors import InvalidInput, NotFound
from search.text.folding import fold, nfc
from transcribe.editing.review_marks import NOTE_LENGTH, Marks, MarksChanged, Placed, marks_of
from transcribe.segments import Segment, SegmentKind

_PLACE = (t.episodes.c.slug.label("place"), t.episodes.c.title.label("place_title"))
_IS_ANSWER = sa.and_(t.segments.c.kind == SegmentKind.ANSWER, ~t.segments.c.removed)


class SqlMarking:
    """Implements `transcribe.editing.review_marks.Marking`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def mark(self, episode: str, segment: str, marks: Marks, seen: Marks) -> Segment:
        """See `Marking.mark`."""
        made = _checked(marks, segment)
        with self._db.write() as c:
            placed = _placed(
                c, _answers().where(t.segments.c.id == segment, t.segments.c.episode == episode)
            )
            if not placed:
                raise NotFound("There is no such answer any more; reload the page.")
            stored = placed[0].segment
            if marks_of(stored) != seen:
                raise MarksChanged(marks_of(stored))
            if made.superseded_by:
                _check_newer(c, segment, made.superseded_by)
            row = t.segments.c.id == segment
            values = asdict(made) | {"version": t.segments.c.version + 1}
            c.execute(t.segments.update().where(row).values(values))
            detail = {name: str(value or "") for name, value in asdict(made).items()}
            note(c, "answer.mark", segment, episode=episode, **detail)
            mark_changed(c, episode)
        return replace(stored, **asdict(made), version=stored.version + 1)

    def answer(self, segment: str) -> Placed | None:
        """See `Marking.answer`."""
        with self._db.read() as c:
            found = _placed(c, _answers().where(t.segments.c.id == segment))
        return found[0] if found else None

    def find(self, text: str, programmes: Collection[str] | None = None, limit: int = 12) -> list[Placed]:
        """See `Marking.find`."""
        words = fold(nfc(text[:300])).split()
        if not words:
            return []
        lines = sa.select(t.segments.c.id, t.segments.c.question, t.segments.c.title).join(t.episodes)
        lines = _of(lines, programmes).where(_IS_ANSWER)
        with self._db.read() as c:
            rows = c.execute(lines.order_by(t.episodes.c.date.desc(), t.segments.c.start))
            ids = [row.id for row in rows if all(w in fold(nfc(row.question or row.title)) for w in words)][
                :limit
            ]
            found = {
                each.segment.id: each for each in _placed(c, _answers().where(t.segments.c.id.in_(ids)))
            }
        return [found[key] for key in ids if key in found]

    def due(self, until: date, programmes: Collection[str] | None = None, limit: int = 50) -> list[Placed]:
        """See `Marking.due`."""
        query = _of(_answers(), programmes).where(t.segments.c.review_on <= until)
        with self._db.read() as c:
            return _placed(c, query.order_by(t.segments.c.review_on, t.segments.c.id).limit(limit))


def _answers() -> sa.Select[Any]:
    return sa.select(t.segments, *_PLACE).join(t.episodes).where(_IS_ANSWER)


def _of(query: sa.Select[Any], programmes: Collection[str] | None) -> sa.Select[Any]:
    return query if programmes is None else query.where(t.episodes.c.programme.in_(list(programmes)))


def _placed(c: sa.Connection, query: sa.Select[Any]) -> list[Placed]:
    return [
        Placed(row["place"], row["place_title"], segment_in(row)) for row in c.execute(query).mappings()
    ]


def _checked(marks: Marks, segment: str) -> Marks:
    """Raises `InvalidInput`."""
    for day in (marks.law_changed, marks.review_on):
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise InvalidInput(
                "A date is of a year from %(first)s to %(last)s.", first=YEARS[0], last=YEARS[1]
            )
    told = some_lines(marks.law_note, "The note on the law", 0, NOTE_LENGTH)
    if told and marks.law_changed is None:
        raise InvalidInput("Say since when the law has changed; the note needs its date.")
    if marks.superseded_by == segment:
        raise InvalidInput("An answer can't be newer than itself; choose another one.")
    return replace(marks, law_note=told, superseded_by=marks.superseded_by[:120])


def _check_newer(c: sa.Connection, segment: str, newer: str) -> None:
    """Raise unless `newer` is an answer, and following on from it does not lead back here."""
    passed = {segment}
    following = newer
    while following:
        if following in passed:
            raise InvalidInput("Those answers would supersede each other; choose the newest one.")
        passed.add(following)
        found = c.execute(
            sa.select(t.segments.c.superseded_by).where(t.segments.c.id == following, _IS_ANSWER)
        ).first()
        if found is None and following == newer:
            raise NotFound("The newer answer is not there any more; look for it again.")
        following = found.superseded_by if found else ""

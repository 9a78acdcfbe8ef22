"""Marks of answers on air, and the `live` segments they become, in the transactions of the board's store.

The marks are what is true, by the clock on the wall; a segment is worked out from its mark, again whenever more
is known of the recording, until an editor moves it: then its times are the editor's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.companion import live_marks, questions
from infra.db.transcripts.segments import put_segment, read_removed, read_segments, segment_in
from transcribe.segments import Segment, SegmentOrigin, segment_id
from web.domain.moderation.marks import Clock, Mark, read_before, segment_of_mark
from web.domain.questions.questions import Question


def read_marks(c: sa.Connection, *which: sa.ColumnElement[bool]) -> list[Mark]:
    """Marks, the first to begin first."""
    query = sa.select(live_marks).where(*which).order_by(live_marks.c.began_at, live_marks.c.id)
    return [_mark_in(row) for row in c.execute(query).mappings()]


def running_mark(c: sa.Connection, episode: str) -> Mark | None:
    """The answer that runs; None when none does."""
    found = read_marks(c, live_marks.c.episode == episode, live_marks.c.ended_at.is_(None))
    return found[-1] if found else None


def last_mark(c: sa.Connection, question: str) -> Mark | None:
    """When a question was last answered on air; None for never."""
    found = read_marks(c, live_marks.c.question == question)
    return found[-1] if found else None


def mark_ended_at(c: sa.Connection, episode: str, moment: datetime) -> Mark | None:
    """The one that ended because another began at `moment`."""
    found = read_marks(c, live_marks.c.episode == episode, live_marks.c.ended_at == moment)
    return found[-1] if found else None


def put_mark(c: sa.Connection, mark: Mark) -> Mark:
    """Add or change it."""
    values: dict[str, Any] = {
        "episode": mark.episode,
        "question": mark.question,
        "guest": mark.guest,
        "began_at": mark.began_at,
        "ended_at": mark.ended_at,
        "segment": mark.segment,
        "state_before": mark.before,
    }
    changed = live_marks.update().where(live_marks.c.id == mark.id).values(**values)
    if not c.execute(changed).rowcount:
        c.execute(live_marks.insert().values(id=mark.id, **values))
    return mark


def remove_mark(c: sa.Connection, mark: Mark) -> None:
    """Take it back with its segment, unless an editor has made that theirs.

    The row of the segment goes too: one that is only removed would keep the machine from finding an answer there.
    """
    c.execute(live_marks.delete().where(live_marks.c.id == mark.id))
    stored = _segment(c, mark.segment)
    if stored is None or stored.origin is not SegmentOrigin.LIVE:
        return
    c.execute(t.segments.delete().where(t.segments.c.id == stored.id))
    note(c, "segment.remove", mark.episode, segment=stored.id, title=stored.title[:200])
    mark_changed(c, mark.episode)


def settle_mark(
    c: sa.Connection, mark: Mark, question: Question, clock: Clock | None, now: datetime
) -> Mark:
    """Make the mark's segment, or put it where the recording has it now; return the mark with its segment.

    Nothing is done without a clock, to a segment that an editor has changed, or to one that was removed.
    """
    made = segment_of_mark(mark, question, clock, now) if clock else None
    if made is None:
        return mark
    if mark.segment:
        _move(c, mark.episode, _segment(c, mark.segment), made)
        return mark
    made = replace(made, topics=_known_topics(c, made.topics))
    taken = {each.id for each in read_segments(c, mark.episode)} | read_removed(c, mark.episode).keys()
    segment = put_segment(c, mark.episode, replace(made, id=segment_id(mark.episode, made, taken)), None)
    note(c, "segment.add", mark.episode, segment=segment.id, title=segment.title[:200], origin="live")
    mark_changed(c, mark.episode)
    c.execute(questions.update().where(questions.c.id == mark.question).values(segment=segment.id))
    return put_mark(c, replace(mark, segment=segment.id))


def retitle(c: sa.Connection, before: Question, after: Question) -> None:
    """Let a segment that still says what was shown before say what is shown now."""
    stored = _segment(c, after.segment)
    if stored is None or stored.origin is not SegmentOrigin.LIVE or stored.question != before.shown:
        return
    assert after.episode is not None  # noqa: S101 - only those of an episode have segments
    topics = _known_topics(c, after.topics) if stored.topics == before.topics else stored.topics
    new = replace(stored, question=after.shown, title=after.shown[:300], topics=topics)
    if new != stored:
        put_segment(c, after.episode, new, stored)
        mark_changed(c, after.episode)


def _move(c: sa.Connection, episode: str, stored: Segment | None, made: Segment) -> None:
    if stored is None or stored.origin is not SegmentOrigin.LIVE:
        return
    moved = replace(stored, start=made.start, end=made.end, answerers=stored.answerers or made.answerers)
    if moved != stored:
        put_segment(c, episode, moved, stored)
        mark_changed(c, episode)


def _segment(c: sa.Connection, id: str) -> Segment | None:
    query = sa.select(t.segments).where(t.segments.c.id == id, ~t.segments.c.removed)
    row = c.execute(query).mappings().first() if id else None
    return segment_in(row) if row is not None else None


def _known_topics(c: sa.Connection, topics: tuple[str, ...]) -> tuple[str, ...]:
    known = set(c.execute(sa.select(t.topics.c.slug).where(t.topics.c.slug.in_(topics))).scalars())
    return tuple(topic for topic in topics if topic in known)


def _mark_in(row: sa.RowMapping) -> Mark:
    state, held = read_before(row["state_before"])
    return Mark(
        row["id"],
        row["episode"],
        row["question"],
        row["guest"],
        row["began_at"],
        row["ended_at"],
        row["segment"],
        state,
        held,
    )

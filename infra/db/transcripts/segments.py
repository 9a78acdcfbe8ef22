"""The segments' half of the `Transcripts` port on SQLAlchemy.

A removed segment keeps its row: its plays wait there for an undo, and the machine does not suggest it again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from media.errors import InvalidInput, NotFound
from transcribe.editing.segments import Decided, SegmentChange, decide
from transcribe.segments import (
    Segment,
    SegmentKind,
    SegmentOrigin,
    SegmentState,
    brought_in,
    new_suggestions,
    segment_id,
)

_FIELDS = [field.name for field in dataclasses.fields(Segment)]
_TOLD_LENGTH = 200


class SqlSegments:
    """Segments by episode."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def segments(self, episode: str) -> list[Segment]:
        """See `Transcripts.segments`."""
        with self._db.read() as c:
            check_episode(c, episode)
            return read_segments(c, episode)

    def segments_of(self, episodes: Collection[str]) -> dict[str, list[Segment]]:
        """See `Transcripts.segments_of`."""
        found: dict[str, list[Segment]] = {slug: [] for slug in episodes}
        query = _ordered(t.segments.c.episode.in_(found.keys()), removed=False)
        with self._db.read() as c:
            for row in c.execute(query).mappings():
                found[row["episode"]].append(segment_in(row))
        return found

    def save_suggestions(self, episode: str, segments: Sequence[Segment]) -> list[Segment]:
        """See `Transcripts.save_suggestions`."""
        with self._db.write(f"episode/{episode}") as c:
            check_episode(c, episode)
            stored = read_segments(c, episode)
            old = {s.id: s for s in stored if _replaceable(s)}
            kept = [s for s in stored if s.id not in old]
            taken = {s.id for s in kept} | read_removed(c, episode).keys()
            fresh: dict[str, Segment] = {}
            for suggestion in new_suggestions([*kept, *_judged(c, episode)], segments):
                fresh[segment_id(episode, suggestion, taken | fresh.keys())] = suggestion
            # Those found again keep their row, and with it their plays.
            c.execute(t.segments.delete().where(t.segments.c.id.in_(old.keys() - fresh.keys())))
            for key, segment in fresh.items():
                put_segment(c, episode, dataclasses.replace(segment, id=key), old.get(key))
            mark_changed(c, episode)
            return read_segments(c, episode)

    def change_segments(self, episode: str, changes: Sequence[SegmentChange]) -> list[Segment | None]:
        """See `Transcripts.change_segments`."""
        with self._db.write(f"episode/{episode}") as c:
            check_episode(c, episode)
            here = {s.id: s for s in read_segments(c, episode)}
            decided = decide(episode, here, read_removed(c, episode), changes)
            for each in decided:
                if not each.idle:
                    _apply(c, episode, each)
                    note(c, _action(each), episode, **_told(each))
            if any(not each.idle for each in decided):
                mark_changed(c, episode)
        return [each.before if each.idle else each.after for each in decided]


def bring_in_segments(c: sa.Connection, episode: str, given: Sequence[Segment]) -> None:
    """Make `given` the episode's only segments."""
    gone = list(read_removed(c, episode))
    c.execute(t.segments.delete().where(t.segments.c.id.in_(gone)))
    stored = {s.id: s for s in read_segments(c, episode)}
    fresh = brought_in(episode, list(stored.values()), given)
    left = stored.keys() - {s.id for s in fresh}
    c.execute(t.segments.delete().where(t.segments.c.id.in_(left)))
    for segment in fresh:
        put_segment(c, episode, segment, stored.get(segment.id))


def check_episode(c: sa.Connection, episode: str) -> None:
    """Raise `NotFound` for an unknown episode."""
    if not c.execute(sa.select(1).where(t.episodes.c.slug == episode)).first():
        raise NotFound("There is no episode “%(episode)s”.", episode=episode)


def read_segments(c: sa.Connection, episode: str) -> list[Segment]:
    """The episode's segments, by start."""
    return [segment_in(row) for row in _rows(c, episode, removed=False)]


def read_removed(c: sa.Connection, episode: str) -> dict[str, Segment]:
    """Those that people removed, by id."""
    return {row["id"]: segment_in(row) for row in _rows(c, episode, removed=True)}


def put_segment(c: sa.Connection, episode: str, segment: Segment, old: Segment | None) -> Segment:
    """Add it, or put it in the place of `old`; return it with its version."""
    if old == segment and old is not None:
        return old
    made = dataclasses.replace(segment, version=old.version + 1 if old else 1)
    _write(c, episode, made, known=old is not None)
    return made


def _rows(c: sa.Connection, episode: str, *, removed: bool) -> Sequence[sa.RowMapping]:
    return c.execute(_ordered(t.segments.c.episode == episode, removed=removed)).mappings().all()


def _ordered(which: sa.ColumnElement[bool], *, removed: bool) -> sa.Select[Any]:
    return (
        sa.select(t.segments)
        .where(which, t.segments.c.removed == removed)
        .order_by(t.segments.c.start, t.segments.c.kind.desc(), t.segments.c.id)
    )


def segment_in(row: sa.RowMapping) -> Segment:
    """The segment of a row, which may have other columns too."""
    values = {name: row[name] for name in _FIELDS}
    values["kind"] = SegmentKind(row["kind"])
    values["origin"] = SegmentOrigin(row["origin"])
    values["state"] = SegmentState(row["state"])
    values["answerers"], values["topics"] = tuple(row["answerers"]), tuple(row["topics"])
    return Segment(**values)


def _write(c: sa.Connection, episode: str, segment: Segment, known: bool, **more: Any) -> None:
    values = {
        **asdict(segment),
        "episode": episode,
        "answerers": list(segment.answerers),
        "topics": list(segment.topics),
        **more,
    }
    if known:
        c.execute(t.segments.update().where(t.segments.c.id == segment.id).values(**values))
    else:
        c.execute(t.segments.insert().values(**values))


def _replaceable(segment: Segment) -> bool:
    suggestion = segment.origin is SegmentOrigin.MACHINE and segment.state is SegmentState.SUGGESTED
    return suggestion and not segment.marked


def _judged(c: sa.Connection, episode: str) -> list[Segment]:
    """Where the machine had those that people then removed or moved."""
    moved = t.segments.c.machine_start.is_not(None)
    query = sa.select(t.segments).where(
        t.segments.c.episode == episode, sa.or_(t.segments.c.removed, moved)
    )
    return [
        Segment(
            SegmentKind(row["kind"]),
            row["start"] if row["machine_start"] is None else row["machine_start"],
            row["end"] if row["machine_end"] is None else row["machine_end"],
            "",
        )
        for row in c.execute(query).mappings()
    ]


def _apply(c: sa.Connection, episode: str, decided: Decided) -> None:
    before, after = decided.before, decided.after
    row = t.segments.c.id == decided.id
    if after is None:
        assert before is not None  # noqa: S101 - else it was idle
        c.execute(t.segments.update().where(row).values(removed=True, version=before.version + 1))
        if decided.into:
            _move_plays(c, episode, decided.id, decided.into)
        return
    stored = c.execute(sa.select(t.segments).where(row)).mappings().first()
    if stored is not None and stored["episode"] != episode:
        raise InvalidInput("The id “%(id)s” is taken; leave it out to get one.", id=decided.id)
    _write(c, episode, after, known=stored is not None, removed=False, **_machine_span(stored, after))


def _machine_span(stored: sa.RowMapping | None, after: Segment) -> dict[str, float | None]:
    """Remember where the machine had it, while that is not where it is."""
    if stored is None or (stored["machine_start"] is None and stored["origin"] != SegmentOrigin.MACHINE):
        return {}
    moved = stored["machine_start"] is not None
    start = stored["machine_start"] if moved else stored["start"]
    end = stored["machine_end"] if moved else stored["end"]
    if (start, end) == (after.start, after.end):
        return {"machine_start": None, "machine_end": None}
    return {"machine_start": start, "machine_end": end}


def _move_plays(c: sa.Connection, episode: str, old: str, into: str) -> None:
    """Those who listened to the removed one listened to what it is part of now."""
    target = sa.select(1).where(t.segments.c.id == into, t.segments.c.episode == episode)
    if into == old or not c.execute(target).first():
        raise NotFound("Episode “%(episode)s” has no segment “%(id)s”.", episode=episode, id=into[:120])
    rows = c.execute(sa.select(t.plays).where(t.plays.c.segment == old)).all()
    c.execute(t.plays.delete().where(t.plays.c.segment == old))
    for row in rows:
        there = sa.and_(t.plays.c.segment == into, t.plays.c.day == row.day)
        added = t.plays.update().where(there).values(count=t.plays.c.count + row.count)
        if not c.execute(added).rowcount:
            c.execute(t.plays.insert().values(segment=into, day=row.day, count=row.count))


def _action(decided: Decided) -> str:
    before, after = decided.before, decided.after
    if before is None:
        return "segment.add"
    if after is None:
        dismissed = before.origin is SegmentOrigin.MACHINE and before.state is SegmentState.SUGGESTED
        return "segment.merge" if decided.into else "segment.dismiss" if dismissed else "segment.remove"
    confirmed = before.state is not after.state and after.state is SegmentState.CONFIRMED
    return "segment.confirm" if confirmed else "segment.change"


def _told(decided: Decided) -> dict[str, object]:
    """What the audit log says: the segment, and each field that changed, before and after."""
    told: dict[str, object] = {"segment": decided.id}
    before, after = decided.before, decided.after
    if before is None or after is None:
        one = before or after
        assert one is not None  # noqa: S101 - else it was idle
        told["title"] = (one.question or one.title)[:_TOLD_LENGTH]
        return told | ({"into": decided.into} if decided.into else {})
    for name in _FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and name not in ("version", "id"):
            told[name] = f"{_short(old)} → {_short(new)}"
    return told


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text[:_TOLD_LENGTH]

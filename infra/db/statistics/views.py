"""The `Views` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from infra.db.base.database import Database
from infra.db.tables import archive as t
from infra.db.tables.studio import view_buckets, view_days
from transcribe.segments import SegmentKind
from web.domain.statistics.views import DAYS_KEPT, AnswerPlays, StatisticsScope, Viewing, Watched
from web.text.days import first_of_month

Query = Any
"""A `sa.Select`, whose columns are of no matter here."""


class SqlViews:
    """One row per day and episode, one per episode and bucket."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, day: date, watched: Mapping[str, Watched]) -> None:
        """See `Views.add`."""
        with self._db.write("figures") as c:
            names = sa.select(t.episodes.c.slug).where(t.episodes.c.slug.in_(list(watched)))
            known = {slug: watched[slug] for slug in c.execute(names).scalars()}
            days = [
                {"day": day, "episode": slug, "views": each.views, "seconds": each.seconds}
                for slug, each in known.items()
            ]
            buckets = [
                {"episode": slug, "bucket": bucket, "seconds": seconds}
                for slug, each in known.items()
                for bucket, seconds in each.buckets.items()
            ]
            add_up(c, view_days, days, ("views", "seconds"))
            add_up(c, view_buckets, buckets, ("seconds",))

    def by_day(self, scope: StatisticsScope) -> dict[date, Viewing]:
        """See `Views.by_day`."""
        day = view_days.c.day
        return {key: Viewing(int(views), seconds) for key, views, seconds in self._watched(day, scope)}

    def by_episode(self, scope: StatisticsScope) -> dict[str, Viewing]:
        """See `Views.by_episode`."""
        episode = view_days.c.episode
        return {key: Viewing(int(views), seconds) for key, views, seconds in self._watched(episode, scope)}

    def plays_by_day(self, scope: StatisticsScope) -> dict[date, int]:
        """See `Views.plays_by_day`."""
        query = _answers_played(sa.select(t.plays.c.day, sa.func.sum(t.plays.c.count)), scope)
        with self._db.read() as c:
            return {day: int(count) for day, count in c.execute(query.group_by(t.plays.c.day))}

    def plays_by_answer(self, scope: StatisticsScope) -> list[AnswerPlays]:
        """See `Views.plays_by_answer`."""
        s, total = t.segments.c, sa.func.sum(t.plays.c.count)
        question = sa.case((s.question != "", s.question), else_=s.title)
        query = _answers_played(sa.select(s.episode, s.id, question, s.start, s.end, total), scope)
        query = query.group_by(s.episode, s.id, s.question, s.title, s.start, s.end)
        with self._db.read() as c:
            rows = c.execute(query.order_by(total.desc(), s.id)).all()
        return [
            AnswerPlays(episode, segment, asked, start, end, int(plays))
            for episode, segment, asked, start, end, plays in rows
        ]

    def retention(self, episode: str) -> dict[int, float]:
        """See `Views.retention`."""
        b = view_buckets.c
        query = sa.select(b.bucket, b.seconds).where(b.episode == episode).order_by(b.bucket)
        with self._db.read() as c:
            return {row.bucket: row.seconds for row in c.execute(query)}

    def forget(self, today: date) -> None:
        """See `Views.forget`."""
        last = today - timedelta(days=DAYS_KEPT)
        with self._db.write() as c:
            _sum_by_month(c, view_days, ("views", "seconds"), last)
            _sum_by_month(c, t.plays, ("count",), last)

    def _watched(self, key: sa.Column[Any], scope: StatisticsScope) -> Sequence[Any]:
        d = view_days.c
        sums = sa.select(key, sa.func.sum(d.views), sa.func.sum(d.seconds)).join_from(view_days, t.episodes)
        query = _within(sums.group_by(key), d.day, scope)
        with self._db.read() as c:
            return c.execute(query).all()


def add_up(c: sa.Connection, table: sa.Table, rows: list[dict[str, Any]], summed: tuple[str, ...]) -> None:
    """Insert rows; where there is one of the same key, add the numbers in the columns `summed`."""
    if not rows:
        return
    statement = (sqlite if c.dialect.name == "sqlite" else postgresql).insert(table)
    c.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: table.c[name] + statement.excluded[name] for name in summed},
        ),
        rows,
    )


def _within(query: Query, day: sa.Column[Any], scope: StatisticsScope) -> Query:
    """Only the rows of a scope; `query` has the episodes joined in."""
    query = query.where(day >= scope.since, day <= scope.until)
    if scope.programme:
        query = query.where(t.episodes.c.programme == scope.programme)
    if scope.episode:
        query = query.where(t.episodes.c.slug == scope.episode)
    return query


def _answers_played(query: Query, scope: StatisticsScope) -> Query:
    joined = query.select_from(t.plays.join(t.segments).join(t.episodes))
    return _within(joined.where(t.segments.c.kind == SegmentKind.ANSWER), t.plays.c.day, scope)


def _sum_by_month(c: sa.Connection, table: sa.Table, summed: tuple[str, ...], last: date) -> None:
    """Add the rows before the day `last` to their month's first day."""
    old = sa.and_(table.c.day < last, sa.extract("day", table.c.day) != 1)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for found in c.execute(sa.select(table).where(old)).mappings():
        row = {**found, "day": first_of_month(found["day"])}
        key = tuple(row[column.name] for column in table.primary_key.columns)
        if key in rows:
            row |= {name: row[name] + rows[key][name] for name in summed}
        rows[key] = row
    c.execute(table.delete().where(old))
    add_up(c, table, list(rows.values()), summed)

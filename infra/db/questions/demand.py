"""The `Wants` port on SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables import archive as t
from infra.db.tables.companion import questions as q
from media.archive.episodes import EpisodeState
from transcribe.segments import SegmentKind
from web.domain.demand.port import AnswerPlayed, QuestionAsked
from web.domain.questions.questions import OPEN_STATES, QuestionState
from web.text.days import ZONE


class SqlDemand:
    """Implements `web.domain.demand.port.Demand`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def questions(self, since: date, organisation: str = "") -> list[QuestionAsked]:
        """See `Wants.questions`."""
        into = q.alias("into")
        waits = sa.and_(q.c.state.in_(OPEN_STATES), q.c.merged_into.is_(None))
        own = sa.func.coalesce(t.programmes.c.organisation, "").label("organisation")
        query = (
            sa.select(q, own, into.c.topics.label("topics_into"), waits.label("waits"))
            .select_from(
                q.outerjoin(into, into.c.id == q.c.merged_into)
                .outerjoin(t.episodes, t.episodes.c.slug == q.c.episode)
                .outerjoin(t.programmes, t.programmes.c.slug == t.episodes.c.programme)
            )
            .where(~q.c.held, q.c.state != QuestionState.REFUSED)
            .where(sa.or_(waits, q.c.created_at >= _begins(since)))
            .order_by(q.c.created_at, q.c.id)
        )
        if organisation:
            query = query.where(t.programmes.c.organisation == organisation)
        with self._db.read() as c:
            return [
                QuestionAsked(
                    row.id,
                    row.shown,
                    row.episode or "",
                    row.organisation,
                    tuple(row.topics_into or row.topics),
                    row.votes,
                    bool(row.waits),
                    row.created_at.replace(tzinfo=UTC).astimezone(ZONE).date(),
                )
                for row in c.execute(query)
            ]

    def answers(self, since: date, until: date, organisation: str = "") -> list[AnswerPlayed]:
        """See `Wants.answers`."""
        s, total = t.segments.c, sa.func.sum(t.plays.c.count)
        played = (
            sa.select(t.plays.c.segment, total.label("plays"))
            .where(t.plays.c.day.between(since, until))
            .group_by(t.plays.c.segment)
            .subquery()
        )
        query = (
            sa.select(s.episode, s.id, s.question, s.title, s.start, s.topics, played.c.plays)
            .select_from(
                t.segments.join(played, played.c.segment == s.id)
                .join(t.episodes, t.episodes.c.slug == s.episode)
                .join(t.programmes, t.programmes.c.slug == t.episodes.c.programme)
            )
            .where(s.kind == SegmentKind.ANSWER, ~s.removed)
            .where(t.episodes.c.state == EpisodeState.PUBLISHED)
            .order_by(played.c.plays.desc(), s.id)
        )
        if organisation:
            query = query.where(t.programmes.c.organisation == organisation)
        with self._db.read() as c:
            return [
                AnswerPlayed(
                    row.episode,
                    row.id,
                    row.question or row.title,
                    row.start,
                    tuple(row.topics),
                    int(row.plays),
                )
                for row in c.execute(query)
            ]


def _begins(day: date) -> datetime:
    """A day's beginning in Vietnam, in UTC as it is stored."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC).replace(tzinfo=None)

"""Figures of what waits and what was done, for monitoring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from infra.db.archive.disk_usage import used_bytes
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.jobs.pieces import OPEN
from infra.db.tables import archive as t
from infra.db.tables.jobs import pieces
from infra.db.tables.live import broadcasts, live_viewers
from infra.jobs.plan import KINDS, QUEUES
from media.jobs import ENDED, JobState
from media.live.broadcast import OnAir

ALIVE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: its name, what it means, its labels; `counts` when it only grows."""

    name: str
    meaning: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)
    counts: bool = False


def figures(database: Database, quota_gigabytes: float = 0) -> Iterator[Figure]:
    """Jobs by state, the age of the oldest that waits, workers alive, index lag, broadcasts, room."""
    yield Figure("storage_bytes", "What is kept, by the database.", used_bytes(database))
    if quota_gigabytes:
        yield Figure("storage_quota_bytes", "What may be kept.", quota_gigabytes * 1e9)
    with database.read() as c:
        yield from _jobs(c)
        yield from _pieces(c)
        yield from _index(c)
        yield from _live(c)
        since = now() - timedelta(seconds=ALIVE_SECONDS)
        alive = c.execute(sa.select(sa.func.count()).where(t.workers.c.seen_at > since)).scalar() or 0
        yield Figure("workers", "Workers seen lately.", alive)
        states = sa.select(t.episodes.c.state, sa.func.count()).group_by(t.episodes.c.state)
        for state, count in c.execute(states).tuples():
            yield Figure("episodes", "Episodes by state.", count, {"state": state})


def _jobs(c: sa.Connection) -> Iterator[Figure]:
    rows = c.execute(
        sa.select(t.jobs.c.state, sa.func.count(), sa.func.min(t.jobs.c.created_at)).group_by(
            t.jobs.c.state
        )
    ).tuples()
    found = {state: (count, oldest) for state, count, oldest in rows}
    for state in JobState:
        count, oldest = found.get(state, (0, None))
        yield Figure("jobs", "Jobs by state.", count, {"state": state})
        if state not in ENDED:
            age = (now() - oldest).total_seconds() if oldest else 0.0
            meaning = "Age in seconds of the oldest job that is not done."
            yield Figure("job_oldest_seconds", meaning, max(0.0, age), {"state": state})


def _pieces(c: sa.Connection) -> Iterator[Figure]:
    """What waits in which queue."""
    row = pieces.c
    query = sa.select(row.name, row.state, sa.func.count()).group_by(row.name, row.state)
    counts = Counter[tuple[str, str]]()
    for name, state, count in c.execute(query.where(row.state.in_(OPEN))).tuples():
        counts[KINDS[name].queue if name in KINDS else "other", state] += count
    for queue in QUEUES:
        for state in OPEN:
            labels = {"queue": queue, "state": state}
            yield Figure("pieces", "Pieces of jobs that are not done.", counts[queue, state], labels)


def _live(c: sa.Connection) -> Iterator[Figure]:
    """Broadcasts, and who watches."""
    for state in (OnAir.RECEIVING, OnAir.INTERRUPTED):
        query = sa.select(sa.func.count()).where(broadcasts.c.state == state)
        count = c.execute(query).scalar() or 0
        yield Figure("live_streams", "Broadcasts on air.", count, {"state": state})
    lately = live_viewers.c.at > now() - timedelta(seconds=ALIVE_SECONDS)
    watching = c.execute(sa.select(sa.func.sum(live_viewers.c.viewers)).where(lately)).scalar()
    yield Figure("live_viewers", "Who watches them.", watching or 0)


def _index(c: sa.Connection) -> Iterator[Figure]:
    waiting = sa.select(sa.func.count(), sa.func.min(t.changes.c.at))
    count, oldest = c.execute(waiting.where(t.changes.c.number > t.changes.c.settled)).tuples().one()
    age = (now() - oldest).total_seconds() if oldest else 0.0
    yield Figure("index_waiting", "Episodes whose changes are not searchable yet.", count)
    yield Figure("index_lag_seconds", "How long the oldest of them waits.", max(0.0, age))

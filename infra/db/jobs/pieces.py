"""The pieces of jobs on SQLAlchemy: each method is one transaction, and none commits for a run that lost its lease."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database, checked
from infra.db.tables import archive as t
from infra.db.tables.jobs import pieces as p
from infra.jobs.leases import Lease, LeaseLost
from infra.jobs.plan import KINDS, STEPS, Key, due
from media.errors import Message
from media.jobs import JobState

Enqueue = Callable[[sa.Connection, str, Key, int, float], None]
"""Queues the piece of a job, by its epoch, in a number of seconds, inside the transaction given."""

QUEUED, RUNNING, DONE, FAILED, STOPPED = "queued", "running", "done", "failed", "stopped"
WAITING = "waiting"  # for what comes before it, for the second time
OPEN = (QUEUED, RUNNING)
MOST_LOST = 10
"""A piece that ended so many workers would end the next ones too."""
_NUMBERS = {step.name: number for number, step in enumerate(STEPS, 1)}


class SqlPieces:
    """What there is to do, what is in hand and what came of it."""

    def __init__(self, database: Database, enqueue: Enqueue) -> None:
        self._db, self._enqueue = database, enqueue

    def begin(self, c: sa.Connection, job: str) -> None:
        """Queue what there is to do of a job, new or begun, inside the caller's transaction; a job that has nothing
        left to do is done."""
        rows = c.execute(sa.select(p).where(p.c.job == job)).all()
        known = {Key(row.name, row.number): row for row in rows}
        specs = due({key: row.result for key, row in known.items() if row.state == DONE})
        for spec in specs:
            if spec.key not in known:
                row = _new_row(job, spec.key, spec.share, spec.wanted)
                c.execute(p.insert().values(**row))
                self._enqueue(c, job, spec.key, 1, 0.0)
            elif known[spec.key].state == WAITING:
                self._queue(c, known[spec.key], wanted=spec.wanted, share=spec.share)
        if all(spec.key in known and known[spec.key].state == DONE for spec in specs):
            ended = {
                "state": JobState.DONE,
                "fraction": 1.0,
                "note": "",
                "error": None,
                "seconds_left": None,
            }
            c.execute(
                t.jobs.update()
                .where(t.jobs.c.id == job)
                .values(**ended, finished_at=now(), updated_at=now())
            )

    def revive(self, c: sa.Connection, job: str) -> None:
        """Queue again what of a job failed or was stopped, and what follows from it."""
        rows = c.execute(sa.select(p).where(p.c.job == job, p.c.state.in_((FAILED, STOPPED)))).all()
        for row in rows:
            self._queue(c, row, lost=0, tries=0)
        self.begin(c, job)

    def stop(self, c: sa.Connection, job: str) -> list[tuple[Key, int]]:
        """Let nothing more of a job be done or committed; return what was queued, with its epoch."""
        rows = c.execute(sa.select(p).where(p.c.job == job, p.c.state.in_(OPEN))).all()
        c.execute(
            p.update()
            .where(p.c.job == job, p.c.state.in_(OPEN))
            .values(state=STOPPED, token=None, worker=None)
        )
        return [(Key(row.name, row.number), row.epoch) for row in rows if row.state == QUEUED]

    def take(self, lease: Lease, worker: str) -> bool:
        """Begin a run; False when the piece was queued anew since, is done, or its job has ended."""
        with self._db.write(_matter(lease.job)) as c:
            mine = sa.and_(_is(lease.job, lease.key), p.c.epoch == lease.epoch, p.c.state.in_(OPEN))
            ready = t.jobs.c.state.in_((JobState.QUEUED, JobState.RUNNING))
            job = c.execute(sa.select(t.jobs.c.started_at).where(t.jobs.c.id == lease.job, ready)).first()
            values = {
                "state": RUNNING,
                "token": lease.token,
                "worker": worker,
                "fraction": 0.0,
                "started_at": now(),
            }
            if job is None or not c.execute(p.update().where(mine).values(**values)).rowcount:
                return False
            begun: dict[str, Any] = {} if job.started_at else {"started_at": now()}
            begun |= {"state": JobState.RUNNING, "updated_at": now(), **_step(c, lease.job)}
            c.execute(t.jobs.update().where(t.jobs.c.id == lease.job).values(**begun))
            return True

    def wanted(self, lease: Lease) -> tuple[dict[str, Any], dict[Key, Any]]:
        """What the piece is told, and the results of the job's pieces that are done."""
        with self._db.read() as c:
            told = c.execute(sa.select(p.c.wanted).where(_is(lease.job, lease.key))).scalar() or {}
            done = sa.select(p.c.name, p.c.number, p.c.result).where(
                p.c.job == lease.job, p.c.state == DONE
            )
            return told, {Key(row.name, row.number): row.result for row in c.execute(done)}

    def report(
        self, lease: Lease, fraction: float, note: str, left: Callable[[float], float | None]
    ) -> None:
        """Say how far a run is; `left` is told the whole job's fraction and estimates seconds. Raises `LeaseLost`."""
        with self._held(lease) as c:
            c.execute(p.update().where(_is(lease.job, lease.key)).values(fraction=fraction))
            whole = _fraction(c, lease.job)
            values = {"fraction": whole, "note": note, "seconds_left": left(whole), "updated_at": now()}
            c.execute(
                t.jobs.update().where(t.jobs.c.id == lease.job).values(**values, **_step(c, lease.job))
            )

    def finish(self, lease: Lease, result: Any) -> None:
        """A run has come to its end: keep its result and queue what follows. Once, however often it is asked: whoever
        got no answer may ask again. Raises `LeaseLost`."""
        with self._held(lease) as c:
            mine = _is(lease.job, lease.key)
            ended = {"state": DONE, "result": result, "fraction": 1.0, "finished_at": now()}
            if not c.execute(p.update().where(mine, p.c.state == RUNNING).values(**ended)).rowcount:
                return
            values = {"fraction": _fraction(c, lease.job), "updated_at": now()}
            c.execute(t.jobs.update().where(t.jobs.c.id == lease.job).values(**values))
            self.begin(c, lease.job)

    def fail(self, lease: Lease, state: JobState, error: Message | None) -> list[tuple[Key, int]]:
        """A run has failed and its job with it; return what else of it was queued. Raises `LeaseLost`."""
        with self._held(lease) as c:
            c.execute(
                p.update()
                .where(_is(lease.job, lease.key))
                .values(state=FAILED, token=None, finished_at=now())
            )
            _end(c, lease.job, state, error)
            return self.stop(c, lease.job)

    def postpone(self, lease: Lease, seconds: float, note: str) -> None:
        """Not now: queue the piece again in a while. Raises `LeaseLost`."""
        with self._held(lease) as c:
            row = c.execute(sa.select(p).where(_is(lease.job, lease.key))).one()
            self._queue(c, row, seconds, tries=row.tries + 1)
            c.execute(t.jobs.update().where(t.jobs.c.id == lease.job).values(note=note, updated_at=now()))

    def start_over(self, lease: Lease) -> None:
        """What earlier pieces handed over is gone: begin the job anew. Raises `LeaseLost`."""
        with self._held(lease) as c:
            fresh = {"state": WAITING, "token": None, "worker": None, "result": None, "fraction": 0.0}
            c.execute(p.update().where(p.c.job == lease.job).values(**fresh))
            self.begin(c, lease.job)

    def tries(self, lease: Lease) -> int:
        """How often the piece was postponed."""
        with self._db.read() as c:
            return c.execute(sa.select(p.c.tries).where(_is(lease.job, lease.key))).scalar() or 0

    def release(self, job: str, key: Key, epoch: int, *, died: bool) -> bool:
        """Queue a piece anew for others, once: False when it is not that epoch's any more. With `died` it counts
        against the piece, and after `MOST_LOST` of these the job fails."""
        with self._db.write(_matter(job)) as c:
            mine = sa.and_(_is(job, key), p.c.epoch == epoch, p.c.state.in_(OPEN))
            row = c.execute(sa.select(p).where(mine).with_for_update()).first()
            if row is None:
                return False
            lost = row.lost + 1 if died and row.state == RUNNING else row.lost
            if lost >= MOST_LOST:
                c.execute(p.update().where(mine).values(state=FAILED, token=None, lost=lost))
                _end(c, job, JobState.FAILED, _ENDED_WORKERS)
                self.stop(c, job)
                return True
            self._queue(c, row, lost=lost)
            return True

    def held(self, worker: str) -> list[Lease]:
        """The runs a worker is said to be at."""
        query = sa.select(p).where(p.c.worker == worker, p.c.state == RUNNING)
        with self._db.read() as c:
            return [Lease(r.job, Key(r.name, r.number), r.epoch, r.token) for r in c.execute(query)]

    def waiting(self, before: datetime) -> list[tuple[str, Key, int]]:
        """What has been queued since before a time."""
        query = sa.select(p).where(p.c.state == QUEUED, p.c.queued_at < before).limit(1000)
        with self._db.read() as c:
            return [(row.job, Key(row.name, row.number), row.epoch) for row in c.execute(query)]

    @contextmanager
    def committing(self, lease: Lease) -> Iterator[None]:
        """While the block runs, every transaction of this thread holds only while the lease does, else it raises
        `LeaseLost` and changes nothing."""
        with checked(lambda c: _check(c, lease)):
            yield

    def check(self, lease: Lease) -> None:
        """Raises `LeaseLost` when the lease is lost."""
        with self._db.read() as c:
            _check(c, lease)

    def _queue(self, c: sa.Connection, row: sa.Row[Any], seconds: float = 0.0, **values: Any) -> None:
        """Queue a piece anew, by the next epoch: whatever was queued or runs by an older one is stale."""
        key, epoch = Key(row.name, row.number), row.epoch + 1
        fresh = {
            "state": QUEUED,
            "epoch": epoch,
            "token": None,
            "worker": None,
            "fraction": 0.0,
            "queued_at": now(),
        }
        c.execute(p.update().where(_is(row.job, key)).values(**fresh, **values))
        self._enqueue(c, row.job, key, epoch, seconds)

    @contextmanager
    def _held(self, lease: Lease) -> Iterator[sa.Connection]:
        with self._db.write(_matter(lease.job)) as c:
            _check(c, lease)
            yield c


_ENDED_WORKERS = Message(
    "A step of this job has ended its worker %(times)s times, often for lack of memory; give the machine more, or"
    " fewer slots, then retry it.",
    times=MOST_LOST,
)


def _matter(job: str) -> str:
    return f"job/{job}"


def _is(job: str, key: Key) -> sa.ColumnElement[bool]:
    return sa.and_(p.c.job == job, p.c.name == key.name, p.c.number == key.number)


def _check(c: sa.Connection, lease: Lease) -> None:
    """The row stays locked until the transaction ends, so that nobody takes the piece over in between."""
    query = sa.select(p.c.token).where(_is(lease.job, lease.key)).with_for_update()
    if c.execute(query).scalar() != lease.token:
        raise LeaseLost


def _new_row(job: str, key: Key, share: float, wanted: dict[str, Any]) -> dict[str, Any]:
    row = {
        "job": job,
        "name": key.name,
        "number": key.number,
        "state": QUEUED,
        "epoch": 1,
        "wanted": wanted,
    }
    return row | {"share": share, "fraction": 0.0, "lost": 0, "tries": 0, "queued_at": now()}


def _end(c: sa.Connection, job: str, state: JobState, error: Message | None) -> None:
    values = {
        "state": state,
        "error": error.dumps() if error else None,
        "seconds_left": None,
        "finished_at": now(),
        "updated_at": now(),
    }
    c.execute(t.jobs.update().where(t.jobs.c.id == job).values(**values))


def _fraction(c: sa.Connection, job: str) -> float:
    whole = c.execute(sa.select(sa.func.sum(p.c.share * p.c.fraction)).where(p.c.job == job)).scalar()
    return min(1.0, float(whole or 0.0))


def _step(c: sa.Connection, job: str) -> dict[str, Any]:
    """What people read: of the steps that are worked on, the first."""
    names: Iterable[str] = c.execute(
        sa.select(p.c.name).where(p.c.job == job, p.c.state == RUNNING).distinct()
    ).scalars()
    numbers = [_NUMBERS[KINDS[name].step] for name in names if name in KINDS]
    if not numbers:
        return {}
    first = min(numbers)
    return {"step": STEPS[first - 1].title, "step_number": first, "step_count": len(STEPS)}

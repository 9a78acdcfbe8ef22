"""Moving an archive whole from one database to another: all or nothing, and proved to be the same.

What the job engine keeps moves too. So a job that was under way goes on at the target after its last finished
step, one that failed can be retried from the step that failed, and nothing is begun twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.copying import CopiedTable, Pair, copy_rows, paired, read_back
from infra.db.base.counters import go_on_from, last_given
from infra.db.base.database import Database, newest_revision
from infra.db.base.read_only import Snapshot, place_of, snapshot
from infra.db.base.schema import metadata
from infra.db.tables import archive as t
from media.errors import Conflict, InvalidInput
from media.progress import Progress

ALIVE_SECONDS = 15
LEAVING_SECONDS = 2
ENGINE_SCHEMA = "dbos"
_OF_ENGINES = ("alembic_version", "dbos_migrations")
"""What migrations write of themselves: made at the target, not moved."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Every table as it was read there and found here."""

    tables: tuple[CopiedTable, ...]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables)


def move(source: str, target: Database, migrate: Callable[[Database], None], progress: Progress) -> Moved:
    """Copy everything from the database at the URL `source` to `target`, which is empty.

    Args:
        source: is only read. Site and workers on it must be stopped.
        target: its own time limits hold; a big archive's want none.
        migrate: brings a database to this program's schema, the job engine's tables too.
        progress: told of every batch.

    Raises:
        Conflict: a worker is at work, somebody wrote meanwhile, the source is of another version of this
            program, the target is not empty, or what was read back differs. The target has no rows then.
        InvalidInput: both are the same, or a value does not fit the target.
        Unavailable: either can't be reached.
    """
    with snapshot(source) as old:
        _check_source(old, target)
        return copy_whole(old, target, migrate, progress, undisturbed=True)


def copy_whole(
    old: Snapshot,
    target: Database,
    migrate: Callable[[Database], None],
    progress: Progress,
    *,
    undisturbed: bool = False,
) -> Moved:
    """Copy everything as it was when `old` was opened; `undisturbed`: nobody may have written since. Raises as `move`."""
    migrate(target)
    with target.write() as new:
        pairs = _pairs(old.connection, new)
        _check_empty(new, pairs)
        report = _Report(progress, _count(old.connection, pairs))
        done = tuple(_moved(old.connection, new, pair, report) for pair in pairs)
        if undisturbed and old.disturbed():
            raise Conflict(
                "Somebody wrote to the archive while it was copied; nothing was moved. Stop the site and the"
                " workers, and run it again."
            )
    return Moved(done)


def _moved(old: sa.Connection, new: sa.Connection, pair: Pair, report: _Report) -> CopiedTable:
    report.table = pair.target.name
    read = copy_rows(old, new, pair, report)
    found = read_back(new, pair.target, report)
    if found != read:
        raise Conflict(
            "The table %(table)s is not the same after copying (%(rows)s of %(wanted)s rows were found);"
            " nothing was moved. Please report this.",
            table=read.table,
            rows=found.rows,
            wanted=read.rows,
        )
    go_on_from(new, pair.target, last_given(old, pair.source))
    return found


class _Report:
    """Tells how much of writing and reading back is done."""

    def __init__(self, progress: Progress, rows: int) -> None:
        self._progress, self._whole, self._done = progress, max(1, 2 * rows), 0
        self.table = ""

    def __call__(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done / self._whole, self.table)


def _check_source(old: Snapshot, target: Database) -> None:
    there = sa.inspect(old.connection)
    found = None
    if there.has_table("alembic_version"):
        found = old.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found != newest_revision():
        raise Conflict(
            "The database to move stands at revision %(found)s, this program needs %(newest)s; run"
            " “tualai migrate” on it first.",
            found=found or "none",
            newest=newest_revision(),
        )
    if place_of(target.engine.url) == old.place:
        raise InvalidInput("Both addresses are the same database; there is nothing to move.")
    lately = now() - timedelta(seconds=ALIVE_SECONDS)
    alive = (
        old.connection.execute(sa.select(t.workers.c.id).where(t.workers.c.seen_at > lately))
        .scalars()
        .all()
    )
    if at_work := [*alive, *_staying(old)]:
        raise Conflict(
            "The archive is in use (by %(at_work)s); stop the site and the workers, and wait"
            " %(seconds)s s after one that was killed. Nothing was moved.",
            at_work=", ".join(at_work),
            seconds=ALIVE_SECONDS,
        )


def _staying(old: Snapshot) -> list[str]:
    """Who is connected; those who are just leaving are waited for."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while (others := old.others()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return others


def _pairs(old: sa.Connection, new: sa.Connection) -> list[Pair]:
    """Every table, in the order in which rows can be added."""
    ours = [paired(table, table) for table in metadata.sorted_tables]
    source, target = _of_job_engine(old), _of_job_engine(new)
    if _engine_version(old) != _engine_version(new):
        raise Conflict(
            "The job engine's tables are of another version; run “tualai migrate” on that database first."
        )
    both = [
        table
        for table in target.sorted_tables
        if table.name in {each.name for each in source.sorted_tables}
    ]
    by_name = {table.name: table for table in source.sorted_tables}
    return ours + [paired(by_name[table.name], table) for table in both]


def _of_job_engine(c: sa.Connection) -> sa.MetaData:
    """Its tables, as the database describes them: they are not ours to know."""
    found = sa.MetaData()
    schema = ENGINE_SCHEMA if c.dialect.name == "postgresql" else None
    ours = {*metadata.tables, *_OF_ENGINES}
    found.reflect(c, schema=schema, only=lambda name, _: name not in ours)
    return found


def _engine_version(c: sa.Connection) -> object:
    table = f"{ENGINE_SCHEMA}.dbos_migrations" if c.dialect.name == "postgresql" else "dbos_migrations"
    if not sa.inspect(c).has_table("dbos_migrations", schema=table.rpartition(".")[0] or None):
        return None
    return c.exec_driver_sql(f"SELECT version FROM {table}").scalar()  # noqa: S608 - one of two constants


def _check_empty(new: sa.Connection, pairs: list[Pair]) -> None:
    for pair in pairs:
        if new.execute(sa.select(sa.literal(1)).select_from(pair.target).limit(1)).first():
            raise Conflict(
                "The database to move to is not empty (there are rows in %(name)s); nothing was moved. Give"
                " a new one, which no site or worker has used yet.",
                name=pair.target.name,
            )


def _count(c: sa.Connection, pairs: list[Pair]) -> int:
    return sum(
        c.execute(sa.select(sa.func.count()).select_from(pair.source)).scalar_one() for pair in pairs
    )

"""An archive moves whole from one database to another, or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.assembly.wiring import bring_up_to_date
from infra.db.base.clock import now
from infra.db.base.counters import go_on_from
from infra.db.base.database import Database
from infra.db.base.moving import Moved, move
from infra.db.base.schema import metadata
from infra.db.tables import archive as t
from infra.db.tables.companion import events
from media.errors import Conflict, InvalidInput, Unavailable
from media.jobs import JobState
from media.progress import silent
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import ROOT, answer, tualai
from tests.infra.db.filling import ROWS, fill
from tests.postgresql import Cluster
from tests.stores import stores_on

NewDatabase = Callable[[str], Database]


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes databases without rows, of an engine."""
    opened: list[Database] = []

    def make(engine: str) -> Database:
        if engine == "sqlite":
            file = tmp_path / f"{len(opened)}.sqlite"
            shutil.copy(request.getfixturevalue("empty_database"), file)
            url = f"sqlite:///{file}"
        else:
            cluster: Cluster = request.getfixturevalue("cluster")
            url = cluster.url(cluster.create())
        opened.append(Database(url))
        return opened[-1]

    yield make
    for database in opened:
        name = database.engine.url.database or ""
        database.close()
        if not database.is_sqlite:
            request.getfixturevalue("cluster").drop(name)


def filled(database: Database) -> Database:
    """With rows in every table of ours and two jobs at the job engine."""
    stores = stores_on(database)
    stores.add("thang-ba")
    stores.add("thang-tu")
    stores.jobs.cancel(stores.jobs.jobs()[0].id)
    stores.jobs.close()  # type: ignore[attr-defined]
    with database.write() as c:
        fill(c, list(metadata.sorted_tables))
        go_on_from(c, events, 1000)  # rows of greater numbers were there once
    database.close()
    return database


def moved(source: Database, target: Database) -> Moved:
    result = move(source.url, target, bring_up_to_date, silent)
    source.close()
    return result


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param("sqlite", "postgresql", marks=pytest.mark.postgresql),
        pytest.param("postgresql", "sqlite", marks=pytest.mark.postgresql),
        ("sqlite", "sqlite"),
    ],
)
def test_every_row_arrives_and_work_goes_on(new: NewDatabase, source: str, target: str) -> None:
    old = filled(new(source))
    there = new(target)
    result = moved(old, there)
    tables = {each.table: each.rows for each in result.tables}
    assert all(tables[name] >= ROWS for name in metadata.tables), tables
    assert tables["workflow_status"] == 2
    for table in metadata.sorted_tables:
        with old.read() as a, there.read() as b:
            rows = [sorted(map(repr, c.execute(sa.select(table)).all())) for c in (a, b)]
        assert rows[0] == rows[1], table.name
    with there.write() as c:
        given = c.execute(
            events.insert().values(channel="c", at=now(), kind="k", data={})
        ).inserted_primary_key
        assert given is not None and given[0] > 1000
        c.execute(t.lexicon_entries.insert().values(kind="k", said="a", meant="b", note="", since=1))
    stores = stores_on(there)
    with there.read() as c:
        gone, waiting = (
            c.execute(sa.select(t.jobs.c.id).where(t.jobs.c.episode == slug)).scalar_one()
            for slug in ("thang-tu", "thang-ba")
        )
    assert stores.jobs.retry(gone).state is JobState.QUEUED
    assert stores.jobs.cancel(waiting).state is JobState.CANCELLED
    stores.jobs.close()  # type: ignore[attr-defined]
    old.close()
    with pytest.raises(Conflict, match="not empty"):
        moved(old, there)


@pytest.fixture
def old(new: NewDatabase) -> Database:
    """A small archive to move."""
    database = new("sqlite")
    stores = stores_on(database)
    stores.add()
    stores.jobs.close()  # type: ignore[attr-defined]
    database.close()
    return database


@pytest.mark.slow
def test_what_cannot_be_moved_is_said_and_nothing_is(
    old: Database, new: NewDatabase, tmp_path: Path
) -> None:
    target = new("sqlite")
    with pytest.raises(InvalidInput, match="same database"):
        move(old.url, Database(old.url), bring_up_to_date, silent)
    with pytest.raises(Unavailable, match="can't be read"):
        move(f"sqlite:///{tmp_path / 'khong-co.sqlite'}", target, bring_up_to_date, silent)
    with pytest.raises(Conflict, match="tualai migrate"):
        (tmp_path / "bare.sqlite").touch()
        move(f"sqlite:///{tmp_path / 'bare.sqlite'}", target, bring_up_to_date, silent)
    with old.write() as c:
        c.execute(t.workers.insert().values(id="máy-1", seen_at=now()))
    with pytest.raises(Conflict, match="máy-1"):
        moved(old, target)
    with old.write() as c:
        c.execute(t.workers.delete())

    def meddling(fraction: float, note: str) -> None:
        with old.write() as c:
            c.execute(t.programmes.update().values(title=f"đổi lúc {fraction}"))

    with pytest.raises(Conflict, match="while it was copied"):
        move(old.url, target, bring_up_to_date, meddling)
    with target.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(t.programmes)).scalar() == 0
    assert moved(old, target).rows > 5


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_value_that_does_not_fit_or_comes_out_otherwise_stops_it(old: Database, new: NewDatabase) -> None:
    target = new("postgresql")
    for bad, told in (("x" * 81, "organisation.*longer than 80"), ("a\0b", "NUL")):
        with old.write() as c:
            c.execute(t.programmes.update().values(organisation=bad))
        with pytest.raises(InvalidInput, match=told):
            moved(old, target)
    with old.write() as c:
        c.execute(t.programmes.update().values(organisation=""))
    with target.write() as c:
        c.exec_driver_sql(
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN NEW.title := upper(NEW.title); RETURN NEW; END'"
        )
        c.exec_driver_sql(
            "CREATE TRIGGER m BEFORE INSERT ON programmes FOR EACH ROW EXECUTE FUNCTION meddle()"
        )
    with pytest.raises(Conflict, match="programmes is not the same"):
        moved(old, target)
    with target.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(t.topics)).scalar() == 0


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_waiting_recording_is_processed_at_the_new_place(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUALAI_EMBEDDER", "off")
    home, name = tmp_path / "home", cluster.create("template0")
    clips = [make_clip(tmp_path / f"{n}.mp4", 4 + n) for n in range(2)]
    captions = make_captions(tmp_path / "a.srt")
    for clip, extra in zip(clips, (("--wait", "--publish", "--captions", captions), ()), strict=True):
        done = tualai(
            home, "ingest", clip, "--programme", "dh", "--title", f"Số {clip.stem}", *extra, "--json"
        )
        assert done.returncode == 0, done.stderr
    assert [job["state"] for job in answer(home, "jobs", "list")] == ["queued", "done"]
    told = tualai(home, "migrate", "--to", cluster.url(name))
    assert told.returncode == 0 and "TUALAI_DATABASE_URL" in told.stdout, told.stderr
    monkeypatch.setenv("TUALAI_DATABASE_URL", cluster.url(name))
    assert "thai sản" in tualai(home, "search", "thai san", "--json").stdout
    again = tualai(
        home, "ingest", clips[1], "--programme", "dh", "--wait"
    )  # known: only its job is waited for
    assert again.returncode == 0, again.stderr
    assert [job["state"] for job in answer(home, "jobs", "list")] == ["done", "done"]
    cluster.drop(name)


_KILLED = """
import sys, time
sys.path.insert(0, sys.argv[3])
from infra.db.base.counters import go_on_from
from infra.db.base.database import Database
from infra.db.base.moving import move
from infra.assembly.wiring import bring_up_to_date
def slowly(fraction, note):
    print(note, flush=True)
    time.sleep(0.02)
move(sys.argv[1], Database(sys.argv[2]), bring_up_to_date, slowly)
"""


@pytest.mark.slow
@pytest.mark.postgresql
def test_kill_9_again_and_again_leaves_nothing_and_then_it_succeeds(new: NewDatabase) -> None:
    old, target = filled(new("sqlite")), new("postgresql")
    for tables in (1, 20, 60, 100):
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, old.url, target.url, str(ROOT)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        for _ in range(tables):
            child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with target.write() as c:  # waits until the server has seen that the other is gone
            counts = {
                c.execute(sa.select(sa.func.count()).select_from(t)).scalar()
                for t in metadata.sorted_tables
            }
        assert counts == {0}
    assert moved(old, target).rows >= ROWS * len(metadata.tables)

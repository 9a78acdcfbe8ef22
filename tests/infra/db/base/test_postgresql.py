"""What is PostgreSQL's own: how it is reached, its time limits, a restart, and a whole archive on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.db.base.connecting import Connecting, complete_url
from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.errors import InvalidInput, Unavailable
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import ROOT, answer, tualai
from tests.postgresql import Cluster, start_cluster
from tests.stores import stores_on
from tests.waiting import PATIENCE_SECONDS, until


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_url_of_a_server_is_psycopgs_with_the_limits_in_it(scheme: str) -> None:
    url = complete_url(f"{scheme}://lan:m%40t@db.example:5433/tualai?sslmode=require", Connecting(idle=2.5))
    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.port, url.password, url.query["sslmode"]) == (
        "db.example",
        5433,
        "m@t",
        "require",
    )
    assert "-c idle_in_transaction_session_timeout=2500" in url.query["options"]
    assert (url.query["connect_timeout"], url.query["application_name"]) == ("5", "tualai")


def test_what_a_url_says_itself_stands_and_twice_is_once() -> None:
    text = "postgresql://h/d?connect_timeout=9&options=-c%20statement_timeout%3D7"
    once = complete_url(text, Connecting(application="x"))
    assert once.query["connect_timeout"] == "9"
    assert str(once.query["options"]).endswith("-c statement_timeout=7")
    again = complete_url(once.render_as_string(hide_password=False), Connecting())
    assert str(again.query["options"]).endswith("-c statement_timeout=7")
    assert again.query["application_name"] == "x"


@pytest.mark.parametrize("url", ["mysql://h/d", "nonsense", "", "postgresql+asyncnone://h/d"])
def test_other_databases_are_refused_in_a_sentence(url: str) -> None:
    if url.startswith("postgresql"):
        assert complete_url(url, Connecting()).drivername == "postgresql+psycopg"
        return
    with pytest.raises(InvalidInput, match="TUALAI_DATABASE_URL"):
        complete_url(url, Connecting())


def limited(database: Database, **limits: float) -> Database:
    plain = sa.make_url(database.url).difference_update_query(["options"])
    return Database(plain.render_as_string(hide_password=False), Connecting(**limits))  # type: ignore[arg-type]


@pytest.mark.postgresql
def test_a_statement_that_takes_too_long_is_ended(empty_postgresql: Database) -> None:
    database = limited(empty_postgresql, statement=0.5)
    with pytest.raises(Unavailable, match="timeout"), database.read() as c:
        c.execute(sa.select(sa.func.pg_sleep(60)))
    with database.read() as c:
        assert c.execute(sa.select(1)).scalar() == 1
    database.close()


@pytest.mark.postgresql
def test_a_transaction_that_stands_still_loses_its_turn_and_others_go_on(
    empty_postgresql: Database,
) -> None:
    frozen = limited(empty_postgresql, idle=1.0)
    with pytest.raises(Unavailable), frozen.write("episode/a") as c:
        c.execute(t.workers.insert().values(id="frozen", seen_at=sa.func.now()))
        with empty_postgresql.write("episode/a") as other:  # waits until the server has ended the first
            other.execute(t.workers.insert().values(id="other", seen_at=sa.func.now()))
        c.execute(sa.select(1))
    with frozen.read() as c:
        assert c.execute(sa.select(t.workers.c.id)).scalars().all() == ["other"]
    frozen.close()


@pytest.mark.postgresql
def test_a_pool_that_is_used_up_and_a_value_that_does_not_fit_are_said(empty_postgresql: Database) -> None:
    plain = sa.make_url(empty_postgresql.url).render_as_string(hide_password=False)
    small = Database(plain, Connecting(pool=1, overflow=0, pool_wait=0.1))
    with small.read(), pytest.raises(Unavailable), small.read():
        pass
    with pytest.raises(InvalidInput, match="shorter"), small.write() as c:
        c.execute(t.workers.insert().values(id="x" * 81, seen_at=sa.func.now()))
    small.close()


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_restart_of_the_server_is_survived(cluster: Cluster, tmp_path: Path) -> None:
    own = start_cluster(os.getpid())  # others' tests go on in the shared one
    with own.admin() as c:
        c.exec_driver_sql("CREATE DATABASE archive")
    database = Database(own.url("archive"))
    database.migrate()
    from infra.db.jobs.queue_dbos import migrate

    migrate(database)
    stores = stores_on(database)
    stores.add()
    told: list[str] = []
    up = threading.Event()

    def read_on() -> None:
        while not up.is_set():
            try:
                assert len(stores.catalogue.episodes()) == 1
            except Unavailable as error:
                told.append(str(error))
                time.sleep(0.05)

    reader = threading.Thread(target=read_on)
    reader.start()
    own.restart(down_seconds=2)
    up.set()
    reader.join()
    assert told and "password" not in told[0]
    assert all(sentence.startswith("The database did not answer") for sentence in told)
    assert len(stores.catalogue.episodes()) == 1
    stores.add("sau-do")
    assert len(stores.jobs.jobs()) == 2
    database.close()


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_worker_finishes_its_recording_over_restarts_of_the_server(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, home = start_cluster(os.getpid()), tmp_path / "home"
    with own.admin() as c:
        c.exec_driver_sql("CREATE DATABASE archive")
    monkeypatch.setenv("TUALAI_DATABASE_URL", own.url("archive"))
    monkeypatch.setenv("TUALAI_EMBEDDER", "off")
    clip, captions = make_clip(tmp_path / "a.mp4", 20), make_captions(tmp_path / "a.srt")
    assert tualai(home, "migrate").returncode == 0
    done = tualai(home, "ingest", clip, "--captions", captions, "--programme", "dh", "--publish")
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "infra.commands.app", "--home", str(home), "worker"]
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def said() -> str:
        return "the worker came on: " + (tmp_path / "log").read_text()[-3000:]

    try:
        for far in (0.0, 0.3):
            until(lambda: answer(home, "jobs", "list")[0]["fraction"] > far, said)  # noqa: B023
            own.restart(down_seconds=2)
        ended = ("done", "failed", "cancelled")
        until(lambda: answer(home, "jobs", "list")[0]["state"] in ended, said)
        jobs = answer(home, "jobs", "list")
        assert [(job["state"], job["error"]) for job in jobs] == [("done", None)]
        assert len(answer(home, "episodes")) == 1
    finally:
        worker.terminate()
        worker.wait(PATIENCE_SECONDS)


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_recording_is_processed_and_found_and_no_transaction_lasts_as_long_as_its_media(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = cluster.create("template0")
    monkeypatch.setenv("TUALAI_DATABASE_URL", cluster.url(name))
    monkeypatch.setenv("TUALAI_EMBEDDER", "off")
    home = tmp_path / "home"
    assert "tualai migrate" in tualai(home, "episodes").stderr
    assert tualai(home, "migrate").returncode == 0
    assert tualai(home, "episodes").returncode == 0  # the lexicon's seed is in
    stop, longest = threading.Event(), [0.0]

    def watch() -> None:
        age = sa.text(
            "SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity"
            " WHERE datname = :name AND application_name = 'tualai'"
        )
        with cluster.admin() as c:
            while not stop.wait(0.05):
                longest.append(float(c.execute(age, {"name": name}).scalar_one()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    clip, captions = make_clip(tmp_path / "a.mp4"), make_captions(tmp_path / "a.srt")
    started = time.monotonic()
    done = tualai(
        home,
        *("ingest", clip, "--captions", captions, "--programme", "dh", "--title", "Số tháng Ba"),
        *("--publish", "--wait", "--json"),
    )
    took = time.monotonic() - started
    stop.set()
    watcher.join()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "published"
    assert max(longest) < took / 2
    assert "thai sản" in tualai(home, "search", "thai san bao lau", "--json").stdout
    checks = json.loads(tualai(home, "doctor", "--json").stdout)["checks"]
    assert any(c["check"] == "database" and c["ok"] and "PostgreSQL" in c["found"] for c in checks)
    cluster.drop(name)

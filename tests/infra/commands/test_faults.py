"""The command line when things go wrong: each said in a sentence, nothing lost, nothing half done."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from infra.db.base.database import Database
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import answer, tualai
from tests.stores import new_database

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path, empty_database: Path) -> Path:
    """An empty archive."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "tualai.sqlite").write_bytes(empty_database.read_bytes())
    return folder


def fails(home: Path, code: int, *arguments: str | Path) -> str:
    """Run a command that must end with `code`; return what it said."""
    done = tualai(home, *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_was_withdrawn_while_it_waited_stays_withdrawn(home: Path) -> None:
    captions = make_captions(home.parent / "c.srt")
    for name in ("một", "hai"):
        clip = make_clip(home.parent / f"{name}.mp4", 2 if name == "một" else 3)
        wait = ("--wait",) if name == "hai" else ()
        answer(home, "ingest", clip, "--captions", captions, "--programme", "dh", "--publish", *wait)
        if name == "một":
            answer(home, "withdraw", "mot")
    states = {e["episode"]: (e["state"], e["job"]) for e in answer(home, "episodes")}
    assert states == {"mot": ("withdrawn", "done"), "hai": ("published", "done")}


def test_a_refused_file_leaves_no_programme_and_no_topic(home: Path) -> None:
    broken = home.parent / "broken.mp4"
    broken.write_bytes(b"\0" * 100)
    fails(home, 1, "ingest", broken, "--programme", "moi", "--topic", "Bí mật")
    database = Database(f"sqlite:///{home / 'tualai.sqlite'}")
    with database.read() as connection:
        for table in ("programmes", "topics", "episodes", "recordings"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    database.close()
    assert not list(home.glob("files/recordings/*"))


def test_a_file_name_that_is_no_text_is_taken(home: Path) -> None:
    clip = make_clip(home.parent / "a.mp4", 2)
    odd = Path(os.fsdecode(os.fsencode(home.parent) + b"/caf\xe9 1.mp4"))
    clip.rename(odd)
    assert answer(home, "ingest", odd, "--programme", "dh")["episode"] == "caf-1"


@pytest.mark.parametrize(
    "options",
    [
        ("--programme", "Không Phải"),
        ("--programme", "dh", "--language", "zz"),
        ("--programme", "dh", "--guest", ";x"),
    ],
)
def test_options_that_cannot_be_are_wrong_usage(home: Path, options: tuple[str, ...]) -> None:
    fails(home, 2, "ingest", "a.mp4", *options)


def test_a_backup_never_goes_into_the_archive_itself(home: Path) -> None:
    for folder in (home, home / "copy", home.parent):
        assert "elsewhere" in fails(home, 1, "backup", folder)
    fails(home, 1, "backup", "/proc/none")


def test_a_port_in_use_is_said(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "--port" in fails(home, 1, "serve", "--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize(
    "content",
    [
        {"segments": [{"kind": "answer", "start": 1, "end": float("inf"), "title": "x"}]},
        {"cues": [{"start": float("nan"), "end": 2, "text": "x"}]},
        {
            "cues": [{"start": 0, "end": 2, "text": "x"}],
            "segments": [{"kind": "answer", "start": 0, "end": 1, "title": None}],
        },
        {"cues": [{"start": 0, "end": 2, "text": "\ud800"}]},
        {"cues": [{"start": 3, "end": 2, "text": "x"}]},
        {},
    ],
)
def test_an_import_that_is_wrong_anywhere_changes_nothing(home: Path, content: object) -> None:
    clip = make_clip(home.parent / "a.mp4", 2)
    answer(home, "ingest", clip, "--programme", "dh")
    before = tualai(home, "export", "a").stdout
    file = home.parent / "x.json"
    file.write_text(json.dumps(content), "utf-8")
    assert "nothing was imported" in fails(home, 1, "import", "a", file)
    assert tualai(home, "export", "a").stdout == before


def test_a_damaged_database_is_said_and_doctor_survives_it(tmp_path: Path) -> None:
    (tmp_path / "tualai.sqlite").write_bytes(os.urandom(9000))
    assert "backup" in fails(tmp_path, 1, "episodes")
    done = tualai(tmp_path, "doctor", "--json")
    assert done.returncode == 1 and not json.loads(done.stdout)["ok"]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = new_database(tmp_path / "tualai.sqlite")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "upgrade" in fails(tmp_path, 1, "episodes")

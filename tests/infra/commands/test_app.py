"""The command line, run as people run it: the main job, and what is said when things are wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import ROOT, answer, tualai

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("commands")]  # processes, ffmpeg and whole archives


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one published episode, made by the real commands."""
    folder = tmp_path_factory.mktemp("archive")
    clip, captions = make_clip(folder / "buổi phát.mp4"), make_captions(folder / "b.srt")
    done = tualai(
        folder / "home",
        *("ingest", clip, "--captions", captions, "--programme", "dh", "--title", "Số tháng Ba"),
        *("--date", "2026-03-15", "--topic", "Thai sản", "--publish", "--wait", "--json"),
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["episode"] == "so-thang-ba" and result["state"] == "published"
    assert result["error"] is None and len(result["recording"]) == 64
    return folder / "home"


def test_the_answer_is_found_without_tone_marks(home: Path) -> None:
    found = answer(home, "search", "thai san bao lau")
    assert found["total"] >= 1 and found["engine"] == "tantivy" and found["ms"] >= 0
    hit = found["hits"][0]
    assert (hit["episode"], hit["kind"]) == ("so-thang-ba", "answer")
    assert hit["start"] == pytest.approx(0.2, abs=0.3) and 7.5 < hit["end"] <= 12.1
    assert "thai sản" in hit["title"] and "sáu tháng" in hit["text"]
    assert set(hit) == {"episode", "kind", "title", "text", "start", "end", "score"}


def test_many_queries_are_answered_in_one_process(home: Path) -> None:
    done = tualai(
        home, "search", "--queries", "-", "--json", stdin="thai sản\nkhông có gì như vậy đâu xyzzy\n"
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 2 and lines[0]["total"] > 0


def test_the_same_bytes_twice_are_said_not_stored(home: Path) -> None:
    before = sorted(home.rglob("source.*"))
    done = tualai(home, "ingest", home.parent / "buổi phát.mp4", "--programme", "dh", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["episode"] == "so-thang-ba"
    assert "already" in done.stderr
    assert sorted(home.rglob("source.*")) == before
    assert len(answer(home, "episodes")) == 1


def test_refused_files_leave_no_episode_and_exit_1(home: Path) -> None:
    broken = home.parent / "hỏng.mp4"
    broken.write_bytes(b"\0" * 1000)
    done = tualai(home, "ingest", broken, home.parent / "khong-co.mp4", "--programme", "dh", "--json")
    assert done.returncode == 1
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["episode"] for r in results] == [None, None]
    assert all(r["error"] for r in results) and "Traceback" not in done.stderr
    assert len(answer(home, "episodes")) == 1


def test_captions_that_are_none_are_refused_before_anything_is_stored(home: Path) -> None:
    clip = make_clip(home.parent / "khác.mp4", 2)
    (home.parent / "x.srt").write_bytes(b"\x89PNG not captions")
    done = tualai(home, "ingest", clip, "--captions", home.parent / "x.srt", "--programme", "dh")
    assert done.returncode == 1 and "x.srt" in done.stderr + done.stdout
    assert len(answer(home, "episodes")) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest", "a.mp4", "--programme", "dh", "--date", "15/3/2026"),
        ("ingest", "a.mp4", "b.mp4", "--programme", "dh", "--title", "Hai"),
        ("ingest", "a.mp4"),
        ("search",),
        ("nothing",),
        ("serve", "--port", "0"),
    ],
)
def test_wrong_usage_exits_2(home: Path, arguments: tuple[str, ...]) -> None:
    done = tualai(home, *arguments)
    assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr


def test_jobs_are_listed_and_shown(home: Path) -> None:
    (job,) = answer(home, "jobs", "list")
    assert job["state"] == "done" and job["fraction"] == 1.0
    assert answer(home, "jobs", "show", job["id"][:8])["id"] == job["id"]
    assert tualai(home, "jobs", "retry", job["id"]).returncode == 1
    assert tualai(home, "jobs", "cancel", "nonsense").returncode == 1


def test_export_and_import_round_trip(home: Path) -> None:
    text = tualai(home, "export", "so-thang-ba").stdout
    value = json.loads(text)
    assert value["origin"] == "imported" and len(value["cues"]) == 4
    assert any(s["kind"] == "answer" and s["state"] == "suggested" for s in value["segments"])
    vtt = tualai(home, "export", "so-thang-ba", "--format", "vtt").stdout
    assert vtt.startswith("WEBVTT") and "nghỉ thai sản" in vtt
    assert "-->" in tualai(home, "export", "so-thang-ba", "--format", "srt").stdout
    file = home.parent / "export.json"
    file.write_text(text, "utf-8")
    assert answer(home, "import", "so-thang-ba", file) == {
        "episode": "so-thang-ba",
        "cues": 4,
        "segments": len(value["segments"]),
    }
    again = json.loads(tualai(home, "export", "so-thang-ba").stdout)
    assert again == value


@pytest.mark.slow
def test_nonsense_is_not_imported(home: Path) -> None:
    file = home.parent / "nonsense.json"
    for content in ("[1, 2]", "{", '{"cues": [{"start": "x"}]}', '{"segments": [{"kind": "answer"}]}'):
        file.write_text(content, "utf-8")
        done = tualai(home, "import", "so-thang-ba", file)
        assert done.returncode == 1 and "nothing was imported" in done.stderr, content


def test_withdrawn_episodes_are_not_found_any_more_and_come_back(home: Path) -> None:
    assert answer(home, "withdraw", "so-thang-ba")["state"] == "withdrawn"
    assert answer(home, "search", "thai sản")["total"] == 0
    answer(home, "publish", "so-thang-ba")
    assert answer(home, "search", "thai sản")["total"] > 0
    assert tualai(home, "publish", "khong-co").returncode == 1


def test_reindex_rebuilds_what_was_thrown_away(home: Path) -> None:
    import shutil

    shutil.rmtree(home / "index")
    assert answer(home, "reindex")["episodes"] == 1
    assert answer(home, "search", "thai sản")["total"] > 0


@pytest.mark.slow
def test_a_backup_becomes_a_working_archive(home: Path, tmp_path: Path) -> None:
    first = answer(home, "backup", tmp_path / "copy")
    assert first["copied"] > 5 and first["copied_bytes"] > 10_000
    assert answer(home, "backup", tmp_path / "copy")["copied"] == 0
    back = answer(tmp_path / "new", "restore", tmp_path / "copy")
    assert back["problems"] == [] and back["rows"] == first["rows"] and back["passages"] > 0
    assert answer(tmp_path / "new", "search", "thai san")["hits"][0]["kind"] == "answer"
    again = tualai(tmp_path / "new", "restore", str(tmp_path / "copy"))
    assert again.returncode == 1 and "not empty" in again.stderr


@pytest.mark.slow
def test_settings_that_cannot_be_used_name_the_cure(home: Path) -> None:
    for name, value in (("TUALAI_STORAGE_URL", "ftp://x"), ("TUALAI_WORKER_SLOTS", "many")):
        os.environ[name] = value
        try:
            done = tualai(home, "episodes")
        finally:
            del os.environ[name]
        assert done.returncode == 1 and "TUALAI" in done.stderr and "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = tualai(tmp_path / "file" / "home", "episodes")
    assert done.returncode == 1 and "--home" in done.stderr


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['tualai', '--help']\n"
        "from infra.commands.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('sqlalchemy', 'dbos', 'starlette', 'numpy', 'pydantic', 'tantivy', 'jinja2')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "ingest" in done.stdout

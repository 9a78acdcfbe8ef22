"""Workers that fail, are cancelled and are killed: nothing is lost, nothing stays behind."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import ROOT, answer, tualai
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = pytest.mark.slow


@contextmanager
def worker(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.commands.app", "--home", str(home), "worker"],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def take(home: Path, seconds: float) -> str:
    """Ingest a clip whose encoding takes about as long; return the job's id."""
    clip = make_clip(home.parent / f"{home.name}.mkv", seconds, codec="mpeg4")
    captions = make_captions(home.parent / f"{home.name}.srt")
    answer(home, "ingest", clip, "--captions", captions, "--programme", "dh", "--title", "Một", "--publish")
    (job,) = answer(home, "jobs", "list")
    return str(job["id"])


def wait_for(home: Path, job: str, wanted: Any) -> dict[str, Any]:
    """Wait until a job is as `wanted` says."""
    shown: dict[str, Any] = {}

    def come() -> Any:
        shown.update(json.loads(tualai(home, "jobs", "show", job, "--json").stdout))
        return wanted(shown)

    until(come, lambda: f"the job was as wanted: {shown}")
    return shown


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    found = []
    for each in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ended between the list and the look
            if "ffmpeg" in each.name():
                found.append(each)
    return found


def workers_of(home: Path) -> int:
    """How many workers are known to the archive."""
    with closing(sqlite3.connect(home / "tualai.sqlite")) as database:
        count: int = database.execute("SELECT count(*) FROM workers").fetchone()[0]
    return count


def test_a_failed_step_says_why_and_can_be_retried(tmp_path: Path) -> None:
    home = tmp_path / "home"
    job = take(home, 5)
    (source,) = home.glob("files/recordings/*/source.*")
    whole = source.read_bytes()
    source.write_bytes(b"\0" * len(whole))
    with worker(home):
        failed = wait_for(home, job, lambda j: j["state"] == "failed")
        assert failed["error"] and "Traceback" not in failed["error"]
        source.write_bytes(whole)
        answer(home, "jobs", "retry", job)
        wait_for(home, job, lambda j: j["state"] == "done")
    assert answer(home, "episodes")[0]["state"] == "published"
    assert answer(home, "search", "thai san")["total"] > 0


def test_cancelling_stops_ffmpeg_and_a_retry_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    job = take(home, 90)
    with worker(home) as process:
        wait_for(home, job, lambda _: children(process))
        answer(home, "jobs", "cancel", job)
        until(lambda: not children(process), "ffmpeg ended")
        assert wait_for(home, job, lambda j: j["state"] == "cancelled")["error"] is None
        answer(home, "jobs", "retry", job)
        wait_for(home, job, lambda j: j["state"] == "done")
    assert not list(home.glob("scratch/*"))


def test_a_dead_workers_job_is_taken_over_by_another(tmp_path: Path) -> None:
    home = tmp_path / "home"
    job = take(home, 90)
    with worker(home) as first:
        wait_for(home, job, lambda _: children(first))
        with worker(home):
            until(lambda: workers_of(home) == 2, "the other worker began")
            orphans: list[psutil.Process] = []  # between two pieces there are none for a moment
            until(lambda: orphans.extend(children(first)) or orphans, "the first worker encodes")
            first.kill()
            first.wait()
            gone, alive = psutil.wait_procs(orphans, timeout=PATIENCE_SECONDS)
            assert gone and not alive
            wait_for(home, job, lambda j: j["state"] == "done")
    assert answer(home, "episodes")[0]["state"] == "published"


def test_an_interrupted_wait_leaves_its_job_to_the_next_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    job = take(home, 50)
    clip = str(tmp_path / "home.mkv")
    again = [
        sys.executable,
        "-m",
        "infra.commands.app",
        "--home",
        str(home),
        "ingest",
        clip,
        "--programme",
        "dh",
        "--wait",
    ]
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a background shell has it ignored
    waiting = subprocess.Popen(again, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=heeding)  # noqa: PLW1509
    wait_for(home, job, lambda j: j["state"] == "running" and j["fraction"] > 0.01)
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=PATIENCE_SECONDS)
    assert waiting.returncode == 130 and "goes on" in said and "Traceback" not in said
    assert wait_for(home, job, lambda _: True)["state"] == "running"
    done = subprocess.run(again, cwd=ROOT, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 0
    assert wait_for(home, job, lambda _: True)["state"] == "done"

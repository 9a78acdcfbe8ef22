"""Processes that are kept running."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from infra.processes.supervisor import FIRST_PAUSE, SupervisedProcess
from tests.infra.command_line import ROOT
from tests.waiting import until

KEEP = (
    "import sys, time\nfrom infra.processes.supervisor import SupervisedProcess, kept_running\n"
    "with kept_running([SupervisedProcess(['--home', sys.argv[1], 'worker'])], 20):\n    time.sleep(120)"
)


def test_what_ends_at_once_is_started_ever_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("infra.processes.supervisor.time.monotonic", lambda: now[0])
    starts = []
    kept = SupervisedProcess(["worker"])

    def start() -> None:
        starts.append(now[0])
        kept.process = subprocess.Popen([sys.executable, "-c", ""])
        kept.process.wait()
        kept.since = now[0]

    monkeypatch.setattr(kept, "start", start)
    for tick in range(200):
        now[0] = tick / 10
        kept.look()
    pauses = [b - a for a, b in itertools.pairwise(starts)]
    assert (
        pauses == pytest.approx([FIRST_PAUSE * 2**n for n in range(len(pauses))], abs=0.25)
        and len(pauses) >= 3
    )


@pytest.mark.slow
def test_a_killed_worker_is_started_again_and_dies_with_its_keeper(tmp_path: Path) -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEP, str(tmp_path / "home")], cwd=ROOT, stderr=subprocess.PIPE
    )

    def worker(but: int = 0) -> int:
        found: list[int] = []

        def there() -> bool:
            for child in psutil.Process(keeper.pid).children():
                with suppress(psutil.Error):
                    if child.pid != but and child.is_running() and "worker" in child.cmdline()[-1:]:
                        found.append(child.pid)
            return bool(found)

        until(there, "a worker was started")
        return found[0]

    try:
        first = worker()
        os.kill(first, signal.SIGKILL)
        second = worker(but=first)
    finally:
        keeper.kill()
        keeper.wait()
    until(lambda: not psutil.pid_exists(second), "the worker ended with its keeper")

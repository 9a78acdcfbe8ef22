"""Workers' names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from infra.jobs.worker_name import claimed_name
from tests.infra.command_line import ROOT


def test_names_are_unique_while_held_and_free_afterwards(tmp_path: Path) -> None:
    with claimed_name(tmp_path) as first, claimed_name(tmp_path) as second:
        assert first.endswith("-1") and second == f"{first[:-1]}2"
    with claimed_name(tmp_path) as again:
        assert again == first


def test_a_killed_workers_name_is_free_at_once(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom infra.jobs.worker_name import claimed_name\n"
        "with claimed_name(Path(sys.argv[1])) as name:\n    print(name, flush=True)\n    time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    held = other.stdout.readline().strip()
    with claimed_name(tmp_path) as name:
        assert name != held
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with claimed_name(tmp_path) as name:
        assert name == held


def test_two_data_folders_of_hosts_called_the_same_give_different_names(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    with claimed_name(tmp_path / "one") as one, claimed_name(tmp_path / "other") as other:
        assert one != other

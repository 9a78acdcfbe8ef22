"""Scratch folders: their own process's while it lives, gone when it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from infra.configuration.scratch import STALE_SECONDS, own_scratch
from tests.infra.command_line import ROOT

HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom infra.configuration.scratch import own_scratch\n"
    "with own_scratch(Path(sys.argv[1])) as folder:\n"
    "    (folder / 'file').write_text('x')\n    print(folder, flush=True)\n    time.sleep(60)"
)


def test_a_living_process_keeps_its_folder_whatever_its_number(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    held = Path(other.stdout.readline().strip())
    with own_scratch(tmp_path) as mine:
        assert (held / "file").exists() and mine.is_dir()
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with own_scratch(tmp_path) as mine:
        assert {path.name for path in tmp_path.iterdir()} == {mine.name, f"{mine.name}.lock"}
    assert not list(tmp_path.iterdir())


def test_folders_of_an_older_version_go_after_a_day(tmp_path: Path) -> None:
    for name in ("123-young", "124-old"):
        (tmp_path / name).mkdir()
    old = (tmp_path / "124-old").stat().st_mtime - STALE_SECONDS - 10
    os.utime(tmp_path / "124-old", (old, old))
    with own_scratch(tmp_path):
        assert (tmp_path / "123-young").exists() and not (tmp_path / "124-old").exists()

"""An archive of one demonstration recording, made once for all tests of a run that begin with it."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.serving import ROOT
from tests.infra.command_line import answer

DEMO = ROOT / "infra/demo_archive"
NAME = "2025-12-13-thai-san"


def demo_home(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """Put a copy in `home`: one episode, “thai-san”, with two topics, processed and waiting for an editor."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = base / "demo_home"
    with (base / "demo_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(base / "demo_home.begun")
            (base / "demo_home.begun").rename(made)
    shutil.copytree(made, home, dirs_exist_ok=True)
    return home


def _make(home: Path) -> None:
    taken = answer(
        home,
        *("ingest", DEMO / f"media/{NAME}.mp4", "--captions", DEMO / f"captions/{NAME}.vi.srt"),
        *("--programme", "gio-giai-dap", "--title", "Thai sản", "--date", "2025-12-13"),
        *("--topic", "Thai sản", "--topic", "Tiền lương", "--wait"),
    )
    assert (taken["episode"], taken["state"]) == ("thai-san", "review")

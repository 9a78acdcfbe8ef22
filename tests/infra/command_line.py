"""Running `tualai` as people do: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def tualai(home: Path, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command on the data folder `home`."""
    return subprocess.run(
        [sys.executable, "-m", "infra.commands.app", "--home", str(home), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def answer(home: Path, *arguments: str | Path, stdin: str = "") -> Any:
    """Run a command with --json that must succeed; return what it printed."""
    done = tualai(home, *arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

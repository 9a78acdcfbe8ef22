"""Running `tualai` as people do: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from infra.commands.app import main
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
_started = get_context("forkserver")
"""Each command is a process that is forked off one that has imported everything: imports are most of what a short
command costs. That the program starts from nothing too, the sites and workers of the tests show."""
_started.set_forkserver_preload(["infra.assembly.wiring", "infra.commands.app", "tests.infra.command_line"])


def tualai(home: Path, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command on the data folder `home`."""
    told = ["tualai", "--home", str(home), *map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(stdin, "utf-8")
        process = _started.Process(
            target=_run, args=(told, {**os.environ, "COLUMNS": "200"}, [str(path) for path in streams])
        )
        process.start()
        process.join(PATIENCE_SECONDS)
        status = process.exitcode
        process.kill()
        assert status is not None, f"{told} did not end in {PATIENCE_SECONDS:g} s"
        out, err = (path.read_text("utf-8") for path in streams[1:])
    return subprocess.CompletedProcess(told, status, out, err)


def answer(home: Path, *arguments: str | Path, stdin: str = "") -> Any:
    """Run a command with --json that must succeed; return what it printed."""
    done = tualai(home, *arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _run(told: list[str], environment: dict[str, str], streams: list[str]) -> None:
    """In the new process: be `tualai`, with `streams` as standard input, output and error."""
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = (open(n, "w", encoding="utf-8", closefd=False) for n in (1, 2))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = told
    main()

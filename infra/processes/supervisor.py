"""Processes kept running: one that ends by itself is started again, ever more slowly, and the log says so."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from media.process.child import CONFINE

log = logging.getLogger("tualai.worker")

LOOK_SECONDS = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
STEADY_SECONDS = 60.0
"""A process that lived so long is started again at once when it ends."""


@dataclass
class SupervisedProcess:
    """A command of this program, such as `worker`, with settings of its own; and the process that runs it now."""

    arguments: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    since: float = 0.0

    def start(self) -> None:
        """It dies with this process (confine.py), also when that is killed."""
        confined = [sys.executable, "-I", "-S", str(CONFINE), str(os.getpid()), "-1", "-1", "-1"]
        command = [*confined, sys.executable, "-m", "infra.commands.app", *self.arguments]
        self.process = subprocess.Popen(command, env={**os.environ, **self.settings})
        self.since = time.monotonic()

    def look(self) -> None:
        """Start it where its time has come; note that it has ended."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self.since:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        steady = moment - self.since >= STEADY_SECONDS
        wait = 0.0 if steady else self.pause
        self.pause = FIRST_PAUSE if steady else min(LONGEST_PAUSE, 2 * self.pause)
        log.warning(
            "“%s” has ended (%d); it is started again in %d s", " ".join(self.arguments), code, wait
        )
        self.process, self.since = None, moment + wait


@contextmanager
def kept_running(commands: Sequence[SupervisedProcess], patience: float) -> Iterator[None]:
    """Keep them running while the block runs, then end them: by SIGTERM, and by force after `patience` seconds."""
    stop = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(commands, stop)
    )  # they die with the thread that started them
    keeper.start()
    try:
        yield
    finally:
        for kept in commands:
            if kept.process is not None:
                kept.process.terminate()
        stop.set()
        deadline = time.monotonic() + patience
        for kept in commands:
            if kept.process is not None:
                _end(kept.process, max(0.1, deadline - time.monotonic()))
        keeper.join()


def _keep(commands: Sequence[SupervisedProcess], stop: threading.Event) -> None:
    while not stop.is_set():
        for kept in commands:
            kept.look()
        stop.wait(LOOK_SECONDS)
    for kept in commands:  # the thread stays until they have ended
        if kept.process is not None:
            kept.process.wait()


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""Watching work go on, with progress bars."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from infra.commands.output.printing import say
from media.jobs import ENDED
from media.progress import Progress, silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from infra.assembly.archive import Archive

LOOK_SECONDS = 0.25
ALIVE_SECONDS = 15.0


@contextmanager
def bar(title: str, *, quiet: bool) -> Iterator[Progress]:
    """One progress bar on standard error, fed by the `Progress` it gives."""
    if quiet:
        yield silent
        return
    with _bars() as bars:
        task = bars.add_task(title, total=1.0, step="")
        yield lambda fraction, note: bars.update(task, completed=fraction, step=note)


def watch(archive: Archive, episodes: list[str], *, quiet: bool) -> None:
    """Wait until the episodes' jobs have ended and the index has followed.

    Where no worker is alive, this process works by itself meanwhile.
    """
    from infra.pipeline import steps as pipeline
    from media.errors import Unavailable

    with ExitStack() as stack:
        bars = None if quiet else stack.enter_context(_bars())
        helper = _Helper(archive, stack)
        try:
            _follow(archive, episodes, bars, helper)
        except KeyboardInterrupt:
            if bars is not None:
                bars.stop()
            say(
                "Stopped. What was under way goes on from here with “tualai worker”, or the same command again."
            )
            helper.abandon()
        deadline = time.monotonic() + 30
        while archive.changes.pending(1) and time.monotonic() < deadline:
            try:
                pipeline.refresh_index(archive)
            except Unavailable:
                time.sleep(LOOK_SECONDS)  # the worker is at it


class _Helper:
    """Starts a worker in this process once no other has been seen for a while."""

    def __init__(self, archive: Archive, stack: ExitStack) -> None:
        self._archive, self._stack = archive, stack
        self._name: str | None = None

    def ensure(self) -> None:
        if self._name or self._archive.records.workers(ALIVE_SECONDS):
            return
        from infra.jobs.worker_name import claimed_name
        from infra.processes.worker_dbos import running_worker

        self._name = self._stack.enter_context(claimed_name(self._archive.settings.home))
        self._stack.enter_context(running_worker(self._archive, self._name))

    def abandon(self) -> None:
        """End this process as a kill would: the steps under way are left for the next worker, and their
        child processes go with this one."""
        if self._name is not None:
            self._archive.records.forget(self._name)
        os._exit(130)


def _follow(archive: Archive, episodes: list[str], bars: Bars | None, helper: _Helper) -> None:
    tasks = {slug: bars.add_task(slug, total=1.0, step="") if bars else None for slug in episodes}
    open_episodes = set(episodes)
    while open_episodes:
        helper.ensure()
        for slug in list(open_episodes):
            job = archive.records.job_of(slug)
            task = tasks[slug]
            if job is not None and bars is not None and task is not None:
                bars.update(task, completed=job.fraction, step=str(job.error or job.step))
            if job is None or job.state in ENDED:
                open_episodes.discard(slug)
        time.sleep(LOOK_SECONDS)


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}", markup=False),
        console=Console(stderr=True),
    )

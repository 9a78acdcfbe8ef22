"""The worker's duty of giving passages their vectors, behind everything else it does."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable

from infra.assembly.archive import Archive
from infra.pipeline import steps
from media.errors import Unavailable

log = logging.getLogger("tualai.worker")

NICENESS = 10
"""Beside an encoder that uses the whole processor, such a thread gets about a tenth of a core (sched(7))."""
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0


class EmbeddingTask:
    """Called again and again by one thread. With nothing to embed a call costs one query of the database."""

    def __init__(self, stopped: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._stopped, self._clock = stopped, clock
        self._pause = 0.0
        self._not_before = 0.0

    def __call__(self, archive: Archive, _name: str) -> None:
        """Embed until nothing waits or the worker stops; while the embedder is away, ever more rarely."""
        if self._clock() < self._not_before:
            return
        _step_aside()
        try:
            while not self._stopped() and (episode := steps.embed_waiting(archive, self._stopped)):
                self._works_again()
                log.info("%s: all is embedded, or the worker stops", episode)
        except Unavailable as error:
            if not self._pause:
                log.warning("%s Until then search goes by words.", error)
            self._pause = min(2 * self._pause or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
            self._not_before = self._clock() + self._pause

    def _works_again(self) -> None:
        if self._pause:
            log.info("the embedder works again")
        self._pause = 0.0


def _step_aside() -> None:
    """Lower the priority of this thread only; Linux alone has one for each (setpriority(2), NOTES)."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        if os.getpriority(os.PRIO_PROCESS, thread) < NICENESS:
            os.setpriority(os.PRIO_PROCESS, thread, NICENESS)

"""From a piece's progress to the job's row that everybody reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from infra.db.jobs.pieces import SqlPieces
from infra.jobs.leases import Lease
from media.errors import Cancelled, Unavailable

WRITE_SECONDS = 1.0
ENOUGH = 0.02
"""Of a job done while watched, before its rest is estimated from that."""


class Estimates:
    """How long jobs take yet, by how far they came while this worker watched."""

    def __init__(self) -> None:
        self._began: dict[str, tuple[float, float]] = {}

    def seconds_left(self, job: str, fraction: float) -> float | None:
        """If the rest goes as fast as what all workers have done since; None until there is enough to tell."""
        moment = time.monotonic()
        began, before = self._began.setdefault(job, (moment, fraction))
        done = fraction - before
        return (moment - began) * (1 - fraction) / done if done > ENOUGH else None


class Reporter:
    """A `Progress` that writes at most once a second, and notices when the lease is lost: the job was cancelled, or
    the worker taken for dead."""

    def __init__(
        self,
        pieces: SqlPieces,
        lease: Lease,
        estimates: Estimates | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`stopped` tells whether the worker is at its end."""
        self._pieces, self._lease, self._stopped = pieces, lease, stopped
        self._left = partial((estimates or Estimates()).seconds_left, lease.job)
        self._written = time.monotonic()  # taking the piece has written

    def __call__(self, fraction: float, note: str) -> None:
        """Raises `Cancelled`."""
        if self._stopped():
            raise Cancelled("The worker was stopped; the next one goes on from here.")
        moment = time.monotonic()
        if moment - self._written < WRITE_SECONDS:
            return
        self._written = moment
        try:
            self._pieces.report(self._lease, min(1.0, max(0.0, fraction)), note, self._left)
        except Unavailable:
            return  # the work goes on meanwhile; whether it may be kept is asked when it is committed

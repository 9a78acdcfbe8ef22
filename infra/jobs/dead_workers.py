"""Noticing that a worker is dead: its heartbeat has not changed for a while, by the watcher's own clock. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class Watcher:
    """Looks at heartbeats. No clock is compared with another machine's, so that none need be right."""

    def __init__(self, patience: float) -> None:
        """`patience`: seconds without a beat."""
        self._patience = patience
        self._seen: dict[str, tuple[datetime, float]] = {}

    def dead(self, beats: Mapping[str, datetime], moment: float) -> set[str]:
        """Those whose beat is the same as so long ago; `moment` is in seconds of a clock that never goes back."""
        self._seen = {
            worker: (beat, moment) if self._seen.get(worker, (None, 0.0))[0] != beat else self._seen[worker]
            for worker, beat in beats.items()
        }
        return {worker for worker, (_, since) in self._seen.items() if moment - since >= self._patience}

    def forget(self) -> None:
        """Begin anew: nobody could write its beat while the database was away, or this process stood still."""
        self._seen.clear()

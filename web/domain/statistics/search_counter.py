"""Counting searches beside the searches: gathered in memory, written seldom, never in a visitor's way."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import Counter
from datetime import date

from media.errors import ArchiveError
from web.domain.statistics.anonymise import countable
from web.domain.statistics.searches import Searches, Tally
from web.text.days import today

FLUSH_SECONDS = 10.0
"""A process that is killed loses the counts of this time at most."""
WAITING_MOST = 5000
"""Texts, and plays, that may wait; more are not counted."""

_log = logging.getLogger(__name__)


class SearchCounter:
    """Counts for one process. Its methods neither wait for the store nor fail. Safe to share between threads."""

    def __init__(self, store: Searches, seconds: float = FLUSH_SECONDS) -> None:
        """Writes to `store` `seconds` after something was counted, in a thread of its own."""
        self._store = store
        self._seconds = seconds
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._timer: threading.Timer | None = None
        self._searches: dict[tuple[date, str], Tally] = {}
        self._plays: Counter[tuple[date, str, str]] = Counter()
        self._forgot: date | None = None

    def searched(self, text: str, *, empty: bool) -> None:
        """Somebody searched for `text`; `empty`: it found nothing."""
        key = today(), countable(text)
        if not key[1]:
            return
        with self._lock:
            if key in self._searches or len(self._searches) < WAITING_MOST:
                self._searches[key] = self._searches.get(key, Tally()) + Tally(1, int(empty))
                self._wake()

    def played(self, text: str, passage: str) -> None:
        """Somebody searched for `text` and played the hit `passage` (its id)."""
        key = today(), countable(text), passage
        if not key[1]:
            return
        with self._lock:
            if key in self._plays or len(self._plays) < WAITING_MOST:
                self._plays[key] += 1
                self._wake()

    def flush(self) -> None:
        """Write what waits. When the store is away it waits on, for the next time."""
        with self._flushing:
            with self._lock:
                searches, plays = self._searches, self._plays
                self._searches, self._plays, self._timer = {}, Counter(), None
            try:
                self._write(searches, plays)
            except ArchiveError as error:
                _log.warning("Searches were not counted yet: %s", error)
                self._take_back(searches, plays)

    def _write(
        self, searches: dict[tuple[date, str], Tally], plays: Counter[tuple[date, str, str]]
    ) -> None:
        for day in sorted({key[0] for key in searches} | {key[0] for key in plays}):
            self._store.add(
                day,
                {text: tally for (on, text), tally in searches.items() if on == day},
                {(text, passage): count for (on, text, passage), count in plays.items() if on == day},
            )
            # what is written is not taken back when a later day fails
            for text in [key for key in searches if key[0] == day]:
                del searches[text]
            for play in [key for key in plays if key[0] == day]:
                del plays[play]
            if self._forgot != day:
                with contextlib.suppress(ArchiveError):  # tried again at the next flush
                    self._store.forget(day)
                    self._forgot = day

    def _take_back(
        self, searches: dict[tuple[date, str], Tally], plays: Counter[tuple[date, str, str]]
    ) -> None:
        with self._lock:
            for key, tally in searches.items():
                self._searches[key] = self._searches.get(key, Tally()) + tally
            self._plays.update(plays)
            self._wake()

    def _wake(self) -> None:
        """Flush after a while; the lock is held."""
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self.flush)
            self._timer.daemon = True
            self._timer.start()

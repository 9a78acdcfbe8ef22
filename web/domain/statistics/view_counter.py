"""Counting what is watched beside the watching: gathered in memory, judged and written seldom."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date

from media.archive.catalogue import Catalogue
from media.archive.episodes import EpisodeState
from media.errors import ArchiveError, NotFound
from web.domain.statistics.views import Views, Watched
from web.domain.statistics.watching import Report, watched
from web.domain.throttle import Throttle
from web.text.days import today

FLUSH_SECONDS = 10.0
"""A process that is killed loses the counts of this time at most."""
WAITING_MOST = 10_000
"""Reports that may wait; more are not counted."""
REPORTS_A_SECOND, REPORTS_AT_ONCE = 5.0, 300.0
"""From one address. A player sends about one a minute, but a whole dormitory may share an address."""

_log = logging.getLogger(__name__)


class ViewCounter:
    """Counts for one process. `watched` neither waits for the store nor fails. Safe to share between threads."""

    def __init__(
        self, store: Views, length_of: Callable[[str], float | None], seconds: float = FLUSH_SECONDS
    ) -> None:
        """Writes to `store` `seconds` after something was counted, in a thread of its own.

        `length_of` gives the seconds of an episode, None for one that is not public; it may raise `ArchiveError`.
        """
        self._store = store
        self._length_of = length_of
        self._seconds = seconds
        self._throttle = Throttle(REPORTS_A_SECOND, REPORTS_AT_ONCE)
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._timer: threading.Timer | None = None
        self._waiting: list[tuple[date, Report]] = []
        self._forgot: date | None = None

    def watched(self, report: Report, address: str) -> None:
        """A player at `address` (which is not kept) reports what it played."""
        if not self._throttle.allow(address):
            return
        with self._lock:
            if len(self._waiting) < WAITING_MOST:
                self._waiting.append((today(), report))
                self._wake()

    def flush(self) -> None:
        """Write what waits. When the store is away it waits on, for the next time."""
        with self._flushing:
            with self._lock:
                waiting, self._waiting, self._timer = self._waiting, [], None
            for day in sorted({on for on, _ in waiting}):
                reports = [report for on, report in waiting if on == day]
                try:
                    self._write(day, reports)
                except ArchiveError as error:
                    _log.warning("What was watched is not counted yet: %s", error)
                    self._take_back(day, reports)

    def _write(self, day: date, reports: list[Report]) -> None:
        lengths = {slug: self._length_of(slug) or 0.0 for slug in {each.episode for each in reports}}
        episodes: dict[str, Watched] = {}
        for each in reports:
            found = watched(each, lengths[each.episode])
            if found is not None:
                episodes[each.episode] = episodes.get(each.episode, Watched()) + found
        if episodes:
            self._store.add(day, episodes)
            self._tidy(day)

    def _tidy(self, day: date) -> None:
        """Once a day. What was written must not be taken back when this fails, so it fails alone."""
        if self._forgot == day:
            return
        try:
            self._store.forget(day)
            self._forgot = day
        except ArchiveError as error:
            _log.warning("Old figures are not summed yet: %s", error)

    def _take_back(self, day: date, reports: list[Report]) -> None:
        with self._lock:
            self._waiting = ([(day, each) for each in reports] + self._waiting)[:WAITING_MOST]
            self._wake()

    def _wake(self) -> None:
        """Flush after a while; the lock is held."""
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self.flush)
            self._timer.daemon = True
            self._timer.start()


def public_lengths(catalogue: Catalogue) -> Callable[[str], float | None]:
    """A function for `ViewCounter`: the seconds of a published episode's recording."""

    def length_of(slug: str) -> float | None:
        try:
            episode = catalogue.episode(slug)
            if episode.state != EpisodeState.PUBLISHED or not episode.recording:
                return None
            return catalogue.recording(episode.recording).info.duration
        except NotFound:
            return None

    return length_of

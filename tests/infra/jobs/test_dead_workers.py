"""Who is dead, by hearing nothing; whatever the clocks say."""

from __future__ import annotations

from datetime import datetime, timedelta

from infra.jobs.dead_workers import Watcher

LONG_AGO = datetime(2001, 1, 1)


def test_a_beat_that_does_not_change_is_a_dead_workers() -> None:
    watcher = Watcher(18)
    assert watcher.dead({"wrong clock": LONG_AGO, "dead": LONG_AGO}, 0) == set()
    for second in range(1, 18):
        assert (
            watcher.dead({"wrong clock": LONG_AGO + timedelta(second), "dead": LONG_AGO}, second) == set()
        )
    assert watcher.dead({"wrong clock": LONG_AGO + timedelta(18), "dead": LONG_AGO}, 18) == {"dead"}
    assert watcher.dead({"wrong clock": LONG_AGO + timedelta(19)}, 19) == set()
    assert watcher.dead({"wrong clock": LONG_AGO + timedelta(19), "dead": LONG_AGO}, 40) == {"wrong clock"}


def test_who_stood_still_itself_begins_to_watch_anew() -> None:
    watcher = Watcher(18)
    watcher.dead({"other": LONG_AGO}, 0)
    watcher.forget()
    assert watcher.dead({"other": LONG_AGO}, 100) == set()
    assert watcher.dead({"other": LONG_AGO}, 118) == {"other"}

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from media.errors import Unavailable
from tests.waiting import until
from web.domain.statistics.view_counter import REPORTS_AT_ONCE, ViewCounter
from web.domain.statistics.views import StatisticsScope, Viewing, Watched
from web.domain.statistics.watching import Report
from web.domain.throttle import Throttle

REPORT = Report("mot", True, 10.0, ((0.0, 10.0),))
LENGTHS = {"mot": 100.0}


class Store:
    """A store that may be away, in part."""

    def __init__(self) -> None:
        self.days: dict[date, dict[str, Watched]] = {}
        self.away = False
        self.untidy = False

    def add(self, day: date, watched: Mapping[str, Watched]) -> None:
        if self.away:
            raise Unavailable("The database is locked; try again.")
        for slug, each in watched.items():
            kept = self.days.setdefault(day, {})
            kept[slug] = kept.get(slug, Watched()) + each

    def forget(self, today: date) -> None:
        if self.untidy:
            raise Unavailable("The database is locked; try again.")

    @property
    def views(self) -> int:
        return sum(each.views for kept in self.days.values() for each in kept.values())

    def by_day(self, scope: StatisticsScope) -> dict[date, Viewing]:
        raise NotImplementedError

    by_episode = plays_by_day = plays_by_answer = retention = by_day  # type: ignore[assignment]


def counter_of(store: Store, seconds: float = 60) -> ViewCounter:
    return ViewCounter(store, LENGTHS.get, seconds)  # type: ignore[arg-type]


def test_reports_wait_and_are_judged_when_written() -> None:
    store = Store()
    counter = counter_of(store)
    for episode in ("mot", "mot", "nhap"):
        counter.watched(Report(episode, True, 10.0, ((0.0, 10.0),)), "10.0.0.1")
    counter.watched(Report("mot", True, 10.0, ((0.0, 90.0),)), "10.0.0.1")
    assert store.days == {}
    counter.flush()
    counter.flush()
    assert [list(each) for each in store.days.values()] == [["mot"]]
    assert store.views == 2


def test_they_are_written_by_themselves() -> None:
    store = Store()
    counter_of(store, 0.01).watched(REPORT, "")
    until(lambda: store.views, "the counts are written")
    assert store.views == 1


def test_nothing_is_lost_or_counted_twice_while_the_store_is_away() -> None:
    store = Store()
    store.away = True
    counter = counter_of(store)
    counter.watched(REPORT, "")
    counter.flush()
    store.away, store.untidy = False, True
    counter.watched(REPORT, "")
    counter.flush()
    counter.flush()
    assert store.views == 2


def test_one_address_cannot_report_without_end() -> None:
    store = Store()
    counter = counter_of(store)
    for _ in range(int(REPORTS_AT_ONCE) * 3):
        counter.watched(REPORT, "203.0.113.5")
    counter.watched(REPORT, "203.0.113.6")
    counter.flush()
    assert REPORTS_AT_ONCE < store.views < REPORTS_AT_ONCE * 1.5
    assert "203.0.113" not in repr(vars(counter)) + repr(vars(counter._throttle))


def test_threads_count_every_view() -> None:
    store = Store()
    counter = counter_of(store)
    with ThreadPoolExecutor(8) as pool:
        for number in range(200):
            pool.submit(counter.watched, REPORT, str(number))
            pool.submit(counter.flush)
    counter.flush()
    assert store.views == 200


def test_a_throttle_fills_up_again() -> None:
    now = [0.0]
    throttle = Throttle(2, 3, lambda: now[0])
    assert [throttle.allow("a") for _ in range(4)] == [True, True, True, False]
    now[0] = 1.0
    assert [throttle.allow("a") for _ in range(3)] == [True, True, False]
    now[0] = 1000.0
    assert [throttle.allow("a") for _ in range(4)] == [True, True, True, False]

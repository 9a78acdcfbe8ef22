from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from media.errors import Unavailable
from tests.fakes.searches_memory import MemorySearches
from tests.waiting import until
from web.domain.statistics.search_counter import WAITING_MOST, SearchCounter
from web.domain.statistics.searches import Searched, Tally


class AwayAtFirst(MemorySearches):
    """A store that does not answer the first time."""

    away = True

    def add(self, day: date, searches: Mapping[str, Tally], plays: Mapping[tuple[str, str], int]) -> None:
        if self.away:
            self.away = False
            raise Unavailable("The database is locked; try again.")
        super().add(day, searches, plays)


def test_counts_are_written_together_and_later() -> None:
    store = MemorySearches()
    counter = SearchCounter(store, 60)
    counter.searched("Thai sản", empty=False)
    counter.searched("thai  sản?", empty=True)
    counter.played("THAI SẢN", "tap-1:answer:1000")
    counter.searched("  ", empty=True)
    assert store.searched(date.today()) == []
    counter.flush()
    counter.flush()
    assert store.searched(date.today()) == [Searched("thai sản", 2, 1, 1)]


def test_they_are_written_by_themselves() -> None:
    store = MemorySearches()
    SearchCounter(store, 0.01).searched("thai sản", empty=False)
    until(lambda: store.searched(date.today()), "the counts are written")
    assert store.searched(date.today()) == [Searched("thai sản", 1, 0, 0)]


def test_nothing_is_lost_while_the_store_is_away() -> None:
    store = AwayAtFirst()
    counter = SearchCounter(store, 60)
    counter.searched("thai sản", empty=False)
    counter.flush()
    assert store.searched(date.today()) == []
    counter.searched("thai sản", empty=False)
    counter.flush()
    assert store.searched(date.today()) == [Searched("thai sản", 2, 0, 0)]


def test_only_so_much_waits() -> None:
    store = MemorySearches(new_texts_a_day=10**9)
    counter = SearchCounter(store, 60)
    for number in range(WAITING_MOST + 5):
        counter.searched(f"{number:x}g", empty=False)
    counter.searched("0g", empty=False)
    assert len(counter._searches) == WAITING_MOST


def test_threads_count_every_search() -> None:
    store = MemorySearches()
    counter = SearchCounter(store, 60)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(400):
            pool.submit(counter.searched, "thai sản", empty=False)
            pool.submit(counter.flush)
    counter.flush()
    assert store.searched(date.today()) == [Searched("thai sản", 400, 0, 0)]

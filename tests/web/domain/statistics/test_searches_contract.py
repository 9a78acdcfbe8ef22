"""The contract of `Searches`, over the fake and SQLite."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from infra.db.statistics.searches import SqlSearches
from tests.fakes.searches_memory import MemorySearches
from tests.stores import Stores
from web.domain.statistics.searches import KEPT_DAYS, RARE_COUNT, RARE_DAYS, Searched, Searches, Tally

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)
ANSWER = "tap-1:answer:1000"


def test_days_add_up(stores: Stores) -> None:
    searches = stores.searches
    searches.add(TODAY, {"thai sản": Tally(2, 0), "xyz": Tally(1, 1)}, {("thai sản", ANSWER): 1})
    searches.add(
        TODAY, {"thai sản": Tally(1, 1)}, {("thai sản", ANSWER): 2, ("thai sản", "tap-2:answer:1"): 1}
    )
    searches.add(YESTERDAY, {"thai sản": Tally(4, 0)}, {})
    assert searches.searched(TODAY) == [Searched("thai sản", 3, 1, 4), Searched("xyz", 1, 1, 0)]
    assert searches.searched(YESTERDAY)[0] == Searched("thai sản", 7, 1, 4)
    assert searches.searched(TODAY + timedelta(days=1)) == []
    searches.add(TODAY, {}, {})
    assert len(searches.searched(TODAY)) == 2


def test_plays_of_what_nobody_searched_for_are_left_out(stores: Stores) -> None:
    stores.searches.add(TODAY, {"thai sản": Tally(1)}, {("bịa", ANSWER): 5})
    stores.searches.add(YESTERDAY, {}, {("thai sản", ANSWER): 5})
    assert stores.searches.searched(YESTERDAY) == [Searched("thai sản", 1, 0, 0)]


def test_the_rare_and_the_old_are_forgotten(stores: Stores) -> None:
    searches = stores.searches
    old, very_old = (TODAY - timedelta(days=days + 1) for days in (RARE_DAYS, KEPT_DAYS))
    searches.add(very_old, {"thường": Tally(99)}, {("thường", ANSWER): 1})
    searches.add(old, {"hiếm": Tally(1), "thường": Tally(1)}, {("hiếm", ANSWER): 1, ("thường", ANSWER): 1})
    searches.add(TODAY, {"mới": Tally(1), "thường": Tally(RARE_COUNT - 1)}, {})
    searches.forget(TODAY)
    assert searches.searched(very_old) == [
        Searched("thường", RARE_COUNT, 0, 1),
        Searched("mới", 1, 0, 0),
    ]


@pytest.fixture
def small(stores: Stores) -> Searches:
    if stores.database is None:
        return MemorySearches(new_texts_a_day=3)
    return SqlSearches(stores.database, new_texts_a_day=3)


def test_a_robot_cannot_fill_the_table(small: Searches) -> None:
    small.add(TODAY, {"thai sản": Tally(1)}, {})
    robot = {f"robot {number}": Tally(1) for number in range(50)}
    small.add(TODAY, robot, {("thai sản", f"tap-1:answer:{number}"): 1 for number in range(50)})
    small.add(TODAY, {"thai sản": Tally(1), "robot 60": Tally(1)}, {})
    found = small.searched(TODAY)
    assert found[0] == Searched("thai sản", 2, 0, 3)
    assert len(found) == 3

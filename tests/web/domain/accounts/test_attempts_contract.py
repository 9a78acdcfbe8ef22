"""What is promised of counting attempts. On every database engine."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.people.attempts import SqlAttempts
from infra.db.tables.studio import attempts
from web.domain.accounts.attempts import Allowance

TWO = Allowance("login", 2, 60)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


def test_so_many_in_a_window_and_then_anew(any_database: Database) -> None:
    clock = Clock()
    counted = SqlAttempts(any_database, clock)
    assert counted.allow(TWO, "lan")
    clock.seconds += 30
    assert [counted.allow(TWO, "lan") for _ in range(4)] == [True, False, False, False]
    clock.seconds += 29
    assert not counted.allow(TWO, "lan")
    clock.seconds += 1  # 60 s after the first; those refused did not count
    assert [counted.allow(TWO, "lan") for _ in range(3)] == [True, True, False]


def test_each_kind_and_key_by_itself(any_database: Database) -> None:
    counted = SqlAttempts(any_database)
    address = Allowance("address", 1, 60)
    assert counted.allow(TWO, "lan") and counted.allow(TWO, "lan") and not counted.allow(TWO, "lan")
    assert counted.allow(TWO, "minh")
    assert counted.allow(address, "lan") and not counted.allow(address, "lan")


def test_a_right_one_forgives_its_own(any_database: Database) -> None:
    counted = SqlAttempts(any_database)
    for key in ("lan", "minh"):
        assert counted.allow(TWO, key) and counted.allow(TWO, key)
    counted.forgive(TWO, "lan")
    counted.forgive(TWO, "nobody")
    assert counted.allow(TWO, "lan") and not counted.allow(TWO, "minh")


def test_another_process_counts_on(any_database: Database) -> None:
    assert SqlAttempts(any_database).allow(TWO, "lan") and SqlAttempts(any_database).allow(TWO, "lan")
    assert not SqlAttempts(any_database).allow(TWO, "lan")


def test_what_an_older_version_counted_stays_counted(any_database: Database) -> None:
    clock = Clock()
    with any_database.write() as c:
        row = {"key": "login/lan/2/60/second", "count": 2, "ends_at": clock() + 5}
        c.execute(attempts.insert().values(**row))
    assert not SqlAttempts(any_database, clock).allow(TWO, "lan")


def test_rows_that_have_ended_go_by_the_way(any_database: Database) -> None:
    clock = Clock()
    counted = SqlAttempts(any_database, clock)
    for number in range(5):
        counted.allow(TWO, f"old-{number}")
    clock.seconds += 60
    counted.allow(TWO, "new")
    with any_database.read() as c:
        assert list(c.execute(sa.select(attempts.c.key)).scalars()) == ["login/new/2/60/second"]

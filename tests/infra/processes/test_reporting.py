"""From a piece's progress to its job's row."""

from __future__ import annotations

from typing import Any

import pytest

from infra.jobs.leases import Lease, LeaseLost
from infra.jobs.plan import Key
from infra.processes.reporting import Estimates, Reporter
from media.errors import Cancelled, Unavailable

LEASE = Lease("job", Key("encode"), 1, "token")


class Book:
    """Takes reports down, or is away."""

    def __init__(self) -> None:
        self.reports: list[float] = []
        self.error: Exception | None = None

    def report(self, _lease: Lease, fraction: float, _note: str, left: Any) -> None:
        if self.error is not None:
            raise self.error
        self.reports.append(fraction)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("infra.processes.reporting.time.monotonic", lambda: now[0])
    return now


def test_at_most_once_a_second_is_written(clock: list[float]) -> None:
    book = Book()
    progress = Reporter(book, LEASE)  # type: ignore[arg-type]
    for tenth in range(41):
        clock[0] = 100 + tenth / 10
        progress(tenth / 40, "")
    assert book.reports == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_work_goes_on_without_the_database_but_not_without_the_lease(clock: list[float]) -> None:
    book = Book()
    stopped: list[int] = []
    progress = Reporter(book, LEASE, stopped=lambda: bool(stopped))  # type: ignore[arg-type]
    book.error = Unavailable("away")
    clock[0] += 5
    progress(0.5, "")
    book.error = LeaseLost()
    clock[0] += 5
    with pytest.raises(LeaseLost):
        progress(0.6, "")
    stopped.append(1)
    with pytest.raises(Cancelled):
        progress(0.6, "")


def test_the_rest_is_estimated_from_what_was_watched(clock: list[float]) -> None:
    estimates = Estimates()
    assert estimates.seconds_left("job", 0.5) is None
    clock[0] += 10
    assert estimates.seconds_left("job", 0.6) == pytest.approx(40)
    assert estimates.seconds_left("other", 0.6) is None

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from web.domain.statistics.views import BUCKET_SECONDS
from web.domain.statistics.watching import (
    RANGES_MOST,
    REPORT_SECONDS_MOST,
    SPEED_MOST,
    Report,
    read_report,
    watched,
)

LENGTH = 95.0
HONEST = Report("thai-san", True, 12.0, ((3.0, 15.0),))


def test_seconds_fall_into_their_buckets() -> None:
    found = watched(HONEST, LENGTH)
    assert found is not None
    assert (found.views, found.buckets, found.seconds) == (1, {0: 7.0, 1: 5.0}, 12.0)


def test_what_is_played_twice_counts_twice() -> None:
    found = watched(replace(HONEST, first=False, ranges=((0.0, 6.0), (0.0, 6.0))), LENGTH)
    assert found is not None
    assert (found.views, found.buckets) == (0, {0: 12.0})


def test_the_last_bucket_ends_with_the_episode() -> None:
    found = watched(replace(HONEST, ranges=((88.0, 96.0),)), LENGTH)
    assert found is not None
    assert found.buckets == {8: 2.0, 9: 5.0}


@pytest.mark.parametrize(
    "report",
    [
        replace(HONEST, ranges=((90.0, 97.0),)),
        replace(HONEST, ranges=((-1.0, 8.0),)),
        replace(HONEST, ranges=((8.0, 3.0),)),
        replace(HONEST, ranges=((0.0, 4.0),)),
        replace(HONEST, seconds=0.0),
        replace(HONEST, seconds=REPORT_SECONDS_MOST + 1),
        replace(HONEST, seconds=5.0, ranges=((0.0, 15.0),)),
        replace(HONEST, ranges=((0.0, 30.0),) * 30),
    ],
)
def test_what_cannot_be_true_is_not_counted(report: Report) -> None:
    assert watched(report, LENGTH) is None


def test_nothing_is_counted_of_an_episode_without_a_length() -> None:
    assert watched(HONEST, 0.0) is None


numbers = st.floats(-10, 4000) | st.sampled_from([0.0, 1e-9, 5.0, 10.0, LENGTH])
ranges = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=RANGES_MOST)
reports = st.builds(Report, st.just("thai-san"), st.booleans(), st.floats(-1, 200), ranges.map(tuple))


@given(reports, st.floats(0, 4000))
def test_whatever_is_reported_no_more_is_counted_than_could_be_played(
    report: Report, duration: float
) -> None:
    found = watched(report, duration)
    if found is None:
        return
    assert found.seconds <= SPEED_MOST * REPORT_SECONDS_MOST + 2
    assert found.seconds == pytest.approx(
        sum(min(b, duration) - min(a, duration) for a, b in report.ranges), abs=1e-6
    )
    assert all(0 <= key < math.ceil(max(duration, 1) / BUCKET_SECONDS) for key in found.buckets)
    assert all(0 < each <= BUCKET_SECONDS * len(report.ranges) for each in found.buckets.values())


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_reading_refuses_or_reads_but_never_fails(value: object) -> None:
    for name in ("episode", "first", "seconds", "ranges"):
        body = {"episode": "a", "first": False, "seconds": 9, "ranges": [[0, 9]], name: value}
        try:
            found = read_report(body)
        except InvalidInput:
            continue
        assert all(math.isfinite(each) for pair in found.ranges for each in pair)


def test_numbers_that_json_lets_through_are_refused() -> None:
    for text in ("NaN", "Infinity", "-Infinity", "1e400", "true", '"9"'):
        body = json.loads(f'{{"episode": "a", "seconds": 9, "ranges": [[0, {text}]]}}')
        with pytest.raises(InvalidInput):
            read_report(body)

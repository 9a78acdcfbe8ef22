from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from transcribe.segments import Segment, SegmentKind
from web.domain.statistics.figures import UsageCounts, by_step, retention
from web.domain.statistics.period import read_period
from web.domain.statistics.searches import Tally
from web.domain.statistics.views import Viewing
from web.studio.figures.views import draw_curve, percent
from web.text.csv_tables import cell, sheet
from web.text.language import Language

TODAY = date(2026, 11, 22)


def test_the_usual_periods_end_today() -> None:
    assert (read_period("", "", "", TODAY).since, read_period("7", "", "", TODAY).since) == (
        date(2026, 10, 24),
        date(2026, 11, 16),
    )
    year = read_period("365", "", "", TODAY)
    assert (len(year.steps), year.monthly, year.steps[-1]) == (365, False, TODAY)


def test_days_of_ones_own() -> None:
    own = read_period("", "2026-10-01", "2026-10-31", TODAY)
    assert (own.days, len(own.steps)) == (0, 31)
    assert read_period("30", "2026-11-16", "2026-11-22", TODAY).days == 7
    assert read_period("", "2026-11-01", "2030-01-01", TODAY).until == TODAY
    assert read_period("", "", "2026-10-31", TODAY).since == date(2026, 10, 2)


def test_what_is_old_is_shown_by_the_month() -> None:
    long = read_period("", "2025-03-09", "", TODAY)
    assert long.monthly
    assert (long.since, len(long.steps)) == (date(2025, 3, 1), 21)
    steps = dict(
        by_step(long, {date(2025, 3, 1): Viewing(1, 60.0), date(2025, 3, 31): Viewing(2, 30.0)}, {}, {})
    )
    assert steps[date(2025, 3, 1)] == UsageCounts(3, 90.0)


@pytest.mark.parametrize(
    ("days", "since", "until"),
    [
        ("8", "", ""),
        ("x", "", ""),
        ("", "2026-11-22", "2026-11-01"),
        ("", "hôm qua", ""),
        ("", "0001-01-01", ""),
        ("", "2027-01-01", ""),
        ("", "٢٠٢٦-٠١-٠١", ""),
    ],
)
def test_other_periods_are_refused(days: str, since: str, until: str) -> None:
    with pytest.raises(InvalidInput):
        read_period(days, since, until, TODAY)


@given(st.dates(date(2020, 1, 1), TODAY), st.integers(0, 3000))
def test_no_day_of_a_period_is_lost(since: date, length: int) -> None:
    period = read_period(
        "", since.isoformat(), min(TODAY, since + timedelta(days=length)).isoformat(), TODAY
    )
    days = [period.since + timedelta(days=n) for n in range((period.until - period.since).days + 1)]
    found = by_step(
        period, {day: Viewing(1, 1.0) for day in days}, dict.fromkeys(days, 1), {days[0]: Tally(2, 1)}
    )
    total = sum((counts for _, counts in found), UsageCounts())
    assert total == UsageCounts(len(days), float(len(days)), len(days), 2, 1)
    assert period.since <= since


def test_retention_is_plays_for_each_view() -> None:
    found = retention({0: 20.0, 1: 10.0, 2: 2.5}, 2, 25.0)
    assert found.shares == (1.0, 0.5, 0.25)
    assert found.starts == [0, 10, 20]
    assert found.share(0, 20) == 0.75
    assert found.share(12, 18) == 0.5
    assert retention({}, 0, 25.0).shares == () == retention({0: 9.0}, 3, 0.0).shares


@given(st.dictionaries(st.integers(0, 30), st.floats(0, 1e6)), st.integers(1, 1000), st.floats(0.5, 300))
def test_a_curve_stays_within_its_drawing(buckets: dict[int, float], views: int, duration: float) -> None:
    answer = Segment(SegmentKind.ANSWER, 0, duration / 2, "Nghỉ")
    curve = draw_curve(retention(buckets, views, duration), [answer], Language("vi"))
    assert curve is not None
    places = [tuple(map(float, point.lstrip("ML").split(","))) for point in curve.path.split()[:-1]]
    assert all(0 <= x <= 1000 and 0 <= y <= 200 for x, y in places)
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert curve.spans == ((0, max(2, 500)),)


def test_percent_in_words() -> None:
    assert percent(0.456, Language("vi")) == "46\u00a0%"
    assert percent(12.0, Language("vi")) == "1.200\u00a0%"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200e=1", "＝1", "\0=1"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


def test_text_that_is_none_stays() -> None:
    assert cell("nghỉ = thai sản – 6 tháng") == "nghỉ = thai sản – 6 tháng"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_a_sheet_reads_back_as_it_was(rows: list[list[str]]) -> None:
    text = sheet(["a", "b"], rows)
    assert text.startswith("\ufeff")
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert back == [["a", "b"], *([cell(each) for each in row] for row in rows)]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from web.text.language import Language, read_languages
from web.text.times import address_time, clock, iso_duration, length, megabytes, parse_time, rough_length

VI, EN = Language("vi"), read_languages()["en"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        ("90s", 90),
        ("90.5", 90.5),
        ("1m30s", 90),
        ("1h2m3s", 3723),
        ("2h", 7200),
        ("1:30", 90),
        ("1:02:03", 3723),
        (" 1H2M3.5S ", 3723.5),
    ],
)
def test_times_in_addresses(text: str, seconds: float) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "abc", "-1", "1e9", "1m30", "h", "1:2:3:4", "٣", "99999999", "nan", "1h1h"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_time(text)


@given(st.floats(0, 99_999, allow_nan=False))
def test_an_address_never_starts_after_the_moment(seconds: float) -> None:
    written = parse_time(address_time(seconds))
    assert written <= seconds + 1e-5
    assert seconds - written < 0.1001


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0:00"), (65.9, "1:05"), (725, "12:05"), (3600, "1:00:00"), (-3, "0:00")]
)
def test_clock(seconds: float, written: str) -> None:
    assert clock(seconds) == written


@pytest.mark.parametrize(
    ("seconds", "vietnamese", "english"),
    [
        (130, "2 phút 10 giây", "2 min 10 s"),
        (60, "1 phút", "1 min"),
        (0.2, "1 giây", "1 s"),
        (3905, "1 giờ 5 phút", "1 h 5 min"),
        (7200, "2 giờ", "2 h"),
    ],
)
def test_lengths_in_words(seconds: float, vietnamese: str, english: str) -> None:
    assert length(seconds, VI) == vietnamese
    assert length(seconds, EN) == english


def test_rough_lengths() -> None:
    assert rough_length(10, VI) == "chưa đến 1 phút"
    assert rough_length(125, EN) == "about 2 min"


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (1_234_000, "1,2\u00a0MB"),
        (34_900_000, "35\u00a0MB"),
        (10, "0,1\u00a0MB"),
        (9_960_000, "10\u00a0MB"),
    ],
)
def test_sizes(size: int, written: str) -> None:
    assert megabytes(size, VI) == written


def test_iso_duration() -> None:
    assert iso_duration(3723.4) == "PT1H2M3S"

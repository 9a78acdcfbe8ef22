from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.http.byte_ranges import Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-1000", (0, 100)),
        ("bytes=95-1000", (95, 5)),
        ("BYTES = 5-5", (5, 1)),
        ("bytes=0-0", (0, 1)),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes", None),
        ("items=0-5", None),
        ("bytes=0-1,4-5", None),
        ("bytes=0-9 garbage", None),
        ("bytes=٣-٤", None),
        ("bytes=99999999999999999999-", None),
        ("", None),
    ],
)
def test_ranges_of_a_hundred_bytes(header: str | None, part: tuple[int, int] | None) -> None:
    assert parse_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_ranges_outside(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, 100)


def test_nothing_of_an_empty_file() -> None:
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=0-", 0)
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=-5", 0)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d*-\d*", fullmatch=True), st.integers(0, 1000))
def test_a_part_always_lies_in_the_file(header: str, size: int) -> None:
    try:
        part = parse_range(header, size)
    except Unsatisfiable:
        return
    if part is not None:
        start, length = part
        assert 0 <= start < size
        assert 0 < length <= size - start

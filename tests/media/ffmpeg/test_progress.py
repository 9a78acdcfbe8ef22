from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ffmpeg.progress import ProgressReader, parse_line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"out_time_us=1500000", ("seconds", 1.5)),
        (b"out_time_us=1500000\r", ("seconds", 1.5)),
        (b"out_time_us=-40000", ("seconds", 0.0)),
        (b"out_time_us=N/A", None),
        (b"out_time_ms=1500000", None),
        (b"out_time=00:00:01.500000", None),
        (b"total_size=4096", ("total_size", 4096.0)),
        (b"total_size=N/A", None),
        (b"frame=12", ("frame", 12.0)),
        (b"progress=continue", None),
        (b"", None),
    ],
)
def test_lines(line: bytes, expected: tuple[str, float] | None) -> None:
    assert parse_line(line) == expected


def test_reports_the_fraction_and_never_goes_back() -> None:
    reports: list[tuple[float, str]] = []
    reader = ProgressReader(lambda fraction, note: reports.append((fraction, note)), 10.0, "render")
    for data in (
        b"out_time_us=25",
        b"00000\nprog",
        b"ress=continue\n",
        b"out_time_us=2000000\n",
        b"out_time_us=99000000\n",
    ):
        reader.received(data)
        reader.tick()
    assert reports == [(0, "render"), (0.25, "render"), (0.25, "render"), (0.25, "render"), (1.0, "render")]


def test_tells_whether_the_work_moved_on() -> None:
    reader = ProgressReader(lambda fraction, note: None, 10.0, "")
    assert reader.received(b"frame=1\nout_time_us=40000\n")
    assert not reader.received(b"frame=1\nout_time_us=40000\nprogress=continue\n")
    assert reader.received(b"frame=2\n")


def test_an_unknown_duration_stays_at_0() -> None:
    reader = ProgressReader(lambda fraction, note: None, 0.0, "")
    reader.received(b"out_time_us=40000\n")
    assert reader.fraction == 0.0


@given(st.lists(st.binary(max_size=40), max_size=10), st.floats(0, 1e6))
def test_any_bytes(blocks: list[bytes], duration: float) -> None:
    reader = ProgressReader(lambda fraction, note: None, duration, "")
    for block in blocks:
        reader.received(block)
    assert 0 <= reader.fraction <= 1

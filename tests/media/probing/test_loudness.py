from __future__ import annotations

import pytest

from media.probing.loudness import gain_for, parse_loudness

SUMMARY = """[Parsed_ebur128_1 @ 0x5581] Summary:

  Integrated loudness:
    I:         {} LUFS
    Threshold: -33.4 LUFS

  Loudness range:
    LRA:         4.5 LU
"""


@pytest.mark.parametrize(
    ("lufs", "gain"), [(-18.0, 0.0), (-23.0, 5.0), (-14.0, -4.0), (-60.0, 20.0), (10.0, -20.0), (-17.96, 0.0), (None, 0.0)]
)  # fmt: skip
def test_gain(lufs: float | None, gain: float) -> None:
    assert gain_for(lufs) == pytest.approx(gain)


@pytest.mark.parametrize(
    ("printed", "lufs"), [("-23.1", -23.1), ("-70.0", None), ("0.0", 0.0), ("-inf", None)]
)
def test_parse(printed: str, lufs: float | None) -> None:
    assert parse_loudness(SUMMARY.format(printed)) == lufs


def test_no_summary() -> None:
    assert parse_loudness("") is None

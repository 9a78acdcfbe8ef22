from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from media.live.rtmp.amf0 import decode, encode

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.dictionaries(TEXTS.filter(bool), inner, max_size=4) | st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=5))
def test_what_is_written_is_read_again(values: list[object]) -> None:
    assert decode(encode(*values)) == values


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(InvalidInput):
        decode(data)


def test_what_nests_without_end_is_refused() -> None:
    with pytest.raises(InvalidInput, match="too large"):
        decode(b"\x03\x00\x01a" * 5000)


def test_a_connect_as_an_encoder_sends_it() -> None:
    told = b"\x02\x00\x07connect\x00\x3f\xf0\x00\x00\x00\x00\x00\x00\x03\x00\x03app\x02\x00\x04live\x00\x00\x09"
    assert decode(told) == ["connect", 1.0, {"app": "live"}]

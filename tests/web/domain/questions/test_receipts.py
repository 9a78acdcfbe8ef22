from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from web.domain.questions.receipts import digest, new_code, read_code, spoken
from web.domain.sending.fernet import FernetEncryption, new_key

SAYINGS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
codes = st.builds(new_code)


@given(codes)
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    assert re.fullmatch(r"[2-7][0-9]{10}", code)
    wide = code.translate({48 + n: 0xFF10 + n for n in range(10)})
    said = ", ".join(SAYINGS[int(digit)] for digit in code)
    for text in (code, spoken(code), f" {spoken(code)}. ", "-".join(code), wide, said, said.title()):
        assert read_code(text) == code


@given(codes, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_told(code: str, place: int, by: int) -> None:
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    with pytest.raises(InvalidInput):
        read_code(wrong)


@given(codes, st.integers(0, 9))
def test_two_swapped_digits_are_told(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(InvalidInput):
            read_code(swapped)


@given(st.text())
def test_anything_else_is_told_or_read(text: str) -> None:
    with suppress(InvalidInput):
        assert re.fullmatch(r"[2-7][0-9]{10}", read_code(text))


def test_only_who_has_the_key_can_try_codes() -> None:
    code, ours, theirs = new_code(), FernetEncryption([new_key()]), FernetEncryption([new_key()])
    assert digest(ours, code) == digest(ours, code) != digest(theirs, code)
    assert code not in digest(ours, code) and len(digest(ours, code)) == 64

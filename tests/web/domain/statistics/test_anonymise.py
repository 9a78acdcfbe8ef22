from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.domain.statistics.anonymise import LENGTH_MOST, PRIVATE, countable


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("  Thai   SẢN ", "thai sản"),
        ("Thai sản?", "thai sản"),
        ("tha\u0069 sa\u0309n", "thai sản"),
        ("", ""),
        ("?!", ""),
        ("\x00\u200b", ""),
        ("khoản 9 Điều 3", "khoản 9 điều 3"),
        ("nghị định 145/2020/NĐ-CP", "nghị định 145/2020/nđ-cp"),
        ("luật 2024", "luật 2024"),
        ("nghỉ 6 tháng 12 ngày", "nghỉ 6 tháng 12 ngày"),
        ("nợ lương 0912345678", "nợ lương #"),
        ("gọi 0912 345 678 giúp em", "gọi # giúp em"),
        ("gọi 0912.345.678", "gọi #"),
        ("gọi +84 912-345-678", "gọi #"),
        ("cccd 079 190 001 234", "cccd #"),
        ("sổ bhxh 7912345678", "sổ bhxh #"),
        ("thẻ DN4797912345678", "thẻ #"),
        ("thẻ ０９１２３４５６７８", "thẻ #"),
        ("số không chín một hai ba bốn năm sáu bảy tám", "số #"),
        ("lan.nguyen@example.com nợ lương", "# nợ lương"),
        ("xem https://example.com/a?b=c", "xem #"),
        ("xe 59-X1 234.56 mất", "xe # mất"),
        ("em sinh ngày 15/3/1990 hưởng gì", "em # hưởng gì"),
        ("chị Nguyễn Thị Ánh Tuyết bị đuổi", "chị # bị đuổi"),
        ("tên tôi là Lan ở xưởng may", PRIVATE),
        ("em ten Lan bi no luong", PRIVATE),
        ("một hai ba bốn năm " * 3, PRIVATE),
        ("a" * (LENGTH_MOST + 1), PRIVATE),
        ("đô thị mới", "đô thị mới"),
    ],
)
def test_what_is_counted(text: str, counted: str) -> None:
    assert countable(text) == counted


@given(st.text())
def test_counting_twice_counts_the_same_and_fits_the_table(text: str) -> None:
    found = countable(text)
    assert len(found) <= 200
    assert countable(found) in (found, "") or "#" in found
    found.encode()


@given(
    st.from_regex(r"0[0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{4}", fullmatch=True),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_no_phone_number_is_ever_counted(phone: str, before: str, after: str) -> None:
    digits = re.sub(r"\D", "", phone)
    assert digits not in re.sub(r"[ .\-]", "", countable(f"{before} {phone} {after}"))

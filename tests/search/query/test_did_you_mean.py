"""Did you mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.did_you_mean import corrected

SAID = [
    "Lao động nữ được nghỉ thai sản sáu tháng, bảo hiểm xã hội trả trợ cấp thai sản.",
    "Rút bảo hiểm xã hội một lần thì mất quyền lợi. Công ty nợ bảo hiểm xã hội.",
    "Trợ cấp thất nghiệp tính theo tháng đóng; sa thải trái luật phải bồi thường.",
    "Thấp nhất là mức lương tối thiểu vùng.",
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bỏa hiểm", "bảo hiểm"),
        ("boa hiem xa hoi", "bảo hiểm xã hội"),
        ("tro cap thap nghiep", "trợ cấp thất nghiệp"),
        ("trợ cấp thấp nghiệp", "trợ cấp thất nghiệp"),
        ("bồi thươn", "bồi thường"),
        ("thaisanr", None),
        ("thaisan 6 thág", "thai sản 6 tháng"),
        ("nghỉ tai sản", "nghỉ thai sản"),
    ],
)
def test_the_spelling_of_the_archive(typed: str, meant: str | None) -> None:
    assert corrected(typed, SAID) == meant


@pytest.mark.parametrize(
    "typed", ["bảo hiểm xã hội", "thai san", "thất nghiệp", "DECnet", "", "?", "6 2026"]
)
def test_what_is_right_is_left(typed: str) -> None:
    assert corrected(typed, SAID) is None
    assert corrected(typed, []) is None


def test_no_half_of_it_is_left_wrong() -> None:
    assert corrected("bỏa hiểm ngoẹo", SAID) is None
    assert corrected("bỏa hiểm BHXH", SAID) == "bảo hiểm bhxh"


@given(st.text(st.characters(), max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_anything_may_be_typed_and_said(text: str, near: list[str]) -> None:
    found = corrected(text, near)
    assert found is None or found.strip()

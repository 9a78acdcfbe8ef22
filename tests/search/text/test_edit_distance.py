from __future__ import annotations

import pytest

from search.text.edit_distance import within


@pytest.mark.parametrize(
    ("a", "b", "limit", "near"),
    [
        ("thang", "thagn", 1, True),
        ("thang", "tang", 1, True),
        ("thang", "thangs", 1, True),
        ("thang", "thing", 1, True),
        ("thang", "thi", 2, False),
        ("thang", "lang", 1, False),
    ],
)
def test_within(a: str, b: str, limit: int, near: bool) -> None:
    assert within(a, b, limit) is near

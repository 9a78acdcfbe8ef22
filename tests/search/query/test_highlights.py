"""Highlights and the part of a text that is shown."""

from __future__ import annotations

import pytest

from search.query.highlights import spans, typos
from search.query.understanding import understand

TEXT = "Lao động nữ mang thai được nghỉ thai sản sáu tháng; người lao động khác thì không."


def marked(text: str, query: str, *, typing: bool = False) -> list[str]:
    return [text[a:b] for a, b in spans(text, understand(query, typing=typing))]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("thai sản", ["thai", "thai sản"]),
        ("THAI SAN", ["thai", "thai sản"]),
        ("mẹ bầu", ["mang thai", "thai sản"]),
        ("6 tháng", ["sáu tháng"]),
        ("NLĐ", ["người lao động"]),
        ("người lao động", ["Lao động", "người lao động"]),
        ("thángg", ["tháng"]),
        ("được", ["được"]),
        ("mang được", ["mang"]),
        ("ốm", []),
    ],
)
def test_spans(query: str, words: list[str]) -> None:
    assert marked(TEXT, query) == words


def test_the_word_as_typed_is_preferred() -> None:
    assert marked("bán bạn ban", "bạn") == ["bạn"]
    assert marked("bán bàn", "bạn") == ["bán bàn"]


def test_a_beginning_only_while_typing() -> None:
    assert marked(TEXT, "nghỉ tha", typing=True) == ["thai", "nghỉ thai", "tháng"]
    assert marked(TEXT, "nghỉ tha") == ["nghỉ"]


def test_no_typo_in_a_word_that_exists() -> None:
    assert spans("tăng lương", understand("thang"), known={"thang"}) == ()
    assert marked("tăng lương", "thang") == ["tăng"]


@pytest.mark.parametrize(("word", "edits"), [("sna", 0), ("thia", 1), ("2026", 0), ("thaisann", 2)])
def test_typos_by_length(word: str, edits: int) -> None:
    assert typos(word) == edits

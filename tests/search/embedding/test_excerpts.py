"""Excerpts are short, keep every word in order and end where sentences do."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from search.embedding.excerpts import EXCERPTS_MOST, excerpts_of, windows_of
from search.passages.passage import Passage, PassageKind


def passage(title: str, text: str) -> Passage:
    return Passage(
        "a:answer:0", "a", PassageKind.ANSWER, title, text, 0.0, 9.0, "p", "", date(2026, 1, 1), "vi"
    )


def test_an_answer_is_embedded_with_its_question() -> None:
    found = excerpts_of(passage("Nghỉ thai sản mấy tháng?", "Được nghỉ sáu tháng."))
    assert found == ["Nghỉ thai sản mấy tháng?\nĐược nghỉ sáu tháng."]


def test_a_passage_without_text_has_its_title() -> None:
    assert excerpts_of(passage("Mở đầu", " ")) == ["Mở đầu"]


def test_windows_end_with_sentences() -> None:
    assert windows_of("Một hai ba. Bốn năm? Sáu bảy tám chín.", 5) == [
        "Một hai ba. Bốn năm?",
        "Sáu bảy tám chín.",
    ]


def test_a_long_sentence_is_cut_into_equal_parts() -> None:
    assert windows_of("a b c d e f g h i", 4) == ["a b c", "d e f", "g h i"]


def test_a_passage_without_end_has_a_bounded_number() -> None:
    assert len(excerpts_of(passage("", "từ " * 100_000))) == EXCERPTS_MOST


@given(st.text(alphabet="ab .?\n", max_size=200), st.integers(1, 9))
def test_no_word_is_lost(text: str, most: int) -> None:
    windows = windows_of(text, most)
    assert [word for window in windows for word in window.split()] == text.split()
    assert all(1 <= len(window.split()) <= most for window in windows)

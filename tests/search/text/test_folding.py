"""Folding keeps length, forgets tones, and treats both places of the tone mark alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.folding import WORD_LENGTH, exact, fold, nfc, tokens, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Thai sản", "thai san"),
        ("ĐÌNH CÔNG đúng luật", "dinh cong dung luat"),
        ("nghỉ ốm, hưởng ngưỡng", "nghi om, huong nguong"),
        ("BHXH 1 lần", "bhxh 1 lan"),
        ("Straße İstanbul ﬁ", "straße istanbul f"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("old", "new"),
    [("hòa", "hoà"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("HỦY", "huỷ"), ("hòan tòan", "hoàn toàn")],
)
def test_both_places_of_the_tone_mark_are_one_word(old: str, new: str) -> None:
    assert exact(old) == exact(new) == new


@pytest.mark.parametrize("text", ["múa", "chùa", "của", "mía", "quý", "khoảng"])
def test_other_tone_marks_stay(text: str) -> None:
    assert exact(text) == text


def test_composed_and_decomposed_text_have_the_same_words() -> None:
    assert words(unicodedata.normalize("NFD", "Nghỉ việc được hưởng gì?")) == words(
        "nghỉ việc được hưởng gì"
    )


def test_tokens_point_into_the_text() -> None:
    text = "Lương tháng 13: 4.960.000đ/tháng"
    assert [text[t.start : t.end] for t in tokens(text)] == [
        "Lương", "tháng", "13", "4", "960", "000đ", "tháng",
    ]  # fmt: skip


def test_a_run_without_end_is_cut() -> None:
    (token,) = tokens("a" * 10_000)
    assert len(token.exact) == len(token.folded) == WORD_LENGTH
    assert (token.start, token.end) == (0, 10_000)


@given(st.text())
def test_folds_keep_length_and_are_stable(text: str) -> None:
    text = nfc(text)
    assert len(fold(text)) == len(exact(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert exact(exact(text)) == exact(text)


@given(st.text(alphabet=st.sampled_from("aàảăằâầđêềoòơờôồuùưừyỳhntc q")))
def test_folded_vietnamese_is_ascii_and_ignores_the_exact_form(text: str) -> None:
    assert fold(text).isascii()
    assert fold(exact(text)) == fold(text)


@given(st.text(alphabet=st.characters()))
def test_tokens_are_ordered_and_inside(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.exact
        assert token.folded
        end = token.end

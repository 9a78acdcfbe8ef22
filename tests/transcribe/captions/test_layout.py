"""Words become cues that can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.captions.layout import LINE, LONGEST, SHORTEST, cut_cues
from transcribe.cues import Word


def _words(text: str, pace: float = 0.25, pauses: dict[str, float] | None = None) -> list[Word]:
    """Evenly spoken words; `pauses` gives seconds of silence after a word."""
    words, at = [], 0.0
    for token in text.split():
        words.append(Word(token, round(at, 3), round(at + pace, 3)))
        at += pace + (pauses or {}).get(token, 0.0)
    return words


def _texts(words: list[Word]) -> list[str]:
    return [cue.text for cue in cut_cues(words)]


_token = st.text(st.sampled_from("aăâbđeêghiơưxyzướcộngđồng.,?!"), min_size=1, max_size=14)


@st.composite
def _spoken(draw: st.DrawFn) -> list[Word]:
    words, at = [], 0.0
    for token in draw(st.lists(_token, max_size=60)):
        start = at + draw(st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.4, 3.0]))
        at = start + draw(st.floats(0.02, 1.5))
        words.append(Word(token, start, at))
    return words


@given(_spoken())
def test_nothing_is_lost_and_the_limits_hold(words: list[Word]) -> None:
    cues = cut_cues(words)
    assert [text for cue in cues for text in cue.text.split()] == [word.text for word in words]
    assert [word for cue in cues for word in cue.words] == words
    for cue in cues:
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= LINE for line in lines)
        assert 0 < cue.end - cue.start <= LONGEST + 0.001
    assert all(left.end <= right.start + 0.001 for left, right in pairwise(cues))


@given(_spoken())
def test_a_cue_begins_with_its_first_word_and_stays_long_enough(words: list[Word]) -> None:
    cues = cut_cues(words)
    following = [*(cue.start for cue in cues[1:]), float("inf")]
    for cue, after in zip(cues, following, strict=False):
        assert cue.start == cue.words[0].start
        assert cue.end - cue.start >= min(SHORTEST, after - cue.start) - 0.002


def test_no_words_no_cues() -> None:
    assert cut_cues([]) == []
    assert cut_cues([Word("  ", 0, 1)]) == []


def test_sentences_are_kept_apart() -> None:
    text = "Lương làm thêm giờ tính thế nào? Ngày thường ít nhất bằng một trăm năm mươi phần trăm."
    assert _texts(_words(text)) == [
        "Lương làm thêm giờ tính thế nào?",
        "Ngày thường ít nhất bằng\nmột trăm năm mươi phần trăm.",
    ]


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    text = (
        "Người lao động nghỉ thai sản sáu tháng, nhưng nếu sinh đôi thì cứ mỗi con "
        "từ con thứ hai mẹ được nghỉ thêm một tháng."
    )
    texts = _texts(_words(text))
    assert texts[0].endswith(",") or texts[1].startswith(("nhưng", "thì"))
    assert all(len(line) <= LINE for cue in texts for line in cue.split("\n"))


def test_a_pause_is_a_place_to_cut_without_any_punctuation() -> None:
    text = "tôi làm ở phân xưởng may chị làm ở phân xưởng cắt"
    assert _texts(_words(text, pauses={"may": 0.5})) == [
        "tôi làm ở phân xưởng may",
        "chị làm ở phân xưởng cắt",
    ]


def test_no_cue_spans_a_long_silence() -> None:
    assert _texts(_words("một hai ba bốn", pauses={"hai": 2.0})) == ["một hai", "ba bốn"]


def test_lines_are_balanced_and_break_after_punctuation() -> None:
    (cue,) = cut_cues(_words("Thưa chị Hoa ở công ty may Phú Thọ, câu hỏi của chị rất hay"))
    first, second = cue.text.split("\n")
    assert first == "Thưa chị Hoa ở công ty may Phú Thọ,"
    assert second == "câu hỏi của chị rất hay"


def test_a_word_longer_than_a_line_stands_alone_unbroken() -> None:
    long = "x" * 90
    assert _texts(_words(f"xem {long} nhé")) == ["xem", long, "nhé"]


def test_a_word_that_drags_on_is_shown_no_longer_than_allowed() -> None:
    (cue,) = cut_cues([Word("à", 1.0, 30.0)])
    assert cue.end == pytest.approx(1.0 + LONGEST)


def test_a_short_cue_stays_where_there_is_room_and_not_where_there_is_none() -> None:
    alone, crowded = Word("Vâng.", 0.0, 0.3), Word("Vâng.", 10.0, 10.3)
    after = [Word("Cảm", 12.0, 12.3), Word("ơn.", 12.3, 12.6)]
    cues = cut_cues([alone, crowded, *after])
    assert cues[0].end >= SHORTEST
    assert cues[1].end <= 12.0


@pytest.mark.slow
def test_ten_thousand_words_are_cut() -> None:
    words = _words("người lao động được nghỉ phép năm và hưởng nguyên lương, " * 1000)
    assert len(cut_cues(words)) >= 1000

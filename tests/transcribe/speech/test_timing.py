"""Words from an engine's clock to the recording's."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.speech.timing import Heard, base_language, is_invented, on_the_clock, whole_words
from transcribe.speech.wav import Span


def _heard(*times: tuple[float, float]) -> list[Heard]:
    return [Heard(f"w{i}", a, b, 0.9) for i, (a, b) in enumerate(times)]


def test_times_come_back_across_the_silence_left_out() -> None:
    blocks = [Span(1, 3), Span(10, 12)]
    words = list(on_the_clock(_heard((0.5, 1.0), (2.5, 3.0)), blocks, blocks, offset=100))
    assert [(w.start, w.end) for w in words] == [(101.5, 102.0), (110.5, 111.0)]


def test_a_word_that_begins_in_a_pause_moves_to_where_speech_begins() -> None:
    words = list(on_the_clock(_heard((1.0, 3.4), (3.4, 5.0)), [Span(0, 6)], [Span(0, 1), Span(3, 4)], 0))
    assert [(w.start, w.end) for w in words] == [(3.0, 3.4), (3.4, 4.0)]


def test_a_word_far_from_any_speech_is_dropped() -> None:
    assert list(on_the_clock(_heard((3.0, 3.5)), [Span(0, 6)], [Span(0, 1)], 0)) == []


_time = st.floats(-1, 40)


@given(
    st.lists(st.tuples(_time, st.floats(-0.5, 5)), max_size=30),
    st.lists(st.floats(0.05, 5), min_size=2, max_size=12),
    st.floats(0, 1000),
)
def test_words_are_ordered_apart_and_inside(
    times: list[tuple[float, float]], steps: list[float], offset: float
) -> None:
    edges, at = [], 0.0
    for step in steps:
        edges.append(at := at + step)
    blocks = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    heard = _heard(*((start, start + length) for start, length in times))
    words = list(on_the_clock(heard, blocks, blocks, offset))
    slack = 0.0015  # times are rounded to the millisecond
    assert all(w.start <= w.end for w in words)
    assert all(left.end <= right.start + slack for left, right in pairwise(words))
    assert all(
        offset + blocks[0].start - slack <= w.start <= offset + blocks[-1].end + slack for w in words
    )


def test_pieces_without_a_space_belong_to_the_word_before() -> None:
    pieces = [
        Heard(" twenty", 0, 1, 0.9),
        Heard("-one", 1, 2, 0.5),
        Heard(" lần", 2, 3, 1),
        Heard(" !", 3, 4, 1),
    ]
    assert whole_words(pieces, "vi") == [Heard("twenty-one", 0, 2, 0.5), Heard("lần!", 2, 4, 1)]


def test_a_language_without_spaces_keeps_its_pieces() -> None:
    pieces = [Heard("你", 0, 1, 1), Heard("好", 1, 2, 1)]
    assert [word.text for word in whole_words(pieces, "zh")] == ["你", "好"]


@pytest.mark.parametrize(
    ("text", "no_speech", "log_probability", "invented"),
    [
        ("Hãy subscribe cho kênh Ghiền Mì Gõ Để không bỏ lỡ những video hấp dẫn", 0.1, -0.2, True),
        ("Cảm ơn các bạn đã theo dõi.", 0.7, -0.9, True),
        ("Cảm ơn các bạn đã theo dõi.", 0.1, -0.2, False),
        ("Thưa anh, tôi làm ca đêm.", 0.7, -0.3, False),
    ],
)
def test_what_whisper_writes_over_silence_is_known(
    text: str, no_speech: float, log_probability: float, invented: bool
) -> None:
    assert is_invented(text, no_speech, log_probability) is invented


@pytest.mark.parametrize(
    ("tag", "code"), [("vi-VN", "vi"), ("EN_gb", "en"), ("fil", "tl"), ("nb-NO", "no")]
)
def test_tags_become_whispers_codes(tag: str, code: str) -> None:
    assert base_language(tag) == code

"""Topics guessed from words, and times as editors write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Topic
from media.errors import InvalidInput
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind
from web.domain.demand.topic_guesses import guess_topics
from web.studio.timeline.segment_json import exact_clock, parse_clock

TOPICS = [
    Topic("thai-san", "Thai sản", "Maternity", ("nghỉ sinh",)),
    Topic("tien-luong", "Tiền lương", "Wages", ("lương",)),
    Topic("an-toan", "An toàn lao động", "Safety"),
]


@pytest.mark.parametrize(
    ("question", "said", "found"),
    [
        ("Nghỉ sinh được mấy tháng?", "", ["thai-san"]),
        ("NGHỈ SINH có được trả lương không?", "", ["thai-san", "tien-luong"]),
        ("Bị ngã thì sao?", "An toàn lao động là trước hết. An toàn lao động ở xưởng.", ["an-toan"]),
        ("Bị ngã thì sao?", "An toàn lao động là trước hết.", []),
        ("Số lượng hàng có đủ không?", "lượng lượng lượng", []),
        ("Xin chào?", "", []),
        ("", "", []),
    ],
)
def test_topics_are_guessed_by_their_names(question: str, said: str, found: list[str]) -> None:
    segment = Segment(SegmentKind.ANSWER, 10, 20, "", question, id="a")
    assert guess_topics([segment], [Cue(10, 12, said), Cue(30, 31, "thai sản thai sản")], TOPICS) == {
        "a": found
    }


def test_what_has_topics_or_is_a_chapter_gets_no_guess() -> None:
    segments = [
        Segment(SegmentKind.ANSWER, 0, 9, "", "Nghỉ sinh?", topics=("an-toan",), id="a"),
        Segment(SegmentKind.CHAPTER, 0, 9, "Thai sản", id="b"),
    ]
    assert guess_topics(segments, [], TOPICS) == {}


@given(st.floats(0, 300_000))
def test_a_clock_reads_back_to_a_tenth(seconds: float) -> None:
    assert parse_clock(exact_clock(seconds)) == pytest.approx(seconds, abs=0.0501)


@pytest.mark.parametrize(
    ("text", "seconds"), [("12:05.3", 725.3), ("1:02:05", 3725), ("725,3", 725.3), (" 0:00.0 ", 0)]
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_clock(text) == pytest.approx(seconds)


@given(st.text(max_size=12))
def test_other_texts_are_refused_or_are_seconds(text: str) -> None:
    try:
        assert parse_clock(text) >= 0
    except InvalidInput as error:
        assert "12:05.3" in str(error)

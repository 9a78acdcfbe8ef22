from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transcribe.segments import Segment, SegmentKind
from web.views.timeline import SCALE, draw

TIMES = st.floats(0, 5000, allow_nan=False)


def answer(start: float, end: float) -> Segment:
    return Segment(SegmentKind.ANSWER, start, end, "Hỏi")


def test_answers_are_marks_and_chapters_ticks() -> None:
    chapter = Segment(SegmentKind.CHAPTER, 50, 100, "Phần")
    line = draw([answer(0, 10), answer(50, 100), chapter], 100, "2 câu trả lời", here=(50, 100))
    assert [(mark.x, mark.here) for mark in line.marks] == [(0, False), (500, True)]
    assert line.ticks == (500,)


def test_without_a_length_there_is_only_the_line() -> None:
    assert draw([answer(0, 10)], 0, "").marks == ()


@given(st.lists(st.tuples(TIMES, TIMES), max_size=20), st.floats(0.1, 5000))
def test_marks_stay_on_the_line(spans: list[tuple[float, float]], duration: float) -> None:
    for mark in draw([answer(min(pair), max(pair)) for pair in spans], duration, "").marks:
        assert 0 <= mark.x < SCALE
        assert 0 < mark.width <= SCALE - mark.x

"""Answers marked on air and what the machine suggests afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState, new_suggestions

LIVE = Segment(SegmentKind.ANSWER, 100, 180, "L", origin=SegmentOrigin.LIVE, state=SegmentState.CONFIRMED)


@pytest.mark.parametrize(
    ("start", "end", "suggested"),
    [
        (100, 180, False),  # the same
        (60, 260, False),  # begins with the introduction, ends with the thanks
        (120, 170, False),  # a part of it
        (150, 400, True),  # mostly another answer
        (180, 240, True),
        (20, 139, True),
    ],
)
def test_the_machine_does_not_suggest_what_was_marked_on_air(
    start: float, end: float, suggested: bool
) -> None:
    found = Segment(SegmentKind.ANSWER, start, end, "M")
    assert new_suggestions([LIVE], [found]) == ([found] if suggested else [])
    chapter = replace(found, kind=SegmentKind.CHAPTER)
    assert new_suggestions([LIVE], [chapter]) == [chapter]


def test_an_editor_s_short_answer_within_a_long_one_is_no_mark() -> None:
    found = Segment(SegmentKind.ANSWER, 60, 260, "M")
    assert new_suggestions([replace(LIVE, origin=SegmentOrigin.EDITOR)], [found]) == [found]

"""Marks on air and what they become: the arithmetic, and the clock of a real broadcast's segments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.db.live.broadcasts import SqlBroadcasts
from infra.db.questions.board import SqlBoard
from infra.db.questions.questions import SqlQuestions
from media.archive.episodes import Episode, EpisodeState
from media.live.broadcast import SOURCE, Broadcast, LiveRendition, LiveSegment, Origin, position_of_mark
from tests.stores import Stores, a_recording
from transcribe.segments import SegmentOrigin, SegmentState
from web.domain.moderation.clocks import clocks
from web.domain.moderation.marks import Clock, Mark, pressed, read_before, segment_of_mark
from web.domain.questions.questions import NewQuestion, Question, QuestionState
from web.domain.sending.fernet import FernetEncryption, new_key

BEGAN = datetime(2026, 3, 15, 12, 0)
ASKED = {key: Question(key, "e", key, f"Câu {key}?", name="chị Lan") for key in "abc"}


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def elsewhere(offset: float) -> Clock:
    """The clock of a broadcast on another site, whose recording is known now."""
    held = Broadcast("i", "e", Origin.ELSEWHERE, began_at=BEGAN, marks_offset=offset)
    return lambda moment: position_of_mark(held, (), moment)


@pytest.mark.parametrize(
    ("offset", "first"), [(0.0, (60.0, 90.0)), (12.5, (72.5, 102.5)), (-70, (0.0, 20.0))]
)
def test_marks_beside_a_broadcast_elsewhere(offset: float, first: tuple[float, float]) -> None:
    mark = Mark("1", "e", "a", "Bà Hoa", at(60), at(90))
    made = segment_of_mark(mark, ASKED["a"], elsewhere(offset), mark.began_at)
    assert made is not None
    assert (made.start, made.end) == pytest.approx(first)
    assert (made.answerers, made.asker) == (("Bà Hoa",), "chị Lan")
    assert (made.origin, made.state) == (SegmentOrigin.LIVE, SegmentState.CONFIRMED)


@given(st.floats(-7200, 7200), st.floats(0, 7200), st.floats(0, 600))
def test_a_segment_of_a_mark_is_within_the_recording_and_has_a_length(
    offset: float, start: float, length: float
) -> None:
    mark = Mark("1", "e", "a", "", at(start), at(start + length))
    made = segment_of_mark(mark, ASKED["a"], elsewhere(offset), mark.began_at)
    assert made is not None
    assert made.start >= 0
    assert made.end - made.start >= 0.499


def test_what_a_question_was_before_is_kept_as_a_word() -> None:
    for state in QuestionState:
        for held in (False, True):
            mark = Mark("1", "e", "a", "", BEGAN, state_before=state, held_before=held)
            assert read_before(mark.before) == (state, held)
            assert len(mark.before) <= 32
    assert pressed(BEGAN, 3) == at(-3)


def broadcasting(stores: Stores) -> tuple[SqlBroadcasts, SqlBoard, SqlQuestions, str]:
    """An episode on air, with a question."""
    database = stores.database
    assert database
    key = new_key()
    broadcasts = SqlBroadcasts(database, lambda: FernetEncryption([key]))
    stores.add("other")
    planned = broadcasts.plan(Episode("truc-tiep", "dh", "Trực tiếp", BEGAN.date()))
    board = SqlBoard(database, clocks(broadcasts, stores.catalogue))
    return broadcasts, board, SqlQuestions(database), planned.episode


def received(
    broadcasts: SqlBroadcasts, slug: str, began: datetime, spans: list[tuple[float, float, float]]
) -> None:
    """Segments: (second on the broadcast's clock, its duration, seconds after `began` at which it came)."""
    take = broadcasts.begin_session(broadcasts.stream_key(slug))
    broadcasts.add_rendition(slug, LiveRendition(take.number, SOURCE, "avc1", "x"))
    for number, (start, duration, came) in enumerate(spans):
        moment = began + timedelta(seconds=came)
        broadcasts.add_segment(LiveSegment(slug, SOURCE, number, take.number, start, duration, moment))


def test_an_answer_on_air_here_is_where_the_recording_has_it(any_stores: Stores) -> None:
    broadcasts, board, questions, slug = broadcasting(any_stores)
    asked = questions.ask(NewQuestion(slug, "Hỏi?", "Hỏi?", receipt="r"))
    board.begin_answer(asked.id, "", None)
    assert any_stores.transcripts.segments(slug) == []  # nothing was received yet
    [mark] = board.marks(slug)
    # 30 s were received, then the encoder was away for 100 s, then the answer began 4 s later
    received(
        broadcasts,
        slug,
        mark.began_at - timedelta(seconds=134),
        [
            *((2.0 * n, 2.0, 2.0 * n) for n in range(15)),
            *((30 + 2.0 * n, 2.0, 130 + 2.0 * n) for n in range(2)),
        ],
    )
    board.end_answer(slug)
    [segment] = any_stores.transcripts.segments(slug)
    assert segment.start == pytest.approx(34.0)
    assert segment.end == pytest.approx(34.5, abs=1.5)
    assert questions.question(asked.id).segment == segment.id
    broadcasts.forget(slug)  # the recording is what is left: no clock any more, times stay
    assert board.settle(slug) == 0
    board.resume_answer(asked.id)
    board.end_answer(slug)
    assert any_stores.transcripts.segments(slug) == [segment]


def test_answers_beside_a_broadcast_elsewhere_wait_for_the_recording_and_follow_the_offset(
    any_stores: Stores,
) -> None:
    broadcasts, board, questions, slug = broadcasting(any_stores)
    broadcasts.change(slug, elsewhere_url="https://www.youtube.com/watch?v=abcdefghijk")
    broadcasts.begin_elsewhere(slug)
    asked = questions.ask(NewQuestion(slug, "Hỏi?", "Hỏi?", receipt="r"))
    board.begin_answer(asked.id, "", None)
    board.end_answer(slug)
    broadcasts.change(slug, marks_offset=20.0)
    assert board.settle(slug) == 0
    recording = a_recording("9" * 64)
    any_stores.catalogue.replace_recording(slug, recording) if hasattr(
        any_stores.catalogue, "replace_recording"
    ) else _give_recording(any_stores, slug)
    assert board.settle(slug) == 1
    [segment] = any_stores.transcripts.segments(slug)
    assert segment.start == pytest.approx(20, abs=2)
    broadcasts.change(slug, marks_offset=50.0)
    board.settle(slug)
    assert any_stores.transcripts.segments(slug) == [
        replace(segment, start=pytest.approx(segment.start + 30), end=pytest.approx(segment.end + 30))
    ]


def _give_recording(stores: Stores, slug: str) -> None:
    from infra.db.tables import archive as t

    assert stores.database
    other = stores.catalogue.episode("other").recording
    with stores.database.write() as c:
        c.execute(t.episodes.update().where(t.episodes.c.slug == "other").values(recording=None))
        values = {"recording": other, "state": EpisodeState.REVIEW}
        c.execute(t.episodes.update().where(t.episodes.c.slug == slug).values(**values))

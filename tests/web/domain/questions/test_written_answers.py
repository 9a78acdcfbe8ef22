"""Answers in writing are shown, searched and told like those given on air."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.db.outbox.events import SqlEvents
from infra.db.questions.questions import SqlQuestions
from infra.db.questions.written_answers import SqlWrittenAnswers
from media.archive.episodes import Guest
from media.errors import InvalidInput, NotFound
from search.indexer import published_passages
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind
from web.domain.events.events import public_channel
from web.domain.questions.questions import NewQuestion, QuestionChanged, QuestionState
from web.domain.questions.written_answers import WrittenAnswer, checked, cues_of, paragraphs_of

HOA = Guest("Bà Hoa", "Phó giám đốc", "BHXH tỉnh")
TEXT = "Chị được nghỉ sáu tháng.\n\nTrong đó nghỉ trước khi sinh không quá hai tháng. Hồ sơ nộp ở công ty."


@given(st.lists(st.text(alphabet="ăbệ d.?!12", min_size=1, max_size=300), min_size=1, max_size=6))
def test_the_text_comes_back_by_its_paragraphs(parts: list[str]) -> None:
    tidy = [" ".join(part.split()) for part in parts]
    text = "\n\n".join(part for part in tidy if part)
    if not text:
        return
    answer = checked(WrittenAnswer("\r\n\r\n".join(parts), HOA))
    cues = cues_of(answer.text)
    assert answer.text == text
    assert "\n\n".join(paragraphs_of(cues)) == text
    assert all(a.end <= b.start for a, b in itertools.pairwise(cues))
    assert all(cue.end > cue.start for cue in cues)


@pytest.mark.parametrize(
    "answer", [WrittenAnswer(" \n ", HOA), WrittenAnswer("x" * 9000, HOA), WrittenAnswer("x", Guest(" "))]
)
def test_an_answer_needs_a_text_and_a_name(answer: WrittenAnswer) -> None:
    with pytest.raises(InvalidInput):
        checked(answer)


def test_a_written_answer_is_found_and_told(any_stores: Stores) -> None:
    database = any_stores.database
    assert database is not None
    any_stores.add("thang-ba")
    questions, written_answers = SqlQuestions(database), SqlWrittenAnswers(database)
    asked = questions.ask(
        NewQuestion("thang-ba", "Nghỉ sinh mấy tháng?", "Nghỉ sinh mấy tháng?", "r1", device="d")
    )
    done = written_answers.write(asked.id, WrittenAnswer(TEXT, HOA), asked.version)
    assert (done.state, done.segment) == (QuestionState.ANSWERED, f"answer-{asked.id}:answer:0")
    episode = any_stores.catalogue.episode(f"answer-{asked.id}")
    assert (episode.programme, episode.recording, episode.guests) == ("dh", None, (HOA,))
    (passage,) = [
        p
        for p in published_passages(episode.slug, any_stores.catalogue, any_stores.transcripts)
        if p.kind == "answer"
    ]
    assert passage.title == "Nghỉ sinh mấy tháng?"
    assert "không quá hai tháng" in re.sub(r"\s+", " ", passage.text)
    told = [
        e
        for e in SqlEvents(database).after(0, channels=[public_channel("thang-ba")])
        if e.kind == "question"
    ]
    assert told[-1].data["answer"].startswith(f"/episodes/answer-{asked.id}")
    assert written_answers.written(asked.id) == WrittenAnswer(TEXT, HOA, "dh")

    with pytest.raises(QuestionChanged):
        written_answers.write(asked.id, WrittenAnswer("khác", HOA), asked.version)
    again = written_answers.write(asked.id, WrittenAnswer("Sáu tháng.", Guest("Ông Bình")), done.version)
    assert again.segment == done.segment
    assert [s.answerers for s in any_stores.transcripts.segments(episode.slug)] == [("Ông Bình",)]
    found = any_stores.transcripts.transcript(episode.slug)
    assert found is not None
    assert [cue.text for cue in found.cues] == ["Sáu tháng."]


def test_a_question_to_the_archive_needs_a_programme(any_stores: Stores) -> None:
    assert any_stores.database is not None
    any_stores.add("thang-ba")
    asked = SqlQuestions(any_stores.database).ask(
        NewQuestion(None, "Phép năm?", "Phép năm?", "r2", device="d")
    )
    written_answers = SqlWrittenAnswers(any_stores.database)
    with pytest.raises(NotFound):
        written_answers.write(asked.id, WrittenAnswer(TEXT, HOA, "khong-co"), None)
    assert written_answers.written(asked.id) is None
    assert (
        written_answers.write(asked.id, WrittenAnswer(TEXT, HOA, "dh"), None).state
        is QuestionState.ANSWERED
    )


def test_an_answer_of_the_archive_answers_it(any_stores: Stores) -> None:
    assert any_stores.database is not None
    any_stores.add("thang-ba")
    segment = save_segment(
        any_stores.transcripts, "thang-ba", Segment(SegmentKind.ANSWER, 1, 9, "Nghỉ sinh?")
    )
    asked = SqlQuestions(any_stores.database).ask(
        NewQuestion("thang-ba", "Nghỉ sinh?", "Nghỉ sinh?", "r3", device="d")
    )
    written_answers = SqlWrittenAnswers(any_stores.database)
    with pytest.raises(NotFound):
        written_answers.link(asked.id, "thang-ba:answer:999", None)
    assert written_answers.link(asked.id, segment.id, asked.version).segment == segment.id

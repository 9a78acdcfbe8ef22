"""The contract of `Board`, over the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from infra.db.base.clock import now
from infra.db.outbox.audit import SqlAudit
from infra.db.outbox.events import SqlEvents
from infra.db.questions.board import SqlBoard
from infra.db.questions.questions import SqlQuestions
from media.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.fakes.board_memory import MemoryBoard
from tests.fakes.questions_memory import Kept, MemoryQuestions
from tests.stores import Stores
from transcribe.editing.segments import SegmentChange
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from web.domain.moderation.marks import Clock
from web.domain.moderation.port import Board
from web.domain.questions.questions import (
    NewQuestion,
    PublicState,
    Question,
    QuestionChanged,
    Questions,
    QuestionState,
)

SLUG = "thang-ba"
INCOMING, SHORTLISTED, ON_AIR = QuestionState.INCOMING, QuestionState.SHORTLISTED, QuestionState.ON_AIR
ANSWERED, LATER, REFUSED = QuestionState.ANSWERED, QuestionState.LATER, QuestionState.REFUSED


@dataclass
class Desk:
    """A board, the questions on it, and a broadcast that began at `began` (None: elsewhere, no offset yet)."""

    stores: Stores
    began: datetime | None = field(default_factory=now)
    board: Board = field(init=False)
    questions: Questions = field(init=False)
    segments: Callable[[], list[Segment]] = field(init=False)

    def __post_init__(self) -> None:
        self.stores.add(SLUG)
        if self.stores.database is None:
            kept = Kept()
            board = MemoryBoard(kept, self.clock_of)
            self.board, self.questions = board, MemoryQuestions(self.stores.catalogue, kept)
            self.segments = lambda: sorted(board.segments.values(), key=lambda each: each.start)
        else:
            self.board = SqlBoard(self.stores.database, self.clock_of)
            self.questions = SqlQuestions(self.stores.database)
            self.segments = lambda: self.stores.transcripts.segments(SLUG)

    def clock_of(self, episode: str) -> Clock | None:
        began = self.began if episode == SLUG else None
        return (lambda moment: (moment - began).total_seconds()) if began else None

    def ask(self, text: str, voters: int = 0, **values: object) -> Question:
        asked = self.questions.ask(
            NewQuestion(SLUG, text, text, receipt=f"r-{text}", device=f"d-{text}", **values)  # type: ignore[arg-type]
        )
        for number in range(voters):
            self.questions.vote(asked.id, f"{text}-{number}")
        return self.questions.question(asked.id)

    def column(self, state: QuestionState) -> list[str]:
        found = self.board.questions(SLUG)
        return [each.shown for each in found if each.state is state and each.merged_into is None]


@pytest.fixture
def desk(stores: Stores) -> Iterator[Desk]:
    yield Desk(stores)


def test_questions_move_between_columns_and_within_them(desk: Desk) -> None:
    a, b, c = (desk.ask(text) for text in "ABC")
    for each in (a, b, c):
        assert desk.board.move(each.id, SHORTLISTED, None, each.version).version == each.version + 1
    assert desk.column(SHORTLISTED) == ["A", "B", "C"]
    desk.board.move(c.id, SHORTLISTED, a.id, c.version + 1)
    assert desk.column(SHORTLISTED) == ["C", "A", "B"]
    for _ in range(40):  # always between the same two: numbers run out
        for each in (b, a):
            desk.board.move(each.id, SHORTLISTED, desk_second(desk), None)
    assert desk.column(SHORTLISTED)[0] == "C" and set(desk.column(SHORTLISTED)) == set("ABC")
    assert desk.column(INCOMING) == []
    last = desk.board.questions(SLUG)[-1]
    assert desk.board.move(last.id, SHORTLISTED, None, last.version).version == last.version


def desk_second(desk: Desk) -> str:
    return [each for each in desk.board.questions(SLUG) if each.state is SHORTLISTED][1].id


def test_what_somebody_else_changed_is_not_overwritten(desk: Desk) -> None:
    a = desk.ask("A")
    moved = desk.board.move(a.id, LATER, None, a.version)
    with pytest.raises(QuestionChanged) as refused:
        desk.board.edit(a.id, "Khác", (), "", a.version)
    assert refused.value.current == desk.questions.question(a.id)
    for act in (
        lambda: desk.board.move(a.id, SHORTLISTED, None, a.version),
        lambda: desk.board.release(a.id, a.version),
        lambda: desk.board.begin_answer(a.id, "", a.version),
    ):
        with pytest.raises(QuestionChanged):
            act()
    assert desk.questions.question(a.id).state is LATER
    assert desk.board.edit(a.id, "Khác", (), "", moved.version).shown == "Khác"
    with pytest.raises(NotFound):
        desk.board.move("nothing", LATER, None, None)


def test_moving_and_releasing_show_what_was_held(desk: Desk) -> None:
    a, b, c = (desk.ask(text, held=True) for text in "ABC")
    assert desk.board.standing(SLUG, 3) == PublicState(None, None, [], 0)
    assert desk.board.release(a.id, a.version).public
    assert desk.board.move(b.id, SHORTLISTED, None, b.version).public
    refused = desk.board.move(c.id, REFUSED, None, c.version)
    assert not refused.held and not refused.public
    assert desk.board.release(a.id, None).version == a.version + 1
    assert not desk.board.hold(a.id, a.version + 1).public
    desk.board.begin_answer(a.id, "", None)
    with pytest.raises(Conflict):
        desk.board.hold(a.id, None)


def test_editing_keeps_the_original_and_checks_what_is_written(desk: Desk) -> None:
    a = desk.ask("Nghỉ  sinh mấy tháng?")
    edited = desk.board.edit(a.id, " Nghỉ sinh\nmấy tháng? ", ("thai-san",), "Bà Hoa", a.version)
    assert (edited.shown, edited.original) == ("Nghỉ sinh mấy tháng?", a.original)
    assert (edited.topics, edited.guest) == (("thai-san",), "Bà Hoa")
    for shown, topics in (("  ", ()), ("x" * 1001, ()), ("Được", ("no-such-topic",))):
        with pytest.raises(InvalidInput):
            desk.board.edit(a.id, shown, topics, "", edited.version)


def test_a_merge_keeps_every_receipt_and_vote_and_gives_them_back(desk: Desk) -> None:
    a, b, c, d = (desk.ask(text, voters) for text, voters in (("A", 3), ("B", 1), ("C", 0), ("D", 2)))
    assert desk.board.merge([b.id, c.id], a.id).votes == 4 + 2 + 1
    assert {each.id for each in desk.board.some([a.id, "nothing"])} == {a.id, b.id, c.id}
    assert desk.questions.by_receipt("r-B").merged_into == a.id
    assert desk.questions.vote(b.id, "later") == 8
    assert desk.board.merge([a.id], d.id).votes == 8 + 3  # flat: all three stand under D
    assert {each.merged_into for each in desk.board.questions(SLUG)} == {None, d.id}
    assert desk.board.merge([a.id], d.id).version == desk.questions.question(d.id).version
    alone = desk.board.unmerge(b.id)
    assert (alone.votes, alone.merged_into) == (2, None)
    assert desk.questions.question(d.id).votes == 9
    assert desk.board.unmerge(a.id).votes == 5  # with what was voted while it stood for B
    with pytest.raises(Conflict):
        desk.board.unmerge(a.id)
    with pytest.raises(Conflict):
        desk.board.move(c.id, LATER, None, None)
    with pytest.raises(Conflict):
        desk.board.merge([b.id], c.id)


def test_a_merge_refuses_what_would_be_lost(desk: Desk) -> None:
    a, b, c = (desk.ask(text) for text in "ABC")
    elsewhere = desk.questions.ask(NewQuestion(None, "E", "E", receipt="r-E"))
    desk.board.begin_answer(a.id, "", None)
    desk.board.move(c.id, REFUSED, None, None)
    for questions, into in (([a.id], b.id), ([b.id], c.id), ([elsewhere.id], b.id)):
        with pytest.raises(Conflict):
            desk.board.merge(questions, into)
    assert desk.board.merge([b.id], a.id).votes == 2


def test_now_answering_makes_an_answer_at_once_and_done_ends_it(desk: Desk) -> None:
    a = desk.ask("Nghỉ sinh mấy tháng?", name="chị Lan", workplace="May 10")
    a = desk.board.edit(a.id, a.shown, ("thai-san",), "Bà Hoa", a.version)
    running = desk.board.begin_answer(a.id, "", a.version)
    assert (running.state, running.guest) == (ON_AIR, "Bà Hoa")
    [segment] = desk.segments()
    assert segment.id == running.segment
    assert (segment.origin, segment.state) == (SegmentOrigin.LIVE, SegmentState.CONFIRMED)
    assert (segment.question, segment.asker) == ("Nghỉ sinh mấy tháng?", "chị Lan, May 10")
    assert (segment.answerers, segment.topics) == (("Bà Hoa",), ("thai-san",))
    assert segment.end > segment.start + 50
    assert desk.board.begin_answer(a.id, "", a.version) == running  # pressed twice
    done = desk.board.end_answer(SLUG)
    assert done is not None and (done.state, done.segment) == (ANSWERED, segment.id)
    [ended], [mark] = desk.segments(), desk.board.marks(SLUG)
    assert mark.ended_at is not None and done.answered_at is not None
    length = (mark.ended_at - mark.began_at).total_seconds()
    assert (ended.start, ended.end) == (segment.start, pytest.approx(segment.start + max(0.5, length)))
    assert desk.board.end_answer(SLUG) is None


def test_the_next_answer_ends_the_one_before_and_undo_lets_it_go_on(desk: Desk) -> None:
    a, b = (desk.ask(text) for text in "AB")
    desk.board.move(b.id, SHORTLISTED, None, None)
    desk.board.begin_answer(a.id, "", None)
    desk.board.move(b.id, ON_AIR, None, None)
    assert (desk.column(ON_AIR), desk.column(ANSWERED)) == (["B"], ["A"])
    standing = desk.board.standing(SLUG, 3)
    assert (standing.now.shown if standing.now else "", standing.next, standing.count) == ("B", [], 2)
    assert standing.since == desk.board.marks(SLUG)[1].began_at
    first, second = desk.board.marks(SLUG)
    assert first.ended_at == second.began_at and second.ended_at is None
    back = desk.board.undo_answer(b.id)
    assert (back.state, back.segment) == (SHORTLISTED, "")
    assert desk.column(ON_AIR) == ["A"] and len(desk.segments()) == 1
    [mark] = desk.board.marks(SLUG)
    assert mark.ended_at is None
    desk.board.undo_answer(a.id)
    assert desk.column(INCOMING) == ["A"] and desk.segments() == [] == desk.board.marks(SLUG)
    with pytest.raises(Conflict):
        desk.board.undo_answer(a.id)


def test_an_answer_ended_too_early_goes_on(desk: Desk) -> None:
    a, b = (desk.ask(text) for text in "AB")
    with pytest.raises(Conflict):
        desk.board.resume_answer(a.id)
    desk.board.begin_answer(a.id, "", None)
    desk.board.move(a.id, ANSWERED, None, None)
    [ended] = desk.segments()
    assert desk.board.resume_answer(a.id).answered_at is None
    [going] = desk.segments()
    assert (going.id, going.start) == (ended.id, ended.start) and going.end > ended.end
    desk.board.begin_answer(b.id, "", None)
    with pytest.raises(Conflict):
        desk.board.resume_answer(a.id)


def test_what_leaves_the_air_unanswered_has_no_answer(desk: Desk) -> None:
    a = desk.ask("A", held=True)
    desk.board.begin_answer(a.id, "", None)
    assert desk.board.undo_answer(a.id).held
    desk.board.begin_answer(a.id, "", None)
    moved = desk.board.move(a.id, LATER, None, None)
    assert (moved.state, moved.segment, moved.held) == (LATER, "", False)
    assert desk.segments() == [] and desk.board.end_answer(SLUG) is None


def test_marks_beside_a_broadcast_elsewhere_become_answers_when_the_offset_is_known(desk: Desk) -> None:
    desk.began = None
    a, b = (desk.ask(text) for text in "AB")
    for each in (a, b):
        desk.board.begin_answer(each.id, "", None)
    desk.board.end_answer(SLUG)
    assert desk.segments() == [] and desk.board.settle(SLUG) == 0
    desk.began = desk.board.marks(SLUG)[0].began_at.replace(microsecond=0)
    assert desk.board.settle(SLUG) == 2
    assert [each.question for each in desk.segments()] == ["A", "B"]
    before = desk.segments()
    desk.began = desk.began.replace(year=desk.began.year - 1)
    desk.board.settle(SLUG)
    assert [each.id for each in desk.segments()] == [each.id for each in before]
    assert desk.segments()[0].start > before[0].start + 300 * 86400


def test_questions_to_the_archive_itself_are_not_answered_on_air(desk: Desk) -> None:
    asked = desk.questions.ask(NewQuestion(None, "E", "E", receipt="r-E"))
    assert desk.board.move(asked.id, LATER, None, asked.version).state is LATER
    assert [each.id for each in desk.board.questions(None)] == [asked.id]
    with pytest.raises(Conflict):
        desk.board.begin_answer(asked.id, "", None)


def test_blocking_refuses_the_question_and_what_the_device_sends_next(desk: Desk) -> None:
    a = desk.ask("A")
    with pytest.raises(InvalidInput):
        desk.board.block(a.id, 0)
    desk.board.block(a.id, 7)
    assert desk.questions.question(a.id).state is REFUSED
    with pytest.raises(Forbidden):
        desk.questions.ask(NewQuestion(SLUG, "lại", "lại", receipt="r-2", device="d-A"))
    imported = desk.questions.ask(
        NewQuestion(SLUG, "I", "I", receipt="r-I", source="facebook", source_key="1")
    )
    with pytest.raises(Conflict):
        desk.board.block(imported.id, 7)
    assert desk.board.blocked_until(imported.id) is None


def test_who_was_blocked_may_be_let_in_again(desk: Desk) -> None:
    a, b = desk.ask("A"), desk.ask("B")
    desk.board.block(a.id, 7)
    until = desk.board.blocked_until(a.id)
    assert until is not None and 6.9 < (until - now()) / timedelta(days=1) <= 7
    assert desk.board.blocked_until(b.id) is None
    desk.board.unblock(a.id)
    desk.board.unblock(a.id)
    assert desk.board.blocked_until(a.id) is None
    assert desk.questions.question(a.id).state is REFUSED
    desk.questions.ask(NewQuestion(SLUG, "lại", "lại", receipt="r-2", device="d-A"))


def test_an_editor_s_times_stay_and_the_machine_does_not_suggest_the_answer_again(
    any_stores: Stores,
) -> None:
    desk = Desk(any_stores)
    desk.began = now() - timedelta(days=365)
    a = desk.ask("A")
    desk.board.begin_answer(a.id, "", None)
    desk.board.end_answer(SLUG)
    [live] = desk.segments()
    mine = replace(live, start=live.start - 100, end=live.end + 100, origin=SegmentOrigin.EDITOR)
    any_stores.transcripts.change_segments(SLUG, [SegmentChange(live.id, live.version, mine)])
    desk.began = desk.began.replace(year=2024)
    desk.board.settle(SLUG)
    assert desk.segments() == [mine]
    found = [
        Segment(SegmentKind.ANSWER, mine.start + 20, mine.end + 30, "again"),
        Segment(SegmentKind.ANSWER, mine.end + 50, mine.end + 90, "another"),
        Segment(SegmentKind.CHAPTER, 0, mine.end + 90, "chapter"),
    ]
    saved = any_stores.transcripts.save_suggestions(SLUG, found)
    assert {each.title for each in saved} == {"A", "another", "chapter"}
    assert next(each for each in saved if each.title == "A") == mine
    desk.board.undo_answer(a.id)
    assert mine in desk.segments()  # an editor's own now


def test_an_answer_taken_back_keeps_the_machine_from_nothing(any_stores: Stores) -> None:
    desk = Desk(any_stores)
    a = desk.ask("A")
    desk.board.begin_answer(a.id, "", None)
    [live] = desk.segments()
    desk.board.undo_answer(a.id)
    machine = replace(live, id="", title="M", origin=SegmentOrigin.MACHINE, state=SegmentState.SUGGESTED)
    assert [each.title for each in any_stores.transcripts.save_suggestions(SLUG, [machine])] == ["M"]


def test_changes_are_told_and_noted_without_what_nobody_may_see(any_stores: Stores) -> None:
    desk, database = Desk(any_stores), any_stores.database
    assert database
    a = desk.questions.ask(
        NewQuestion(SLUG, "bản gốc 0909123456", "bản che", receipt="r", device="d", held=True)
    )
    b = desk.ask("B")
    seen = SqlEvents(database).newest()
    desk.board.release(a.id, a.version)
    desk.board.edit(a.id, "Câu mới", (), "Bà Hoa", None)
    desk.board.begin_answer(a.id, "", None)
    desk.board.merge([b.id], a.id)
    desk.board.undo_answer(a.id)
    desk.board.move(a.id, REFUSED, None, None)
    desk.board.unmerge(b.id)
    desk.board.move(b.id, SHORTLISTED, None, None)
    events = SqlEvents(database).after(seen)
    public = [(each.kind, each.data.get("id")) for each in events if each.channel == f"public:{SLUG}"]
    assert public == [
        ("question", a.id),  # released
        ("question", a.id),  # edited
        ("question", a.id),  # on air
        ("answering", a.id),
        ("gone", b.id),
        ("votes", a.id),
        ("question", a.id),  # taken back
        ("answering", None),
        ("gone", a.id),
        ("question", b.id),
        ("question", b.id),
        ("queue", None),
    ]
    assert {each.data["id"] for each in events if each.channel == f"desk:{SLUG}" and "id" in each.data} == {
        a.id,
        b.id,
    }
    noted = SqlAudit(database).entries(subject=SLUG)
    assert [each.action for each in reversed(noted)] == [
        "question.release",
        "question.edit",
        "segment.add",
        "answer.begin",
        "question.merge",
        "segment.remove",
        "answer.undo",
        "question.move",
        "question.unmerge",
        "question.move",
    ]
    assert "bản gốc" not in str(noted) and "bản gốc" not in str(events)


def test_two_moderators_at_once_do_not_overwrite_each_other(any_stores: Stores) -> None:
    desk = Desk(any_stores)
    asked = [desk.ask(f"Câu {number}") for number in range(6)]

    def act(number: int) -> str:
        question = asked[number % 6]
        try:
            if number % 2:
                desk.board.move(question.id, SHORTLISTED, None, question.version)
            else:
                desk.board.begin_answer(question.id, f"khách {number}", question.version)
        except QuestionChanged:
            return "changed"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(act, [0, 0, 1, 1, 2, 2, 3, 3, 4, 5]))
    assert outcomes.count("done") >= 6
    assert len(desk.column(ON_AIR)) <= 1
    marks = desk.board.marks(SLUG)
    assert sum(each.ended_at is None for each in marks) == len(desk.column(ON_AIR))
    assert all(a.ended_at == b.began_at for a, b in pairwise(marks))

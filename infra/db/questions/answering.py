"""Answers on air: the half of the `Board` port that marks when they begin and end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.questions.board_rows import note_question, save_question, tell_answering, tell_marks
from infra.db.questions.live_marks import (
    last_mark,
    mark_ended_at,
    put_mark,
    read_marks,
    remove_mark,
    running_mark,
    settle_mark,
)
from infra.db.questions.question_rows import read_question, tell_question
from infra.db.tables.companion import live_marks
from media.errors import Conflict
from web.domain.moderation.board import check_airable, check_seen, check_standing, moved
from web.domain.moderation.marks import Clock, Mark, pressed
from web.domain.questions.questions import Question, QuestionState

Told = list[tuple[Question, Question]]
"""Questions as they were and as they are."""


def no_clock(episode: str) -> Clock | None:  # noqa: ARG001 - the form of `clock_of`
    """Of an archive without broadcasts."""
    return None


class SqlAnswering:
    """Marks, and the segments they become."""

    def __init__(
        self, database: Database, clock_of: Callable[[str], Clock | None] = no_clock, lead: float = 0.0
    ) -> None:
        """`clock_of` gives the clock of an episode's recording, None while there is none; `lead`: seconds by which
        people press after an answer began."""
        self._db = database
        self._clock_of = clock_of
        self._lead = lead

    def begin_answer(self, question: str, guest: str, seen: int | None) -> Question:
        """See `Board.begin_answer`."""
        clock = self._clock_for(question)
        with self._db.write() as c:
            # Taken in one's turn: of two who press at once, the one who is second is later.
            at = pressed(now(), self._lead)
            before = read_question(c, question)
            check_airable(before)
            if before.state is QuestionState.ON_AIR:
                return before
            check_seen(before, seen)
            assert before.episode is not None  # noqa: S101 - `check_airable`
            told = _end(c, running_mark(c, before.episode), at, clock)
            by = guest.strip() or before.guest
            wanted = moved(before, QuestionState.ON_AIR, before.position, at)
            after = save_question(c, replace(wanted, guest=by))
            mark = Mark(uuid4().hex, before.episode, before.id, by, at, None, "", before.state, before.held)
            settle_mark(c, put_mark(c, mark), after, clock, at)
            after = read_question(c, after.id)
            note_question(c, "answer.begin", after, guest=by)
            for each in [*told, (before, after)]:
                tell_question(c, *each)
            tell_answering(c, before.episode, after.id, at)
            return after

    def end_answer(self, episode: str) -> Question | None:
        """See `Board.end_answer`."""
        clock = self._clock_of(episode)
        with self._db.write() as c:
            told = _end(c, running_mark(c, episode), now(), clock)
            for each in told:
                tell_question(c, *each)
            if told:
                tell_answering(c, episode, None, None)
            return told[0][1] if told else None

    def resume_answer(self, question: str) -> Question:
        """See `Board.resume_answer`."""
        clock = self._clock_for(question)
        with self._db.write() as c:
            before, mark = read_question(c, question), last_mark(c, question)
            if mark is not None and mark.ended_at is None:
                return before
            check_standing(before)
            if mark is None:
                raise Conflict("This question was not answered on air yet; press “now answering”.")
            if running_mark(c, mark.episode):
                raise Conflict("Another question is being answered; end that answer first.")
            after = _resume(c, mark, clock)
            note_question(c, "answer.resume", after)
            tell_question(c, before, after)
            tell_answering(c, mark.episode, after.id, mark.began_at)
            return after

    def undo_answer(self, question: str) -> Question:
        """See `Board.undo_answer`."""
        clock = self._clock_for(question)
        with self._db.write() as c:
            before, mark = read_question(c, question), last_mark(c, question)
            if mark is None:
                raise Conflict("This question was not answered on air, so there is nothing to take back.")
            ran = mark.ended_at is None
            remove_mark(c, mark)
            after = _restored(c, before, mark)
            note_question(c, "answer.undo", after)
            other = mark_ended_at(c, mark.episode, mark.began_at) if ran else None
            told: Told = [(before, after)]
            if other is not None:
                told.append((read_question(c, other.question), _resume(c, other, clock)))
            for each in told:
                tell_question(c, *each)
            if ran:
                tell_answering(
                    c,
                    mark.episode,
                    other.question if other else None,
                    other.began_at if other else None,
                )
            return after

    def marks(self, episode: str) -> list[Mark]:
        """See `Board.marks`."""
        with self._db.read() as c:
            return read_marks(c, live_marks.c.episode == episode)

    def settle(self, episode: str) -> int:
        """See `Board.settle`."""
        clock, moment = self._clock_of(episode), now()
        if clock is None:
            return 0
        with self._db.write() as c:
            found = read_marks(c, live_marks.c.episode == episode)
            told: Told = []
            for mark in found:
                before = read_question(c, mark.question)
                settle_mark(c, mark, before, clock, moment)
                after = read_question(c, mark.question)
                if after != before:
                    told.append((before, save_question(c, after)))
            for each in told:
                tell_question(c, *each)
            if found:
                tell_marks(c, episode)
        return len(found)

    def _clock_for(self, question: str) -> Clock | None:
        with self._db.read() as c:
            episode = read_question(c, question).episode
        return self._clock_of(episode) if episode is not None else None


def _end(c: sa.Connection, mark: Mark | None, at: datetime, clock: Clock | None) -> Told:
    """End an answer that runs: its question as it was and as it is, to be told."""
    if mark is None:
        return []
    ended_ones = (live_marks.c.episode == mark.episode, live_marks.c.ended_at.is_not(None))
    for earlier in read_marks(c, *ended_ones)[-2:]:
        settle_mark(
            c, earlier, read_question(c, earlier.question), clock, at
        )  # more has been received since
    before = read_question(c, mark.question)
    ended = put_mark(c, replace(mark, ended_at=max(at, mark.began_at)))
    settle_mark(c, ended, before, clock, at)
    # Its place stays, so that taking the answer back puts it where it was; answered ones are shown by time.
    done = moved(read_question(c, mark.question), QuestionState.ANSWERED, before.position, at)
    after = save_question(c, done)
    note_question(c, "answer.end", after)
    return [(before, after)]


def _resume(c: sa.Connection, mark: Mark, clock: Clock | None) -> Question:
    """Let an ended answer go on."""
    going = put_mark(c, replace(mark, ended_at=None))
    stored = read_question(c, mark.question)
    settle_mark(c, going, stored, clock, now())
    return save_question(
        c, moved(read_question(c, stored.id), QuestionState.ON_AIR, stored.position, now())
    )


def _restored(c: sa.Connection, question: Question, mark: Mark) -> Question:
    """As before its answer began; with the segment of an earlier answer, if there was one."""
    earlier = last_mark(c, question.id)
    was = mark.state_before
    back = moved(question, was, question.position, now())
    segment = earlier.segment if earlier else ""
    return save_question(c, replace(back, held=mark.held_before, segment=segment))

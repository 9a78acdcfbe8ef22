"""The `Board` port on SQLAlchemy: what moderators do with questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.questions.answering import SqlAnswering
from infra.db.questions.board_rows import (
    check_topics,
    column_of,
    give_place,
    group_of,
    note_question,
    save_question,
    tell_queue,
)
from infra.db.questions.live_marks import retitle, running_mark
from infra.db.questions.question_rows import (
    MATTER,
    SELECT,
    count_votes,
    question_in,
    read_question,
    tell_question,
)
from infra.db.tables.companion import blocked_devices, questions
from media.errors import Conflict, InvalidInput
from web.domain.accounts.actor import actor
from web.domain.moderation.board import (
    check_seen,
    edited,
    held_back,
    in_order,
    merged,
    moved,
    placed,
    unmerged,
)
from web.domain.questions.questions import PublicState, Question, QuestionState

BLOCK_DAYS_LIMIT = 365
ON_AIR, ANSWERED, REFUSED = QuestionState.ON_AIR, QuestionState.ANSWERED, QuestionState.REFUSED


class SqlBoard(SqlAnswering):
    """Implements `web.domain.moderation.port.Board`.

    What touches segments works alone (`write` without a matter); the rest takes turns with those who ask.
    """

    def questions(self, episode: str | None) -> list[Question]:
        """See `Board.questions`."""
        with self._db.read() as c:
            found = [question_in(row) for row in c.execute(SELECT.where(questions.c.episode == episode))]
        states = list(QuestionState)
        return sorted(found, key=lambda each: (states.index(each.state), in_order(each)))

    def standing(self, episode: str, length: int) -> PublicState:
        """See `Board.standing`."""
        row = questions.c
        public = (row.episode == episode, ~row.held, row.merged_into.is_(None), row.state != REFUSED)
        waiting = SELECT.where(*public, row.state == QuestionState.SHORTLISTED)
        ordered = waiting.order_by(row.position, row.created_at, row.id).limit(length)
        with self._db.read() as c:
            mark = running_mark(c, episode)
            now = c.execute(SELECT.where(*public, row.id == mark.question)).first() if mark else None
            coming = [question_in(each) for each in c.execute(ordered)]
            count = c.execute(sa.select(sa.func.count()).where(*public)).scalar_one()
        since = mark.began_at if mark and now is not None else None
        return PublicState(question_in(now) if now is not None else None, since, coming, count)

    def some(self, ids: Sequence[str]) -> list[Question]:
        """See `Board.some`."""
        wanted = sa.or_(questions.c.id.in_(ids), questions.c.merged_into.in_(ids))
        with self._db.read() as c:
            return [question_in(row) for row in c.execute(SELECT.where(wanted))]

    def move(self, question: str, state: QuestionState, above: str | None, seen: int | None) -> Question:
        """See `Board.move`."""
        with self._db.read() as c:
            before = read_question(c, question)
        if state is ON_AIR and before.state is not ON_AIR:
            return self.begin_answer(question, "", seen)
        if before.state is ON_AIR and state is ANSWERED:
            check_seen(before, seen)
            assert before.episode is not None  # noqa: S101 - else it were not on air
            return self.end_answer(before.episode) or before
        if before.state is ON_AIR and state is not ON_AIR:
            check_seen(before, seen)
            self.undo_answer(question)
            seen = None
        with self._db.write(MATTER) as c:
            before = read_question(c, question)
            check_seen(before, seen)
            return _move(c, before, state, above)

    def release(self, question: str, seen: int | None) -> Question:
        """See `Board.release`."""
        with self._db.write(MATTER) as c:
            before = read_question(c, question)
            check_seen(before, seen)
            if not before.held:
                return before
            after = save_question(c, replace(before, held=False))
            note_question(c, "question.release", after)
            tell_question(c, before, after)
            return after

    def hold(self, question: str, seen: int | None) -> Question:
        """See `Board.hold`."""
        with self._db.write(MATTER) as c:
            before = read_question(c, question)
            check_seen(before, seen)
            if before.held:
                return before
            after = save_question(c, held_back(before))
            note_question(c, "question.hold", after)
            tell_question(c, before, after)
            return after

    def edit(
        self, question: str, shown: str, topics: Sequence[str], guest: str, seen: int | None
    ) -> Question:
        """See `Board.edit`."""
        with self._db.write() as c:
            before = read_question(c, question)
            wanted = edited(before, shown, topics, guest)
            if wanted == before:
                return before
            check_seen(before, seen)
            check_topics(c, before, wanted)
            after = save_question(c, wanted)
            retitle(c, before, after)
            changes = {
                name: f"{getattr(before, name)} → {getattr(after, name)}"[:400]
                for name in ("shown", "topics", "guest")
                if getattr(before, name) != getattr(after, name)
            }
            note_question(c, "question.edit", after, **changes)
            tell_question(c, before, after)
            tell_queue(c, before, after)
            return after

    def merge(self, questions: Sequence[str], into: str) -> Question:
        """See `Board.merge`."""
        with self._db.write(MATTER) as c:
            stands = read_question(c, into)
            changed = merged(group_of(c, [key for key in questions if key != into]), stands)
            if not changed:
                return stands
            befores = [read_question(c, each.id) for each in changed]
            for each in changed:
                save_question(c, each)
            for each in changed:
                count_votes(c, each.id)
            afters = [read_question(c, each.id) for each in changed]
            gone = [each.id for each in afters[:-1]]
            note_question(c, "question.merge", afters[-1], merged=gone)
            for before, after in zip(befores, afters, strict=True):
                tell_question(c, before, after)
            return afters[-1]

    def unmerge(self, question: str) -> Question:
        """See `Board.unmerge`."""
        with self._db.write(MATTER) as c:
            before = read_question(c, question)
            wanted = unmerged(before)
            stood = read_question(c, before.merged_into or "")
            save_question(c, wanted)
            save_question(c, stood)
            count_votes(c, before.id)
            count_votes(c, stood.id)
            after, left = read_question(c, before.id), read_question(c, stood.id)
            note_question(c, "question.unmerge", after, out_of=stood.id)
            tell_question(c, before, after)
            tell_question(c, stood, left)
            return after

    def block(self, question: str, days: int) -> None:
        """See `Board.block`."""
        if not 1 <= days <= BLOCK_DAYS_LIMIT:
            raise InvalidInput("Block a device for 1 to %(most)s days.", most=BLOCK_DAYS_LIMIT)
        refused = self.move(question, REFUSED, None, None)
        with self._db.write(MATTER) as c:
            row = c.execute(sa.select(questions.c.device).where(questions.c.id == question)).one()
            if not row.device:
                raise Conflict("This question came from no device here; it was refused, nobody is blocked.")
            until = now() + timedelta(days=days)
            there = blocked_devices.c.device == row.device
            values = {"until": until, "actor": actor()[:120]}
            if not c.execute(blocked_devices.update().where(there).values(**values)).rowcount:
                c.execute(blocked_devices.insert().values(device=row.device, **values))
            note_question(c, "question.block", refused, days=days)

    def blocked_until(self, question: str) -> datetime | None:
        """See `Board.blocked_until`."""
        with self._db.read() as c:
            until: datetime | None = c.execute(
                sa.select(blocked_devices.c.until).where(
                    blocked_devices.c.device == _device_of(question), blocked_devices.c.until > now()
                )
            ).scalar()
            return until

    def unblock(self, question: str) -> None:
        """See `Board.unblock`."""
        with self._db.write(MATTER) as c:
            stored = read_question(c, question)
            freed = blocked_devices.delete().where(blocked_devices.c.device == _device_of(question))
            if c.execute(freed).rowcount:
                note_question(c, "question.unblock", stored)


def _device_of(question: str) -> sa.ScalarSelect[str]:
    return sa.select(questions.c.device).where(questions.c.id == question).scalar_subquery()


def _move(c: sa.Connection, before: Question, state: QuestionState, above: str | None) -> Question:
    column = column_of(c, before, state)
    last = not column or before.position > column[-1][1]
    if before.state is state and not before.held and above is None and last:
        return before
    place = placed(column, above)
    after = save_question(c, moved(before, state, place.position, now()))
    give_place(c, place)
    note_question(c, "question.move", after, state=f"{before.state} → {after.state}")
    told = [(each, each) for each in (read_question(c, key) for key in place.others)]
    for each in [(before, after), *told]:
        tell_question(c, *each)
    tell_queue(c, before, after)
    return after

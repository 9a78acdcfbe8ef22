"""What the board's store reads and writes of questions, in its transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.outbox.audit import note
from infra.db.outbox.events import tell
from infra.db.questions.question_rows import SELECT, question_in, read_question
from infra.db.tables import archive as t
from infra.db.tables.companion import questions
from media.errors import InvalidInput
from web.domain.events.events import desk_channel, public_channel
from web.domain.moderation.board import BoardPosition
from web.domain.questions.questions import Question, QuestionState

_KEPT = ("shown", "state", "held", "position", "merged_into", "guest", "segment", "answered_at")


def save_question(c: sa.Connection, question: Question) -> Question:
    """Write what moderators change of it; return it with its next version. Its votes are counted, not written."""
    made = replace(question, version=question.version + 1, changed_at=now())
    values = {name: getattr(made, name) for name in (*_KEPT, "version", "changed_at")}
    values["topics"] = list(made.topics)
    c.execute(questions.update().where(questions.c.id == made.id).values(**values))
    return made


def column_of(c: sa.Connection, question: Question, state: QuestionState) -> list[tuple[str, float]]:
    """The ids and positions of the others in a column, in order."""
    row = questions.c
    query = (
        sa.select(row.id, row.position)
        .where(row.episode == question.episode, row.state == state, row.id != question.id)
        .where(row.merged_into.is_(None))
        .order_by(row.position, row.created_at, row.id)
    )
    return [(found.id, found.position) for found in c.execute(query)]


def give_place(c: sa.Connection, place: BoardPosition) -> None:
    """Move the others out of the way. Their versions stay: nobody's change of them is in vain for that."""
    for key, position in place.others.items():
        c.execute(questions.update().where(questions.c.id == key).values(position=position))


def group_of(c: sa.Connection, ids: Sequence[str]) -> list[Question]:
    """Questions, each with those that were merged into it. Raises `NotFound`."""
    named = {key: read_question(c, key) for key in ids}
    under = c.execute(SELECT.where(questions.c.merged_into.in_(named)))
    return list(({each.id: each for each in map(question_in, under)} | named).values())


def check_topics(c: sa.Connection, before: Question, after: Question) -> None:
    """Raise `InvalidInput` for a newly chosen topic that there is not."""
    new = set(after.topics) - set(before.topics)
    known = set(c.execute(sa.select(t.topics.c.slug).where(t.topics.c.slug.in_(new))).scalars())
    if new - known:
        raise InvalidInput(
            "There is no topic “%(topic)s”; choose one that there is.", topic=min(new - known)[:80]
        )


def tell_answering(c: sa.Connection, episode: str, question: str | None, since: datetime | None) -> None:
    """Tell everybody which question is being answered now (None: none), and the desk that its marks changed."""
    at = f"{since.isoformat(timespec='milliseconds')}Z" if since else None
    tell(c, public_channel(episode), "answering", id=question, since=at)
    tell_marks(c, episode)


def tell_queue(c: sa.Connection, before: Question, after: Question) -> None:
    """Tell screens that what comes next may be another, or another's to answer; not what, which they ask for."""
    listed = QuestionState.SHORTLISTED in (before.state, after.state)
    moved = (before.position, before.guest) != (after.position, after.guest)
    if after.episode is not None and moved and (listed or after.state is QuestionState.ON_AIR):
        tell(c, public_channel(after.episode), "queue")


def tell_marks(c: sa.Connection, episode: str) -> None:
    """Tell the desk that the marks changed."""
    tell(c, desk_channel(episode), "marks")


def note_question(c: sa.Connection, action: str, question: Question, **detail: object) -> None:
    """Write to the audit log, under the episode: never what was typed, nor by whom."""
    note(c, action, question.episode or "questions", question=question.id, **detail)

"""Rows of questions: reading them, counting their votes, telling what became of them.

For the stores of questions (`questions_sql`) and of the moderators' board alike, in their own transactions:
`database.write(MATTER)`, so that they come one after another and no vote or merge is lost.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from infra.db.outbox.events import tell
from infra.db.tables import archive as t
from infra.db.tables.companion import question_votes, questions
from media.archive.episodes import EpisodeState
from media.errors import NotFound
from web.domain.questions.public_view import tidings
from web.domain.questions.questions import Question, QuestionState
from web.rendering.links import play_url

MATTER = "questions"
_FIELDS = [questions.c[field.name] for field in dataclasses.fields(Question)]
SELECT = sa.select(*_FIELDS)


def question_in(row: Any) -> Question:
    """The question of a row of `SELECT`."""
    values = dict(row._mapping)
    return Question(**values | {"state": QuestionState(values["state"]), "topics": tuple(values["topics"])})


def read_question(c: sa.Connection, id: str) -> Question:
    """Raises `NotFound`."""
    row = c.execute(SELECT.where(questions.c.id == id)).first()
    if row is None:
        raise NotFound("There is no question “%(id)s”; it may have been removed.", id=id[:40])
    return question_in(row)


def standing(c: sa.Connection, id: str) -> Question:
    """The question that stands for `id`. Raises `NotFound`."""
    found, passed = read_question(c, id), {id}
    while found.merged_into is not None and found.merged_into not in passed:
        passed.add(found.merged_into)
        found = read_question(c, found.merged_into)
    return found


def count_votes(c: sa.Connection, id: str) -> int:
    """Write and return the votes of a question, those of what was merged into it too: a voter counts once."""
    count = int(
        c.execute(
            sa.select(sa.func.count(question_votes.c.voter.distinct())).where(of_group(id))
        ).scalar_one()
    )
    c.execute(questions.update().where(questions.c.id == id).values(votes=count))
    return count


def of_group(id: str) -> sa.ColumnElement[bool]:
    """The votes of a question and of those merged into it."""
    merged = sa.select(questions.c.id).where(questions.c.merged_into == id)
    return sa.or_(question_votes.c.question == id, question_votes.c.question.in_(merged))


def answer_address(c: sa.Connection, segment: str) -> str:
    """Where the answer of a segment plays; "" when there is none or nobody may see it yet."""
    return answer_addresses(c, [segment]).get(segment, "") if segment else ""


def answer_addresses(c: sa.Connection, wanted: Collection[str]) -> dict[str, str]:
    """By segment, as `answer_address`, where there is one."""
    query = (
        sa.select(t.segments.c.id, t.segments.c.episode, t.segments.c.start, t.segments.c.end)
        .join(t.episodes, t.episodes.c.slug == t.segments.c.episode)
        .where(
            t.segments.c.id.in_(list(wanted)),
            ~t.segments.c.removed,
            t.episodes.c.state == EpisodeState.PUBLISHED,
        )
    )
    return {row.id: play_url(row.episode, row.start, row.end) for row in c.execute(query)}


def tell_question(c: sa.Connection, before: Question | None, after: Question) -> None:
    """Tell moderators and the public that a question changed, as last statements of the transaction."""
    for each in tidings(before, after, answer_address(c, after.segment)):
        tell(c, each.channel, each.kind, **each.data)

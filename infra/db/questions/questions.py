"""The `Questions` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.events import tell
from infra.db.questions.contacts import put_contact
from infra.db.questions.question_rows import (
    MATTER,
    SELECT,
    answer_addresses,
    count_votes,
    of_group,
    question_in,
    read_question,
    standing,
    tell_question,
)
from infra.db.tables import archive as t
from infra.db.tables.companion import blocked_devices, companions, question_votes
from infra.db.tables.companion import questions as rows
from media.errors import Conflict, Forbidden, NotFound
from web.domain.events.events import desk_channel
from web.domain.questions.questions import (
    Companion,
    Hold,
    NewQuestion,
    Question,
    QuestionState,
    ReceiptTaken,
)


class SqlQuestions:
    """Implements `web.domain.questions.questions.Questions`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ask(self, new: NewQuestion) -> Question:
        """See `Questions.ask`."""
        key = once_key(new)
        same = sa.and_(rows.c.source == new.source, rows.c.source_key == key)
        with self._db.write(MATTER) as c:
            _check_may_ask(c, new)
            row = c.execute(SELECT.where(same)).first() if key else None
            _check_receipt(c, new.receipt, row.id if row is not None else "")
            if row is not None:
                c.execute(rows.update().where(same).values(receipt=new.receipt))
            own = row.id if row is not None else _insert(c, new, key)
            for kind, sealed in new.contacts:
                put_contact(c, own, kind, sealed)
            asked = read_question(c, own)
            if row is None:
                tell_question(c, None, asked)
        return asked

    def question(self, id: str) -> Question:
        """See `Questions.question`."""
        with self._db.read() as c:
            return read_question(c, id)

    def by_receipt(self, receipt: str) -> Question:
        """See `Questions.by_receipt`."""
        with self._db.read() as c:
            row = c.execute(SELECT.where(rows.c.receipt == receipt)).first()
        if row is None:
            raise NotFound("There is no question with this code; look at it digit by digit.")
        return question_in(row)

    def vote(self, question: str, voter: str) -> int:
        """See `Questions.vote`."""
        return self._vote(question, voter, wanted=True)

    def unvote(self, question: str, voter: str) -> int:
        """See `Questions.unvote`."""
        return self._vote(question, voter, wanted=False)

    def _vote(self, question: str, voter: str, *, wanted: bool) -> int:
        mine = question_votes.c.voter == voter
        with self._db.write(MATTER) as c:
            stands = standing(c, question)
            if not stands.public:
                raise NotFound("There is no question “%(id)s”; it may have been removed.", id=question[:40])
            group = sa.and_(mine, of_group(stands.id))
            there = c.execute(sa.select(1).where(group)).first() is not None
            if there == wanted:
                return stands.votes
            if wanted:
                c.execute(question_votes.insert().values(question=stands.id, voter=voter))
            else:
                c.execute(question_votes.delete().where(group))
            votes = count_votes(c, stands.id)
            tell_question(c, stands, replace(stands, votes=votes))
        return votes

    def voted(self, voters: Mapping[str, str]) -> set[str]:
        """See `Questions.voted`."""
        if not voters:
            return set()
        theirs = question_votes.c.voter.in_(list(voters.values()))
        query = sa.select(question_votes).where(question_votes.c.question.in_(list(voters)), theirs)
        with self._db.read() as c:
            return {row.question for row in c.execute(query) if voters[row.question] == row.voter}

    def merged(self, questions: Collection[str]) -> dict[str, list[str]]:
        """See `Questions.merged`."""
        found: dict[str, list[str]] = {}
        query = sa.select(rows.c.id, rows.c.merged_into).where(rows.c.merged_into.in_(list(questions)))
        with self._db.read() as c:
            for row in c.execute(query.order_by(rows.c.created_at)):
                found.setdefault(row.merged_into, []).append(row.id)
        return found

    def of_episode(self, episode: str | None, *, public_only: bool) -> list[Question]:
        """See `Questions.of_episode`."""
        query = SELECT.where(rows.c.episode == episode, rows.c.merged_into.is_(None))
        if public_only:
            query = query.where(~rows.c.held, rows.c.state != QuestionState.REFUSED)
        query = query.order_by(rows.c.votes.desc(), rows.c.created_at, rows.c.id)
        with self._db.read() as c:
            return [question_in(row) for row in c.execute(query)]

    def answers(self, questions: Collection[Question]) -> dict[str, str]:
        """See `Questions.answers`."""
        segments = {each.id: each.segment for each in questions if each.segment}
        if not segments:
            return {}
        with self._db.read() as c:
            found = answer_addresses(c, set(segments.values()))
        return {key: found[segment] for key, segment in segments.items() if segment in found}

    def companion(self, episode: str) -> Companion:
        """See `Questions.companion`."""
        with self._db.read() as c:
            return _companion(c, episode)

    def save_companion(self, companion: Companion) -> Companion:
        """See `Questions.save_companion`."""
        saved = replace(companion, version=companion.version + 1)
        values = {"open": saved.open, "hold": saved.hold, "version": saved.version}
        with self._db.write(MATTER) as c:
            _check_episode(c, companion.episode)
            if _companion(c, companion.episode).version != companion.version:
                raise Conflict("Somebody else changed these settings meanwhile; look at them again.")
            row = companions.c.episode == companion.episode
            if not c.execute(companions.update().where(row).values(**values)).rowcount:
                c.execute(companions.insert().values(episode=companion.episode, **values))
            note(c, "companion.save", companion.episode, open=saved.open, hold=saved.hold)
            tell(c, desk_channel(companion.episode), "companion", **values)
        return saved


def once_key(new: NewQuestion) -> str:
    """What is asked only once: a comment of its source, or a text by one device for one episode."""
    if new.source_key or not new.device:
        return new.source_key
    text = " ".join(new.original.casefold().split())
    return sha256("\n".join((new.device, new.episode or "", text)).encode()).hexdigest()


def _check_may_ask(c: sa.Connection, new: NewQuestion) -> None:
    blocked = sa.select(1).where(blocked_devices.c.device == new.device, blocked_devices.c.until > now())
    if new.device and c.execute(blocked).first():
        raise Forbidden("Nothing is taken from this device at present; ask a union officer at work.")
    if new.episode is not None:
        _check_episode(c, new.episode)
        if new.source == "web" and not _companion(c, new.episode).open:
            raise Conflict("This programme takes no more questions; send it to the archive instead.")


def _check_receipt(c: sa.Connection, receipt: str, own: str) -> None:
    taken = sa.select(1).where(rows.c.receipt == receipt, rows.c.id != own)
    if c.execute(taken).first():
        raise ReceiptTaken("Another question has this code; draw a new one.")


def _check_episode(c: sa.Connection, episode: str) -> None:
    if not c.execute(sa.select(1).where(t.episodes.c.slug == episode)).first():
        raise NotFound("There is no episode “%(episode)s”.", episode=episode)


def _companion(c: sa.Connection, episode: str) -> Companion:
    row = c.execute(sa.select(companions).where(companions.c.episode == episode)).first()
    return Companion(episode, row.open, Hold(row.hold), row.version) if row else Companion(episode)


def _insert(c: sa.Connection, new: NewQuestion, key: str) -> str:
    own, moment = new.id or uuid4().hex, now()
    c.execute(
        rows.insert().values(
            id=own,
            episode=new.episode,
            original=new.original,
            shown=new.shown,
            name=new.name,
            workplace=new.workplace,
            state=QuestionState.INCOMING,
            held=new.held,
            position=moment.timestamp(),  # at the end of its column
            votes=1,
            topics=list(new.topics),
            guest="",
            segment="",
            source=new.source,
            source_key=key,
            device=new.device,
            receipt=new.receipt,
            created_at=moment,
            changed_at=moment,
            version=1,
        )
    )
    c.execute(question_votes.insert().values(question=own, voter=new.voter or own))
    return own

"""The `Writing` port on SQLAlchemy."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from infra.db.archive.batches import read_episodes
from infra.db.archive.catalogue import episode_row
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.changes import mark_changed
from infra.db.questions.board_rows import note_question, save_question
from infra.db.questions.question_rows import read_question, tell_question
from infra.db.tables import archive as t
from infra.db.transcripts.segments import put_segment, read_segments
from infra.db.transcripts.transcripts import newest, transcript_row
from media.archive.episodes import Episode, EpisodeState
from media.errors import Conflict, NotFound
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.domain.moderation.board import check_seen, check_standing
from web.domain.questions.questions import Question, QuestionState
from web.domain.questions.written_answers import WrittenAnswer, checked, cues_of, paragraphs_of, slug_of

_LANGUAGE = "vi"
TITLE = "Trả lời bằng văn bản"


class SqlWrittenAnswers:
    """Implements `web.domain.questions.written_answers.WrittenAnswers`. Works alone, since it touches segments and questions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, question: str, answer: WrittenAnswer, seen: int | None) -> Question:
        """See `Writing.write`."""
        tidy, slug = checked(answer), slug_of(question)
        with self._db.write() as c:
            before = _open(c, question, seen)
            _put_episode(c, slug, before, tidy)
            cues = cues_of(tidy.text)
            last = newest(c, slug)
            if last is None or last.cues != cues:
                version = (last.version if last else 0) + 1
                made = Transcript(_LANGUAGE, TranscriptOrigin.EDITED, cues, version=version)
                c.execute(t.transcripts.insert().values(**transcript_row(slug, made)))
            segment = _put_answer(c, slug, before, tidy, cues[-1].end)
            mark_changed(c, slug)
            return _answered(c, before, segment.id, "answer.write", tidy.guest.name)

    def written(self, question: str) -> WrittenAnswer | None:
        """See `Writing.written`."""
        with self._db.read() as c:
            found = _episode(c, slug_of(question))
            transcript = newest(c, found.slug) if found else None
            if found is None or transcript is None:
                return None
            text = "\n\n".join(paragraphs_of(transcript.cues))
            return WrittenAnswer(text, found.guests[0], found.programme)

    def link(self, question: str, segment: str, seen: int | None) -> Question:
        """See `Writing.link`."""
        with self._db.write() as c:
            before = _open(c, question, seen)
            row = t.segments.c
            known = sa.select(row.id).where(row.id == segment, row.kind == SegmentKind.ANSWER, ~row.removed)
            if c.execute(known).first() is None:
                raise NotFound("There is no such answer any more; look for it again.")
            return _answered(c, before, segment, "answer.link", before.guest)


def _open(c: sa.Connection, question: str, seen: int | None) -> Question:
    found = read_question(c, question)
    check_standing(found)
    check_seen(found, seen)
    if found.state is QuestionState.ON_AIR:
        raise Conflict("This question is being answered on air now; end that answer first.")
    return found


def _answered(c: sa.Connection, before: Question, segment: str, action: str, guest: str) -> Question:
    at = now()
    wanted = replace(
        before, state=QuestionState.ANSWERED, segment=segment, answered_at=at, held=False, guest=guest
    )
    after = save_question(c, wanted)
    note_question(c, action, after, segment=segment)
    tell_question(c, before, after)
    return after


def _episode(c: sa.Connection, slug: str) -> Episode | None:
    found = read_episodes(c, sa.select(t.episodes).where(t.episodes.c.slug == slug))
    return found[0] if found else None


def _put_episode(c: sa.Connection, slug: str, question: Question, answer: WrittenAnswer) -> None:
    """Made once; afterwards only who answers may change: the rest editors may have changed."""
    guests = [
        {"name": answer.guest.name, "role": answer.guest.role, "organisation": answer.guest.organisation}
    ]
    there = t.episodes.c.slug == slug
    if c.execute(t.episodes.update().where(there).values(guests=guests)).rowcount:
        return
    asked = _episode(c, question.episode) if question.episode else None
    programme = asked.programme if asked else answer.programme
    if not c.execute(sa.select(1).where(t.programmes.c.slug == programme)).first():
        raise NotFound("Choose the programme that this answer belongs to.")
    made = Episode(
        slug,
        programme,
        TITLE,
        now().date(),
        _LANGUAGE,
        state=EpisodeState.PUBLISHED,
        guests=(answer.guest,),
        captions_read=1,
    )
    c.execute(t.episodes.insert().values(**episode_row(made)))
    for position, topic in enumerate(question.topics):
        c.execute(t.episode_topics.insert().values(episode=slug, topic=topic, position=position))


def _put_answer(
    c: sa.Connection, slug: str, question: Question, answer: WrittenAnswer, end: float
) -> Segment:
    old = next((each for each in read_segments(c, slug) if each.kind is SegmentKind.ANSWER), None)
    asker = ", ".join(filter(None, (question.name, question.workplace)))
    if old is not None:
        return put_segment(c, slug, replace(old, end=end, answerers=(answer.guest.name,)), old)
    made = Segment(
        SegmentKind.ANSWER,
        0.0,
        end,
        question.shown[:300],
        question=question.shown,
        asker=asker,
        answerers=(answer.guest.name,),
        topics=question.topics,
        origin=SegmentOrigin.EDITOR,
        state=SegmentState.CONFIRMED,
        confidence=1.0,
        id=f"{slug}:answer:0",
    )
    return put_segment(c, slug, made, None)

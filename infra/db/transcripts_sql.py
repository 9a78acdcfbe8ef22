"""The `Transcripts` port on SQLAlchemy."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from infra.db import tables as t
from infra.db.changes_sql import mark_changed
from infra.db.clock import now
from infra.db.database import Database
from media.errors import Conflict, NotFound
from transcribe.cues import Cue, Word
from transcribe.segments import (
    Segment,
    SegmentKind,
    SegmentOrigin,
    SegmentState,
    brought_in,
    new_suggestions,
    segment_id,
)
from transcribe.transcripts import Transcript, TranscriptOrigin


class SqlTranscripts:
    """Transcripts and segments by episode."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def transcript(self, episode: str) -> Transcript | None:
        with self._db.read() as c:
            _check_episode(c, episode)
            return _newest(c, episode)

    def save_transcript(self, episode: str, transcript: Transcript) -> Transcript:
        with self._db.write() as c:
            _check_episode(c, episode)
            last = _newest(c, episode)
            if (
                last is not None
                and transcript.origin is TranscriptOrigin.MACHINE
                and last.origin is not TranscriptOrigin.MACHINE
            ):
                raise Conflict(
                    f"Episode “{episode}” has a transcript made by people; the machine's was not saved over it."
                )
            saved = dataclasses.replace(transcript, version=(last.version if last else 0) + 1)
            c.execute(t.transcripts.insert().values(**_transcript_row(episode, saved)))
            mark_changed(c, episode)
        return saved

    def segments(self, episode: str) -> list[Segment]:
        with self._db.read() as c:
            _check_episode(c, episode)
            return _segments(c, episode)

    def save_suggestions(self, episode: str, segments: Sequence[Segment]) -> list[Segment]:
        with self._db.write() as c:
            _check_episode(c, episode)
            stored = _segments(c, episode)
            kept = [s for s in stored if not _replaceable(s)]
            taken = {s.id for s in kept}
            fresh: dict[str, Segment] = {}
            for suggestion in new_suggestions(kept, segments):
                fresh[segment_id(episode, suggestion, taken | fresh.keys())] = suggestion
            old = {s.id for s in stored if _replaceable(s)}
            # Those found again keep their row, and with it their plays.
            c.execute(t.segments.delete().where(t.segments.c.id.in_(old - fresh.keys())))
            for key, segment in fresh.items():
                _put(c, episode, dataclasses.replace(segment, id=key), known=key in old)
            mark_changed(c, episode)
            return _segments(c, episode)

    def bring_in(
        self, episode: str, transcript: Transcript | None, segments: Sequence[Segment] | None
    ) -> None:
        with self._db.write() as c:
            _check_episode(c, episode)
            last = _newest(c, episode)
            if transcript is not None and (last is None or last.cues != transcript.cues):
                saved = dataclasses.replace(transcript, version=(last.version if last else 0) + 1)
                c.execute(t.transcripts.insert().values(**_transcript_row(episode, saved)))
            if segments is not None:
                stored = _segments(c, episode)
                old = {s.id for s in stored}
                fresh = brought_in(episode, stored, segments)
                gone = old - {s.id for s in fresh}
                c.execute(t.segments.delete().where(t.segments.c.id.in_(gone)))
                for segment in fresh:
                    _put(c, episode, segment, known=segment.id in old)
            mark_changed(c, episode)

    def save_segment(self, episode: str, segment: Segment) -> Segment:
        with self._db.write() as c:
            _check_episode(c, episode)
            known = {s.id for s in _segments(c, episode)}
            if segment.id and segment.id not in known:
                raise NotFound(f"Episode “{episode}” has no segment “{segment.id}”.")
            saved = dataclasses.replace(segment, id=segment.id or segment_id(episode, segment, known))
            _put(c, episode, saved, known=saved.id in known)
            mark_changed(c, episode)
        return saved


def _replaceable(segment: Segment) -> bool:
    return segment.origin is SegmentOrigin.MACHINE and segment.state is SegmentState.SUGGESTED


def _check_episode(c: sa.Connection, episode: str) -> None:
    if not c.execute(sa.select(1).where(t.episodes.c.slug == episode)).first():
        raise NotFound(f"There is no episode “{episode}”.")


def _newest(c: sa.Connection, episode: str) -> Transcript | None:
    query = (
        sa.select(t.transcripts)
        .where(t.transcripts.c.episode == episode)
        .order_by(t.transcripts.c.version.desc())
        .limit(1)
    )
    row = c.execute(query).mappings().first()
    if row is None:
        return None
    return Transcript(
        row["language"],
        TranscriptOrigin(row["origin"]),
        tuple(_cue(cue) for cue in row["cues"]),
        row["engine"],
        row["version"],
    )


def _cue(stored: list[Any]) -> Cue:
    start, end, text, words = stored
    return Cue(start, end, text, tuple(Word(*word) for word in words))


def _transcript_row(episode: str, transcript: Transcript) -> dict[str, Any]:
    cues = [
        [cue.start, cue.end, cue.text, [[w.text, w.start, w.end, w.confidence] for w in cue.words]]
        for cue in transcript.cues
    ]
    return {
        "episode": episode,
        "version": transcript.version,
        "language": transcript.language,
        "origin": transcript.origin,
        "engine": transcript.engine,
        "cues": cues,
        "created_at": now(),
    }


def _segments(c: sa.Connection, episode: str) -> list[Segment]:
    query = (
        sa.select(t.segments)
        .where(t.segments.c.episode == episode)
        .order_by(t.segments.c.start, t.segments.c.kind.desc(), t.segments.c.id)
    )
    return [_segment(row) for row in c.execute(query).mappings()]


def _segment(row: sa.RowMapping) -> Segment:
    values = {name: value for name, value in row.items() if name != "episode"}
    values["kind"] = SegmentKind(row["kind"])
    values["origin"] = SegmentOrigin(row["origin"])
    values["state"] = SegmentState(row["state"])
    values["answerers"], values["topics"] = tuple(row["answerers"]), tuple(row["topics"])
    return Segment(**values)


def _put(c: sa.Connection, episode: str, segment: Segment, known: bool) -> None:
    values = {
        **asdict(segment),
        "episode": episode,
        "answerers": list(segment.answerers),
        "topics": list(segment.topics),
    }
    if known:
        c.execute(t.segments.update().where(t.segments.c.id == segment.id).values(**values))
    else:
        c.execute(t.segments.insert().values(**values))

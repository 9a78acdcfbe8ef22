"""The `Transcripts` port on SQLAlchemy."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.captions import live_cues
from infra.db.transcripts.segments import SqlSegments, bring_in_segments, check_episode
from media.errors import Conflict
from transcribe.cues import Cue, Word
from transcribe.segments import Segment
from transcribe.transcripts import Transcript, TranscriptOrigin


class SqlTranscripts(SqlSegments):
    """Transcripts and segments by episode."""

    def transcript(self, episode: str) -> Transcript | None:
        with self._db.read() as c:
            check_episode(c, episode)
            return newest(c, episode) or _while_live(c, episode)

    def save_transcript(self, episode: str, transcript: Transcript) -> Transcript:
        with self._db.write(f"episode/{episode}") as c:
            check_episode(c, episode)
            last = newest(c, episode)
            if (
                last is not None
                and transcript.origin is TranscriptOrigin.MACHINE
                and last.origin is not TranscriptOrigin.MACHINE
            ):
                raise Conflict(
                    "Episode “%(episode)s” has a transcript made by people; the machine's was not saved"
                    " over it.",
                    episode=episode,
                )
            saved = dataclasses.replace(transcript, version=(last.version if last else 0) + 1)
            c.execute(t.transcripts.insert().values(**transcript_row(episode, saved)))
            c.execute(live_cues.delete().where(live_cues.c.episode == episode))
            mark_changed(c, episode)
        return saved

    def bring_in(
        self, episode: str, transcript: Transcript | None, segments: Sequence[Segment] | None
    ) -> None:
        with self._db.write(f"episode/{episode}") as c:
            check_episode(c, episode)
            last = newest(c, episode)
            if transcript is not None and (last is None or last.cues != transcript.cues):
                saved = dataclasses.replace(transcript, version=(last.version if last else 0) + 1)
                c.execute(t.transcripts.insert().values(**transcript_row(episode, saved)))
            if segments is not None:
                bring_in_segments(c, episode, segments)
            mark_changed(c, episode)


def _while_live(c: sa.Connection, episode: str) -> Transcript | None:
    """The captions of a broadcast that goes on, or has just ended."""
    stored = sa.select(live_cues.c.cue).where(live_cues.c.episode == episode).order_by(live_cues.c.number)
    cues = tuple(cue_of(cue) for cue in c.execute(stored).scalars())
    if not cues:
        return None
    language = sa.select(t.episodes.c.language).where(t.episodes.c.slug == episode)
    return Transcript(c.execute(language).scalar_one(), TranscriptOrigin.MACHINE, cues)


def newest(c: sa.Connection, episode: str) -> Transcript | None:
    """The newest version of an episode's transcript."""
    row = newest_row(c, episode)
    return transcript_of(row) if row is not None else None


def newest_row(c: sa.Connection, episode: str) -> sa.RowMapping | None:
    """Its row."""
    query = (
        sa.select(t.transcripts)
        .where(t.transcripts.c.episode == episode)
        .order_by(t.transcripts.c.version.desc())
        .limit(1)
    )
    return c.execute(query).mappings().first()


def transcript_of(row: sa.RowMapping) -> Transcript:
    """A stored transcript."""
    return Transcript(
        row["language"],
        TranscriptOrigin(row["origin"]),
        tuple(cue_of(cue) for cue in row["cues"]),
        row["engine"],
        row["version"],
    )


def cue_of(stored: list[Any]) -> Cue:
    """A stored cue."""
    start, end, text, words = stored
    return Cue(start, end, text, tuple(Word(*word) for word in words))


def row_of_cue(cue: Cue) -> list[Any]:
    """A cue as it is stored: [start, end, text, [[word, start, end, confidence], …]]."""
    return [cue.start, cue.end, cue.text, [[w.text, w.start, w.end, w.confidence] for w in cue.words]]


def transcript_row(episode: str, transcript: Transcript) -> dict[str, Any]:
    """What is stored of a new version."""
    return {
        "episode": episode,
        "version": transcript.version,
        "language": transcript.language,
        "origin": transcript.origin,
        "engine": transcript.engine,
        "cues": [row_of_cue(cue) for cue in transcript.cues],
        "cue_count": len(transcript.cues),
        "created_at": now(),
    }

"""The `Versions` port on SQLAlchemy."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.studio import transcript_edits
from infra.db.transcripts.segments import check_episode
from infra.db.transcripts.stored_cues import Stored, changed_rows
from infra.db.transcripts.transcripts import (
    cue_of,
    newest,
    newest_row,
    row_of_cue,
    transcript_of,
    transcript_row,
)
from media.errors import Conflict, NotFound
from transcribe.editing.edits import CueEdit, Edited, TranscriptConflict, apply, changed_cues
from transcribe.transcripts import Transcript, TranscriptOrigin
from transcribe.versions import COALESCED, REMEMBERED, Saved, VersionInfo


class SqlVersions:
    """Implements `transcribe.versions.Versions`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def edit(self, episode: str, edits: Sequence[CueEdit], author: str, seen: int) -> Saved:
        """See `Versions.edit`."""
        with self._db.write(f"episode/{episode}") as c:
            row = _last_row(c, episode)
            version: int = row["version"]
            others = _since(c, episode, seen, version)
            stored = Stored(row["cues"], edits)
            done = apply(stored.cues, edits)
            if not isinstance(done, Edited):
                raise TranscriptConflict(done, version)
            if any(edit.before != edit.after for edit in done.made):
                version = _save(c, episode, row, stored.rows_of(done.cues), author, done.made)
        return Saved(version, done.made, others)

    def edits_since(self, episode: str, seen: int) -> tuple[int, tuple[CueEdit, ...] | None]:
        """See `Versions.edits_since`."""
        query = sa.select(sa.func.max(t.transcripts.c.version)).where(t.transcripts.c.episode == episode)
        with self._db.read() as c:
            check_episode(c, episode)
            version: int = c.execute(query).scalar() or 0
            return version, _since(c, episode, seen, version)

    def versions(self, episode: str) -> list[VersionInfo]:
        """See `Versions.versions`."""
        names = ("version", "origin", "author", "created_at", "changed_at", "changed", "cue_count")
        query = (
            sa.select(*(t.transcripts.c[name] for name in names))
            .where(t.transcripts.c.episode == episode)
            .order_by(t.transcripts.c.version.desc())
        )
        with self._db.read() as c:
            check_episode(c, episode)
            return [
                VersionInfo(
                    row.version,
                    TranscriptOrigin(row.origin),
                    row.author,
                    row.created_at,
                    row.changed_at or row.created_at,
                    row.changed,
                    row.cue_count,
                )
                for row in c.execute(query)
            ]

    def version(self, episode: str, number: int) -> Transcript:
        """See `Versions.version`."""
        with self._db.read() as c:
            check_episode(c, episode)
            return _version(c, episode, number)

    def restore(self, episode: str, number: int, author: str) -> Transcript:
        """See `Versions.restore`."""
        with self._db.write(f"episode/{episode}") as c:
            last = _last(c, episode)
            old = _version(c, episode, number)
            made = dataclasses.replace(old, origin=TranscriptOrigin.EDITED, version=last.version + 1)
            _insert(c, episode, made, author, last)
            note(c, "transcript.restore", episode, version=made.version, restored=number)
        return made

    def replace(self, episode: str, transcript: Transcript, author: str, seen: int) -> Transcript:
        """See `Versions.replace`."""
        with self._db.write(f"episode/{episode}") as c:
            check_episode(c, episode)
            last = newest(c, episode)
            version = last.version if last else 0
            if version != seen:
                raise Conflict(
                    "The captions were changed by somebody else meanwhile; look at the comparison again,"
                    " nothing was saved."
                )
            made = dataclasses.replace(transcript, version=version + 1)
            _insert(c, episode, made, author, last)
            note(c, "transcript.replace", episode, version=made.version, cues=len(made.cues))
        return made


def _save(
    c: sa.Connection,
    episode: str,
    last: sa.RowMapping,
    cues: list[Any],
    author: str,
    made: Sequence[CueEdit],
) -> int:
    """Write `cues` as a new version, or into the author's own one of the last minutes."""
    version: int = last["version"] + 1
    values = {
        "version": version,
        "origin": TranscriptOrigin.EDITED,
        "cues": cues,
        "cue_count": len(cues),
        "changed_at": now(),
    }
    own = last["origin"] == TranscriptOrigin.EDITED and last["author"] == author
    if own and now() - last["created_at"] < COALESCED:
        here = sa.and_(t.transcripts.c.episode == episode, t.transcripts.c.version == last["version"])
        values["changed"] = changed_rows(_rows_before(c, episode, last["version"]), cues)
        c.execute(t.transcripts.update().where(here).values(**values))
    else:
        values |= {"changed": changed_rows(last["cues"], cues), "author": author, "created_at": now()}
        c.execute(t.transcripts.insert().values(**{**last, **values}))
        note(c, "transcript.edit", episode, version=version)
    mark_changed(c, episode)
    _remember(c, episode, version, made)
    read = sa.and_(t.episodes.c.slug == episode, t.episodes.c.captions_read == last["version"])
    c.execute(t.episodes.update().where(read).values(captions_read=version))
    return version


def _insert(
    c: sa.Connection, episode: str, transcript: Transcript, author: str, last: Transcript | None
) -> None:
    extra = {
        "author": author,
        "changed_at": now(),
        "changed": changed_cues(last.cues if last else (), transcript.cues),
    }
    c.execute(t.transcripts.insert().values(**transcript_row(episode, transcript), **extra))
    mark_changed(c, episode)


def _remember(c: sa.Connection, episode: str, version: int, made: Sequence[CueEdit]) -> None:
    edits = [
        [[row_of_cue(cue) for cue in edit.before], [row_of_cue(cue) for cue in edit.after]] for edit in made
    ]
    c.execute(transcript_edits.insert().values(episode=episode, version=version, edits=edits))
    old = sa.and_(transcript_edits.c.episode == episode, transcript_edits.c.version <= version - REMEMBERED)
    c.execute(transcript_edits.delete().where(old))


def _since(c: sa.Connection, episode: str, seen: int, version: int) -> tuple[CueEdit, ...] | None:
    """The edits that led from `seen` to `version`; None unless every one of them is remembered."""
    if seen == version:
        return ()
    if not version - REMEMBERED < seen < version:
        return None
    query = (
        sa.select(transcript_edits.c.edits)
        .where(transcript_edits.c.episode == episode, transcript_edits.c.version > seen)
        .order_by(transcript_edits.c.version)
    )
    rows = c.execute(query).scalars().all()
    if len(rows) != version - seen:
        return None
    return tuple(_edit(edit) for row in rows for edit in row)


def _edit(stored: list[Any]) -> CueEdit:
    before, after = stored
    return CueEdit(tuple(map(cue_of, before)), tuple(map(cue_of, after)))


def _last(c: sa.Connection, episode: str) -> Transcript:
    return transcript_of(_last_row(c, episode))


def _last_row(c: sa.Connection, episode: str) -> sa.RowMapping:
    check_episode(c, episode)
    row = newest_row(c, episode)
    if row is None:
        raise NotFound(
            "“%(episode)s” has no transcript yet; wait for the machine, or bring in a captions file.",
            episode=episode,
        )
    return row


def _version(c: sa.Connection, episode: str, number: int) -> Transcript:
    here = sa.and_(t.transcripts.c.episode == episode, t.transcripts.c.version == number)
    row = c.execute(sa.select(t.transcripts).where(here)).mappings().first()
    if row is None:
        raise NotFound(
            "“%(episode)s” has no version %(number)s of its transcript; choose one from the list.",
            episode=episode,
            number=number,
        )
    return transcript_of(row)


def _rows_before(c: sa.Connection, episode: str, version: int) -> list[Any]:
    query = (
        sa.select(t.transcripts.c.cues)
        .where(t.transcripts.c.episode == episode, t.transcripts.c.version < version)
        .order_by(t.transcripts.c.version.desc())
        .limit(1)
    )
    return c.execute(query).scalar() or []

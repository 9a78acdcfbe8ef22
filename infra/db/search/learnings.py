"""The `Learnings` port on SQLAlchemy: one row."""

from __future__ import annotations

import json
from dataclasses import asdict

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.archive.episodes import EpisodeState
from search.diacritics.learning import Learning

_ROW = 1


class SqlLearnings:
    """The newest learning replaces the one before."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def published(self) -> dict[str, int]:
        version = sa.func.max(t.transcripts.c.version)
        query = (
            sa.select(t.episodes.c.slug, version.label("version"))
            .join(t.transcripts, t.transcripts.c.episode == t.episodes.c.slug)
            .where(t.episodes.c.state == EpisodeState.PUBLISHED, t.transcripts.c.language.like("vi%"))
            .group_by(t.episodes.c.slug, t.episodes.c.date)
            .order_by(t.episodes.c.date.desc(), t.episodes.c.slug)
        )
        with self._db.read() as c:
            return {row.slug: row.version for row in c.execute(query)}

    def newest(self, after: int = 0) -> Learning | None:
        return self._read(sa.select(t.learnings).where(t.learnings.c.number > after))

    def state(self) -> Learning | None:
        columns = [column for column in t.learnings.c if column.name != "model"]
        return self._read(sa.select(*columns))

    def save(self, learning: Learning) -> bool:
        values = asdict(learning)
        values["episodes"] = json.dumps(dict(learning.episodes), separators=(",", ":"))
        with self._db.write("learnings") as c:
            older = sa.and_(t.learnings.c.id == _ROW, t.learnings.c.number < learning.number)
            if c.execute(t.learnings.update().where(older).values(**values)).rowcount:
                return True
            if c.execute(sa.select(1).where(t.learnings.c.id == _ROW)).first():
                return False
            c.execute(t.learnings.insert().values(id=_ROW, **values))
            return True

    def _read(self, query: sa.Select[tuple[object, ...]]) -> Learning | None:
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        if row is None:
            return None
        values = {name: value for name, value in row.items() if name != "id"}
        return Learning(**{**values, "episodes": json.loads(values["episodes"])})

"""The `VectorStore` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.archive.episodes import EpisodeState
from search.embedder import Vector
from search.embedding.vector_store import packed, unpacked

AT_ONCE = 500
"""Values in one statement; SQLite takes 32,766 parameters at most, older ones 999."""


class SqlVectors:
    """A row a text and embedder; a row an episode that is embedded, or taken by a worker."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def known(self, embedder: str, digests: Iterable[str]) -> dict[str, Vector]:
        v = t.vectors.c
        found: dict[str, Vector] = {}
        with self._db.read() as c:
            for some in _parts(digests):
                query = sa.select(v.digest, v.vector).where(v.embedder == embedder, v.digest.in_(some))
                found |= {row.digest: unpacked(row.vector) for row in c.execute(query)}
        return found

    def put(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        rest = {"embedder": embedder, "at": now()}
        try:
            with self._db.write("vectors") as c:
                for some in _parts(vectors):
                    c.execute(_vectors(some).where(t.vectors.c.embedder == embedder))
                    rows = [{"digest": d, "vector": packed(vectors[d]), **rest} for d in some]
                    c.execute(t.vectors.insert(), rows)
        except IntegrityError:  # another worker put one of them in the same instant; it is met again later
            return

    def keep_only(self, digests: Collection[str], grace: float) -> int:
        kept = frozenset(digests)
        before = t.vectors.c.at <= now() - timedelta(seconds=grace)
        with self._db.read() as c:
            there = set(c.execute(sa.select(t.vectors.c.digest).where(before)).scalars())
        forgotten = 0
        for some in _parts(sorted(there - kept)):
            with self._db.write("vectors") as c:  # a short one each: nobody else can write meanwhile
                forgotten += c.execute(_vectors(some).where(before)).rowcount
        return forgotten

    def waiting(self, embedder: str) -> list[str]:
        with self._db.read() as c:
            return [row.slug for row in c.execute(_waiting(embedder))]

    def take(self, embedder: str, seconds: float) -> str | None:
        first = _waiting(embedder).where(sa.or_(t.embedded.c.until.is_(None), t.embedded.c.until <= now()))
        with self._db.read() as c:  # nothing is written while there is nothing to do
            if c.execute(first.limit(1)).first() is None:
                return None
        try:
            with self._db.write("vectors") as c:
                row = c.execute(first.limit(1)).first()
                if row is not None:
                    c.execute(t.embedded.delete().where(t.embedded.c.episode == row.slug))
                    until = now() + timedelta(seconds=seconds)
                    taken = {"episode": row.slug, "embedder": embedder, "until": until}
                    c.execute(t.embedded.insert().values(taken))
                return row.slug if row is not None else None
        except IntegrityError:  # another worker took it in the same instant, or it has been removed
            return None

    def hold(self, episode: str, seconds: float) -> None:
        taken = sa.and_(t.embedded.c.episode == episode, t.embedded.c.until.is_not(None))
        with self._db.write("vectors") as c:
            c.execute(t.embedded.update().where(taken).values(until=now() + timedelta(seconds=seconds)))

    def complete(self, embedder: str, episodes: Collection[str]) -> None:
        try:
            with self._db.write("vectors") as c:
                for some in _parts(episodes):
                    c.execute(t.embedded.delete().where(t.embedded.c.episode.in_(some)))
                    rows = sa.select(t.episodes.c.slug, sa.literal(embedder)).where(
                        t.episodes.c.slug.in_(some)
                    )
                    c.execute(t.embedded.insert().from_select(["episode", "embedder"], rows))
        except IntegrityError:  # another process said something of one of them in the same instant, on a
            return  # server; they wait on, and are indexed once more

    def incomplete(self, episodes: Collection[str]) -> None:
        if not episodes:
            return
        with self._db.write("vectors") as c:
            for some in _parts(episodes):
                c.execute(t.embedded.delete().where(t.embedded.c.episode.in_(some)))


def _vectors(digests: list[str]) -> sa.Delete:
    return t.vectors.delete().where(t.vectors.c.digest.in_(digests))


def _waiting(embedder: str) -> sa.Select[Any]:
    complete = sa.and_(t.embedded.c.embedder == embedder, t.embedded.c.until.is_(None))
    return (
        sa.select(t.episodes.c.slug)
        .outerjoin(t.embedded, t.embedded.c.episode == t.episodes.c.slug)
        .where(
            t.episodes.c.state == EpisodeState.PUBLISHED,
            sa.or_(t.embedded.c.episode.is_(None), sa.not_(complete)),
        )
        .order_by(t.episodes.c.date.desc(), t.episodes.c.created_at.desc(), t.episodes.c.slug)
    )


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some

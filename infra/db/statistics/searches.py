"""The `Searches` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.statistics.views import add_up
from infra.db.tables import archive as t
from infra.db.tables.studio import search_days
from web.domain.statistics.searches import (
    KEPT_DAYS,
    NEW_TEXTS_A_DAY,
    RARE_COUNT,
    RARE_DAYS,
    Searched,
    Tally,
)


class SqlSearches:
    """One row per day and text, one per day, text and played passage."""

    def __init__(self, database: Database, new_texts_a_day: int = NEW_TEXTS_A_DAY) -> None:
        self._db = database
        self._most = new_texts_a_day

    def add(self, day: date, searches: Mapping[str, Tally], plays: Mapping[tuple[str, str], int]) -> None:
        """See `Searches.add`."""
        with self._db.write("figures") as c:
            self._add_searches(c, day, searches)
            self._add_plays(c, day, plays)
            whole = sum(searches.values(), Tally())
            if whole.count:
                add_up(
                    c,
                    search_days,
                    [{"day": day, "count": whole.count, "empty": whole.empty}],
                    ("count", "empty"),
                )

    def searched(self, since: date, until: date | None = None) -> list[Searched]:
        """See `Searches.searched`."""
        s, p, last = t.searches.c, t.hit_plays.c, until or date.max
        played = (
            sa.select(p.text, sa.func.sum(p.count).label("plays"))
            .where(p.day.between(since, last))
            .group_by(p.text)
        ).subquery()
        total = sa.func.sum(s.count)
        query = (
            sa.select(s.text, total, sa.func.sum(s.empty), sa.func.coalesce(sa.func.max(played.c.plays), 0))
            .join_from(t.searches, played, played.c.text == s.text, isouter=True)
            .where(s.day.between(since, last))
            .group_by(s.text)
            .order_by(total.desc(), s.text)
        )
        with self._db.read() as c:
            return [
                Searched(text, int(count), int(empty), int(plays))
                for text, count, empty, plays in c.execute(query)
            ]

    def by_day(self, since: date, until: date) -> dict[date, Tally]:
        """See `Searches.by_day`."""
        d = search_days.c
        query = sa.select(d.day, d.count, d.empty).where(d.day.between(since, until))
        with self._db.read() as c:
            return {day: Tally(count, empty) for day, count, empty in c.execute(query)}

    def forget(self, today: date) -> None:
        """See `Searches.forget`."""
        s = t.searches.c
        rare = sa.select(s.text).group_by(s.text).having(sa.func.sum(s.count) < RARE_COUNT)
        rare_day, last_day = today - timedelta(days=RARE_DAYS), today - timedelta(days=KEPT_DAYS)
        with self._db.write() as c:
            c.execute(t.searches.delete().where(s.day < last_day))
            c.execute(t.searches.delete().where(s.day < rare_day, s.text.in_(rare)))
            plays = t.hit_plays.c
            known = sa.exists().where(s.day == plays.day, s.text == plays.text)
            c.execute(t.hit_plays.delete().where(plays.day < rare_day, ~known))

    def _add_searches(self, c: sa.Connection, day: date, searches: Mapping[str, Tally]) -> None:
        known = self._texts(c, day)
        new = {text for text in searches if text not in known}
        new = set(sorted(new)[: max(0, self._most - len(known))])
        rows = [
            {"day": day, "text": text, "count": tally.count, "empty": tally.empty}
            for text, tally in searches.items()
            if text in known or text in new
        ]
        add_up(c, t.searches, rows, ("count", "empty"))

    def _add_plays(self, c: sa.Connection, day: date, plays: Mapping[tuple[str, str], int]) -> None:
        if not plays:
            return
        asked, p = self._texts(c, day), t.hit_plays.c
        known = {
            (text, passage) for text, passage in c.execute(sa.select(p.text, p.passage).where(p.day == day))
        }
        new = {key for key in plays if key not in known and key[0] in asked}
        new = set(sorted(new)[: max(0, self._most - len(known))])
        rows = [
            {"day": day, "text": text, "passage": passage, "count": count}
            for (text, passage), count in plays.items()
            if (text, passage) in known or (text, passage) in new
        ]
        add_up(c, t.hit_plays, rows, ("count",))

    def _texts(self, c: sa.Connection, day: date) -> set[str]:
        return set(c.execute(sa.select(t.searches.c.text).where(t.searches.c.day == day)).scalars())

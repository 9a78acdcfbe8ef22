"""Rows for every table of a database, made from the tables' own description, whatever tables there are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

ROWS = 3


def fill(c: sa.Connection, tables: list[sa.Table], rows: int = ROWS) -> None:
    """Add `rows` rows to each of `tables`, which refer to each other as the foreign keys say.

    The first row of each table has no value wherever that is allowed; a row that may refer to its own table
    refers to the next one, which is added after it wherever rows go by their keys.
    """
    for table in tables:
        own = [key for key in table.foreign_keys if key.column.table is table]
        for n in reversed(range(rows)):
            row = {column.name: _value(column, n) for column in table.columns}
            row |= {key.parent.name: _value(key.column, n + 1) if n + 1 < rows else None for key in own}
            c.execute(table.insert().values(row))


def rows_of(c: sa.Connection, table: sa.Table, columns: list[str]) -> list[tuple[Any, ...]]:
    """What is in those columns, in the order of the keys."""
    key = list(table.primary_key.columns)
    return sorted(
        (tuple(row) for row in c.execute(sa.select(*(table.c[name] for name in columns), *key))), key=repr
    )


def reflected(c: sa.Connection) -> list[sa.Table]:
    """The tables that are there, in the order in which rows can be added; without Alembic's own."""
    found = sa.MetaData()
    found.reflect(c)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _value(column: sa.Column[Any], n: int) -> Any:
    if column.nullable and n == 0:
        return None
    for key in column.foreign_keys:
        return _value(key.column, n)
    match column.type:
        case sa.Boolean():
            return n % 2 == 1
        case sa.BigInteger():
            return 5_000_000_000 + n
        case sa.Integer():
            return n + 1
        case sa.Float():
            return n + 0.1
        case sa.DateTime():
            return datetime(2026, 3, 15, 20, 30, 0, 120_000 + n)
        case sa.Date():
            return date(2026, 3, 15) + timedelta(days=n)
        case sa.JSON():
            return [{"tên": "Bà Ngân 😀", "số": [n, 0.1, None, True]}] * n
        case sa.LargeBinary():
            return bytes([n, 0, 255, 128])
        case sa.String(length=length):
            return f"{n} Điểm hẹn “công nhân” 😀 %_'\\ {column.name}"[:length]
    raise AssertionError(f"no value for {column.table.name}.{column.name}: {column.type!r}")

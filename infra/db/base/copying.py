"""Copying the rows of one table from a database to another, of whatever engine, and proving that they are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from media.errors import Conflict, InvalidInput

BATCH_ROWS = 1000
BATCH_BYTES = 4 << 20
_READ_ROWS = 50
"""Rows in memory at once; a transcript has up to some MB."""

Row = dict[str, Any]
Told = Callable[[int], None]
"""Called with the number of rows done since it was called last."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table: its name, its rows, and the SHA-256 of them all in the order of their keys."""

    table: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One table as it is in the database read from and in the one written to, and its columns that refer to itself."""

    source: sa.Table
    target: sa.Table
    own: tuple[str, ...]


def paired(source: sa.Table, target: sa.Table) -> Pair:
    """Both sides with the same types: what is JSON on one is read as JSON on the other.

    Raises:
        Conflict: they have different columns.
    """
    if set(source.columns.keys()) != set(target.columns.keys()):
        raise Conflict(
            "The table %(name)s has other columns in the other database; nothing was copied.",
            name=target.name,
        )
    own = tuple(key.parent.name for key in target.foreign_keys if key.column.table is target)
    pair = Pair(source.to_metadata(sa.MetaData()), target.to_metadata(sa.MetaData()), own)
    for column in pair.target.columns:
        other = pair.source.columns[column.name]
        if isinstance(column.type, sa.JSON) or isinstance(other.type, sa.JSON):
            # NULL and JSON's null are two things, which are both None here; only one of them can be in a column.
            kind = sa.JSON(none_as_null=bool(column.nullable))
            column.type = column.type if isinstance(column.type, sa.JSON) else kind
            column.type.none_as_null = bool(column.nullable)
            other.type = kind
    return pair


def copy_rows(source: sa.Connection, target: sa.Connection, pair: Pair, told: Told) -> CopiedTable:
    """Write all rows of `source` to the empty table in `target`; return what was read.

    Raises:
        InvalidInput: a value does not fit the other database, naming table, row and column.
    """
    own, later = pair.own, list[Row]()
    digest, count, size, batch = hashlib.sha256(), 0, 0, list[Row]()
    keys = [column.name for column in pair.target.primary_key]
    for row in _rows(source, pair.source):
        line = _canonical(pair.source, row)
        digest.update(line)
        _check_fits(pair.target, row, keys)
        if any(row[name] is not None for name in own):
            later.append({name: row[name] for name in (*keys, *own)})
        batch.append(row | dict.fromkeys(own))
        count, size = count + 1, size + len(line)
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            _insert(target, pair.target, batch, told)
            batch, size = [], 0
    _insert(target, pair.target, batch, told)
    for row in later:  # a row may refer to one that comes after it
        here = sa.and_(*(pair.target.c[name] == row[name] for name in keys))
        target.execute(pair.target.update().where(here).values({name: row[name] for name in own}))
    return CopiedTable(pair.target.name, count, digest.hexdigest())


def read_back(c: sa.Connection, table: sa.Table, told: Told) -> CopiedTable:
    """What is in a table."""
    digest, count = hashlib.sha256(), 0
    for row in _rows(c, table):
        digest.update(_canonical(table, row))
        count += 1
        if count % BATCH_ROWS == 0:
            told(BATCH_ROWS)
    told(count % BATCH_ROWS)
    return CopiedTable(table.name, count, digest.hexdigest())


def _insert(target: sa.Connection, table: sa.Table, batch: list[Row], told: Told) -> None:
    if batch:
        target.execute(table.insert(), batch)
        told(len(batch))


def _rows(c: sa.Connection, table: sa.Table) -> Iterator[Row]:
    """In the order of the keys: texts by their bytes, as SQLite has them, whatever a server's collation is."""
    query = sa.select(table).order_by(*(_ordered(c, column) for column in table.primary_key))
    result = c.execute(query, execution_options={"yield_per": _READ_ROWS})
    names = list(result.keys())
    for row in result:
        yield dict(zip(names, row, strict=True))


def _ordered(c: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    by_bytes = c.dialect.name == "postgresql" and isinstance(column.type, sa.String)
    return sa.collate(column, "C") if by_bytes else column


def _canonical(table: sa.Table, row: Row) -> bytes:
    """A row as one line of bytes that is the same wherever it was read."""
    values = [_plain(column, row[column.name]) for column in sorted(table.columns, key=lambda c: c.name)]
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _plain(column: sa.Column[Any], value: Any) -> Any:
    if isinstance(column.type, sa.JSON):
        return {"json": value}
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _check_fits(table: sa.Table, row: Row, keys: list[str]) -> None:
    """What SQLite keeps in a column and a server does not, said before the server says less."""
    for name, value in row.items():
        if not isinstance(value, str):
            continue
        length = getattr(table.columns[name].type, "length", None)
        wrong = "has a NUL character" if "\0" in value else ""
        if length is not None and len(value) > length:
            wrong = f"is longer than {length} characters"
        if wrong:
            key = ", ".join(str(row[each])[:60] for each in keys)
            raise InvalidInput(
                "%(table)s.%(column)s of the row %(key)s %(wrong)s; mend it there first.",
                table=table.name,
                column=name,
                key=key,
                wrong=wrong,
            )

"""The numbers that a database gives to new rows: where the counting stands, and going on from there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def counted(table: sa.Table) -> sa.Column[Any] | None:
    """The column whose numbers the database gives itself; None where there is none."""
    return table.autoincrement_column


def last_given(c: sa.Connection, table: sa.Table) -> int:
    """The greatest number ever given, as far as it is known; its row may have been removed since."""
    column = counted(table)
    if column is None:
        return 0
    greatest = c.execute(sa.select(sa.func.max(column))).scalar() or 0
    if c.dialect.name == "postgresql":
        name = _sequence(c, table, column)
        noted = c.exec_driver_sql(f"SELECT last_value FROM {name} WHERE is_called").scalar() if name else 0  # noqa: S608
    else:
        kept = c.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first()
        ask = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        noted = c.execute(ask, {"name": table.name}).scalar() if kept else 0
    return max(int(greatest), int(noted or 0))


def go_on_from(c: sa.Connection, table: sa.Table, number: int) -> None:
    """Let the next number be greater than `number`."""
    column = counted(table)
    if column is None or not number:
        return
    if c.dialect.name == "postgresql":
        if name := _sequence(c, table, column):
            c.execute(sa.select(sa.func.setval(sa.cast(name, sa.Text), number)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        values = {"name": table.name, "seq": number}
        c.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        c.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), values)


def _sequence(c: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> str | None:
    where = f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'
    found: str | None = c.execute(sa.select(sa.func.pg_get_serial_sequence(where, column.name))).scalar()
    return found

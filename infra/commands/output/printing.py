"""What commands say: JSON for programs, sentences and tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from infra.assembly.archive import Archive

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@contextmanager
def archive() -> Iterator[Archive]:
    """The archive of the data folder that the settings name."""
    from infra.assembly.wiring import open_archive
    from infra.configuration.settings import read_settings

    with open_archive(read_settings()) as opened:
        yield opened


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    typer.echo(shown(json.dumps(value, ensure_ascii=False)))


def shown(text: object) -> str:
    """Text that can be printed, whatever bytes a file's name has."""
    return str(text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def say(text: str) -> None:
    """A sentence for people, on standard error, so that `--json` output stays clean."""
    typer.echo(shown(text), err=True)


def console() -> Console:
    """Rich output for tables."""
    from rich.console import Console

    return Console()


def table(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print a table."""
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(str(cell)) for cell in row))
    console().print(drawn)


def clock(seconds: float) -> str:
    """Seconds as 1:02:03 or 2:03."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"

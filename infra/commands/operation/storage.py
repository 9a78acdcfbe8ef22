"""`tualai storage`: moving, checking and tidying the files of an archive."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import AsJson, archive, print_json, say

if TYPE_CHECKING:
    from pathlib import Path

storage = typer.Typer(help="Copy, check and tidy the files of the archive.", no_args_is_help=True)
SHOWN = 50


def add_to(app: typer.Typer) -> None:
    app.add_typer(storage, name="storage")


@storage.command()
def copy(
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="The store to copy to: file:///… or s3://….")
    ],
    come_from: Annotated[
        str, typer.Option("--from", metavar="URL", help="The store to copy from; else the archive's own.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Copy all files to another store; stopped and run again, it goes on where it was."""
    from infra.assembly.engines import make_storage, storage_at
    from infra.commands.output.progress_bars import bar
    from infra.configuration.settings import read_settings
    from media.storage.copying import Notes, copy_files

    settings = read_settings()
    source = storage_at(come_from, settings) if come_from else make_storage(settings)
    notes = Notes(_notes(settings.home, come_from or settings.storage_url, to))
    with bar("copy", quiet=as_json) as progress:
        done = copy_files(source, storage_at(to, settings), notes, progress)
    if as_json:
        print_json(asdict(done))
    else:
        typer.echo(
            f"{done.copied} files copied ({done.copied_bytes / 1e6:.1f} MB), {done.compared} compared,"
            f" {done.known} known to be the same."
        )
        _tell([f"“{key}” is damaged: its bytes are not those of its name." for key in done.damaged])
    raise typer.Exit(bool(done.damaged))


@storage.command()
def verify(
    deep: Annotated[bool, typer.Option("--deep", help="Read sources and documents to their end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for every file that the database refers to; exit code 1 when one is missing or damaged."""
    from infra.commands.output.progress_bars import bar
    from infra.maintenance.storage_audit import OPEN, is_open
    from infra.maintenance.storage_audit import verify as check

    with archive() as opened, bar("verify", quiet=as_json) as progress:
        done = check(opened, deep, progress)
        done.problems += [OPEN] * is_open(opened)
    if as_json:
        print_json(asdict(done))
    else:
        _tell(done.problems)
        read = f", {done.read_bytes / 1e6:.1f} MB read" if deep else ""
        typer.echo(f"{done.files} files looked for{read}; {len(done.problems)} problems.")
    raise typer.Exit(bool(done.problems))


@storage.command()
def prune(
    days: Annotated[float, typer.Option(min=1, max=3650, help="Leave alone what is younger.")] = 7.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove files that nothing refers to, and uploads to the store that were never finished."""
    from infra.commands.output.progress_bars import bar
    from infra.maintenance.storage_audit import prune as tidy

    with archive() as opened, bar("prune", quiet=as_json) as progress:
        done = tidy(opened, timedelta(days=days), dry_run, progress)
    if as_json:
        print_json(asdict(done))
    else:
        if dry_run:
            _tell(done.keys)
        _tell(done.problems)
        typer.echo(
            f"{len(done.keys)} files {'would be ' if dry_run else ''}removed ({done.removed_bytes / 1e6:.1f} MB),"
            f" {done.unfinished} unfinished uploads."
        )
    raise typer.Exit(bool(done.problems))


def _tell(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        say(line)
    if len(lines) > SHOWN:
        say(f"… and {len(lines) - SHOWN} more; --json has all.")


def _notes(home: Path, source: str, target: str) -> Path:
    """Where a copy from one store to another keeps what it has done."""
    import hashlib

    digest = hashlib.sha256(f"{source}\n{target}".encode()).hexdigest()[:16]
    return home / "copies" / f"{digest}.tsv"

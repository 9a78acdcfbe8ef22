"""`tualai doctor`, `migrate` and `backup`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.speaking import AsJson, archive, print_json, table


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(migrate)
    app.command()(backup)


def doctor(as_json: AsJson = False) -> None:
    """Check everything this needs, and say what to do."""
    from infra.doctor import examine
    from infra.settings import read_settings

    findings = examine(read_settings())
    if as_json:
        print_json({"ok": all(f.ok for f in findings), "checks": [asdict(f) for f in findings]})
    else:
        table(
            "Doctor",
            ("", "check", "found", "what to do"),
            [("ok" if f.ok else "NOT OK", f.check, f.found, f.cure) for f in findings],
        )
    if not all(f.ok for f in findings):
        raise typer.Exit(1)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database to this program's schema."""
    from infra.settings import read_settings
    from infra.wiring import migrate as run

    revision = run(read_settings())
    print_json({"revision": revision}) if as_json else typer.echo(
        f"The database is at revision {revision}."
    )


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to copy to; may hold an older copy.")
    ],
    as_json: AsJson = False,
) -> None:
    """Copy the archive while it is in use; a later run copies only what is new."""
    from infra.backup import back_up
    from infra.commands.watching import bar

    with archive() as opened, bar("backup", quiet=as_json) as progress:
        done = back_up(opened, folder, progress)
    if as_json:
        print_json({"folder": str(folder), **asdict(done)})
    else:
        typer.echo(
            f"{folder}: {done.copied} files copied ({done.copied_bytes / 1e6:.1f} MB), {done.present} were there."
        )

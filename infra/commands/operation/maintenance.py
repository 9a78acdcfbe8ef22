"""`tualai doctor`, `migrate`, `backup`, `restore` and `secret`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import AsJson, archive, print_json, say, table

if TYPE_CHECKING:
    from infra.configuration.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(migrate)
    app.command()(backup)
    app.command()(restore)
    app.command()(secret)


def doctor(as_json: AsJson = False) -> None:
    """Check everything this needs, and say what to do."""
    from infra.configuration.settings import read_settings
    from infra.maintenance.doctor import examine

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


def migrate(
    source: Annotated[
        str,
        typer.Option("--from", metavar="URL", help="Move an archive from here; default: this archive's."),
    ] = "",
    target: Annotated[
        str, typer.Option("--to", metavar="URL", help="… to this new database, such as postgresql://…")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Bring the database to this program's schema; or move it whole to another one."""
    from infra.assembly.wiring import database_url
    from infra.assembly.wiring import migrate as run
    from infra.configuration.settings import read_settings

    settings = read_settings()
    if target:
        _move(settings, source or database_url(settings), target, as_json)
        return
    if source:
        raise typer.BadParameter("say where to move it with --to")
    revision = run(settings)
    print_json({"revision": revision}) if as_json else typer.echo(
        f"The database is at revision {revision}."
    )


def _move(settings: Settings, source: str, target: str, as_json: bool) -> None:
    from infra.assembly.wiring import bring_up_to_date, open_database
    from infra.commands.output.progress_bars import bar
    from infra.db.base.moving import move

    unlimited = settings.model_copy(update={"database_statement_timeout": 0, "database_idle_timeout": 0})
    with closing(open_database(unlimited, target)) as database, bar("move", quiet=as_json) as progress:
        moved = move(source, database, bring_up_to_date, progress)
    if as_json:
        print_json({"rows": moved.rows, "tables": [asdict(each) for each in moved.tables]})
        return
    filled = [each for each in moved.tables if each.rows]
    table("Moved", ("table", "rows", "SHA-256"), [(t.table, t.rows, t.checksum[:16]) for t in filled])
    typer.echo(
        f"{moved.rows} rows were moved and read back the same. Now set TUALAI_DATABASE_URL to the new"
        " database for the site and every worker; keep the old one until you are content."
    )


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to copy to; may hold earlier backups.")
    ],
    keep: Annotated[int, typer.Option(min=1, max=1000, help="Snapshots of the database to keep.")] = 14,
    as_json: AsJson = False,
) -> None:
    """Copy the archive while it is in use; a later run copies only what is new."""
    from infra.assembly.wiring import bring_up_to_date
    from infra.commands.output.progress_bars import bar
    from infra.maintenance.backup import back_up

    with archive() as opened, bar("backup", quiet=as_json) as progress:
        done = back_up(opened, folder, bring_up_to_date, keep, progress)
    for key in done.damaged:
        say(f"{key} is damaged in the archive itself; “tualai storage verify” says more.")
    if as_json:
        print_json({"folder": str(folder), **asdict(done)})
        return
    typer.echo(
        f"{folder}: snapshot {done.snapshot} of {done.rows} rows, {done.copied} files copied"
        f" ({done.copied_bytes / 1e6:.1f} MB), {done.present} were there, {done.removed_files} given up;"
        f" {done.snapshots} snapshots are kept."
    )


def restore(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A backup.")],
    at: Annotated[str, typer.Option(help="Which snapshot; default: the newest.")] = "",
    only_files: Annotated[
        bool, typer.Option("--only-files", help="Go on with the files; the database is restored already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into an empty archive, on whatever engines are set, and check it."""
    from infra.assembly.wiring import bring_up_to_date, open_database
    from infra.commands.output.progress_bars import bar
    from infra.configuration.settings import read_settings
    from infra.maintenance.backup import restore_database, restore_files, restore_settings, snapshots
    from infra.maintenance.storage_audit import verify
    from search.indexer import reindex

    restore_settings(folder, read_settings().home)
    settings = read_settings()  # with those just brought back
    chosen = at or next(reversed(snapshots(folder)), "")
    rows = 0
    if not only_files:
        unlimited = settings.model_copy(
            update={"database_statement_timeout": 0, "database_idle_timeout": 0}
        )
        with closing(open_database(unlimited)) as database, bar("database", quiet=as_json) as progress:
            rows = restore_database(folder, chosen, database, bring_up_to_date, progress).rows
    with archive() as opened:
        with bar("files", quiet=as_json) as progress:
            files = restore_files(opened, folder, progress)
        with bar("check", quiet=as_json) as progress:
            checked = verify(opened, deep=False, progress=progress)
        with bar("index", quiet=as_json) as progress:
            passages = reindex(opened.catalogue, opened.transcripts, opened.index, progress, opened.meaning)
    problems = [*checked.problems, *(f"{key} is damaged in the backup." for key in files.damaged)]
    if as_json:
        print_json(
            {"snapshot": chosen, "rows": rows, **asdict(files), "passages": passages, "problems": problems}
        )
    else:
        for problem in problems:
            say(problem)
        typer.echo(
            f"Snapshot {chosen}: {rows} rows and {files.copied + files.compared + files.known} files are back and were"
            f" compared; {checked.files} that the database refers to were looked for; {passages} passages are indexed."
        )
    if problems:
        raise typer.Exit(1)


def secret() -> None:
    """Make a key for TUALAI_SECRET_KEYS: put it before those in use, and keep the last one for ever."""
    from web.domain.sending.fernet import new_key

    typer.echo(new_key())

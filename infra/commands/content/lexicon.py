"""`tualai lexicon`: the words that search knows as one."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import AsJson, archive, print_json, say, table
from search.synonyms.entries import EntryKind, LexiconEntry

if TYPE_CHECKING:
    from infra.assembly.archive import Archive
    from search.synonyms.port import LexiconDifference

_FEW = 50

Author = Annotated[str, typer.Option(help="Who changes it; default: the user's name.")]
Note = Annotated[str, typer.Option(help="Why.")]
Expected = Annotated[
    int | None,
    typer.Option(metavar="VERSION", help="Refuse when the lexicon is not of this version any more."),
]
Kind = Annotated[EntryKind, typer.Argument(help="What the entry says of its two phrases.")]
Said = Annotated[str, typer.Argument(metavar="SAID", help="What people type.")]
Meant = Annotated[str, typer.Argument(metavar="MEANT", help="What else to look for.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="Tab separated text in UTF-8.")]

lexicon = typer.Typer(
    help="The words that search knows as one: list and change them.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    app.add_typer(lexicon, name="lexicon")


@lexicon.command("list")
def show(
    kind: Annotated[EntryKind | None, typer.Option(help="Only entries of this kind.")] = None,
    find: Annotated[
        str, typer.Option(help="Only entries with this text, with or without diacritics.")
    ] = "",
    version: Annotated[int | None, typer.Option(help="As they were in this version.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the entries."""
    from search.text.folding import fold, nfc

    sought = fold(nfc(find))
    with archive() as opened:
        entries = [
            entry
            for entry in opened.studio.lexicons.entries(version)
            if kind in (None, entry.kind) and sought in fold(nfc(f"{entry.said}\n{entry.meant}"))
        ]
        number = opened.studio.lexicons.version() if version is None else version
    if as_json:
        print_json({"version": number, "entries": [asdict(entry) for entry in entries]})
    else:
        rows = [(e.kind, e.said, e.meant, e.note) for e in entries]
        table(f"Lexicon, version {number}: {len(rows)} entries", ("kind", "said", "meant", "note"), rows)


@lexicon.command()
def add(
    kind: Kind, said: Said, meant: Meant, note: Note = "", author: Author = "", expected: Expected = None
) -> None:
    """Add an entry."""
    from search.synonyms.rules import cleaned, dangers

    entry = cleaned(LexiconEntry(kind, said, meant, note))
    with archive() as opened:
        number = opened.studio.lexicons.change(
            [entry], [], author=_author(author), note=f"{said} → {meant}", expected=expected
        )
        for danger in dangers(entry, lambda phrase: _share(opened, phrase)):
            say(f"tualai: mind that {danger}")
    typer.echo(f"Version {number} of the lexicon has “{entry.said}” → “{entry.meant}” as {kind}.")


@lexicon.command()
def remove(
    kind: Kind, said: Said, meant: Meant, note: Note = "", author: Author = "", expected: Expected = None
) -> None:
    """Remove an entry."""
    with archive() as opened:
        number = opened.studio.lexicons.change(
            [], [LexiconEntry(kind, said, meant)], author=_author(author), note=note, expected=expected
        )
    typer.echo(f"Version {number} of the lexicon is without “{said}” → “{meant}”.")


@lexicon.command()
def history(as_json: AsJson = False) -> None:
    """List the versions, newest first."""
    with archive() as opened:
        versions = opened.studio.lexicons.history()
    if as_json:
        print_json([asdict(v) | {"at": v.at.isoformat()} for v in versions])
    else:
        rows = [(v.number, f"{v.at:%Y-%m-%d %H:%M}", v.author, v.note) for v in versions]
        table("Versions of the lexicon, times in UTC", ("version", "at", "author", "note"), rows)


@lexicon.command()
def restore(
    version: Annotated[int, typer.Argument(help="The version to have again.")],
    author: Author = "",
    expected: Expected = None,
) -> None:
    """Make a new version that is as an old one was."""
    with archive() as opened:
        number = opened.studio.lexicons.restore(version, author=_author(author), expected=expected)
    typer.echo(f"Version {number} of the lexicon is as version {version} was.")


@lexicon.command("export")
def write(file: File) -> None:
    """Write the lexicon to a file that spreadsheets open."""
    from search.synonyms.tsv import written

    with archive() as opened:
        number = opened.studio.lexicons.version()
        entries = opened.studio.lexicons.entries(number)
    try:
        file.write_bytes(written(entries, number))
    except OSError as error:
        raise typer.BadParameter(f"{file} can't be written: {error}") from error
    typer.echo(f"{file} has the {len(entries)} entries of version {number}.")


@lexicon.command("import")
def read_in(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    note: Note = "",
    author: Author = "",
    expected: Expected = None,
) -> None:
    """Make the lexicon what a file says, which must have all entries; refused when it changed since the export."""
    from search.synonyms.port import difference
    from search.synonyms.tsv import read

    try:
        entries, made_of = read(file.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{file} can't be read: {error}") from error
    with archive() as opened:
        base = made_of if expected is None else expected
        found = difference(opened.studio.lexicons.entries(base), entries)
        _print(found)
        if dry_run:
            return
        number = opened.studio.lexicons.change(
            found.added, found.removed, author=_author(author), note=note or file.name, expected=base
        )
    typer.echo(
        f"The lexicon is at version {number}: {len(found.added)} added, {len(found.removed)} removed."
    )


def _print(found: LexiconDifference) -> None:
    for mark, entries in (("-", found.removed), ("+", found.added)):
        for entry in entries[:_FEW]:
            typer.echo(f"{mark} {entry.kind}: {entry.said} → {entry.meant}")
        if len(entries) > _FEW:
            typer.echo(f"{mark} … and {len(entries) - _FEW} more")
    if not found:
        typer.echo("Nothing would change.")


def _author(name: str) -> str:
    try:
        return name.strip() or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "command line"


def _share(opened: Archive, phrase: str) -> float:
    """The share of all passages that a search for `phrase` finds."""
    from search.index import SearchQuery

    total = sum(opened.index.counts().values())
    return opened.index.search(SearchQuery(phrase, limit=1)).total / total if total >= _FEW else 0.0

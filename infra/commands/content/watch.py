"""`tualai watch`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import archive, say, shown
from media.errors import ArchiveError, Unavailable

if TYPE_CHECKING:
    from infra.intake.recording import IngestedRecording

LOOK_SECONDS = 2.0


def add_to(app: typer.Typer) -> None:
    app.command()(watch)


def watch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Such as a mounted camera card.")],
    programme: Annotated[str, typer.Option(help="Slug of the programme the recordings belong to.")],
    language: Annotated[str, typer.Option(help="Language spoken (vi, en, …), or auto.")] = "vi",
    settle: Annotated[
        float,
        typer.Option(min=0, max=3600, help="Seconds a file must not have changed before it is taken."),
    ] = 30.0,
    move_to: Annotated[
        Path | None, typer.Option(help="Move taken files there; default: they stay where they are.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Take what is there, then return.")] = False,
) -> None:
    """Take recordings from a folder as they appear; none is taken twice."""
    from infra.background.watched_folder import Settling, WatchedFolder, look
    from media.archive.episodes import check_slug

    folder = folder.expanduser().absolute()
    wanted = WatchedFolder(
        folder,
        check_slug(programme),
        "" if language == "auto" else language,
        settle,
        move_to.expanduser().absolute() if move_to else None,
    )
    settling, failed = Settling(), 0

    def told(path: Path, result: IngestedRecording | ArchiveError) -> None:
        nonlocal failed
        failed += isinstance(result, ArchiveError)
        _tell(path, result)

    with archive() as opened:
        opened.catalogue.programme(wanted.programme)
        began = time.monotonic()
        while not (once and time.monotonic() - began > settle + LOOK_SECONDS):
            try:
                look(opened, wanted, settling, time.monotonic(), told)
            except Unavailable as error:
                if once:
                    raise
                say(str(error))
                time.sleep(30)
            time.sleep(min(LOOK_SECONDS, max(settle / 4, 0.1)))
    if failed:
        raise typer.Exit(1)


def _tell(path: Path, result: IngestedRecording | ArchiveError) -> None:
    if isinstance(result, ArchiveError):
        say(f"{shown(path)}: {result}")
    elif result.known:
        say(f"{shown(path)}: in the archive already, as episode “{result.episode.slug}”.")
    else:
        typer.echo(f"{shown(path)}: episode “{result.episode.slug}”.")

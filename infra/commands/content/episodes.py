"""`tualai episodes`, `publish`, `withdraw`, `export` and `import`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.output.printing import AsJson, archive, print_json, say, table

Slug = Annotated[
    str, typer.Argument(metavar="EPISODE", help="An episode's slug; “tualai episodes” lists them.")
]


class Format(StrEnum):
    """What `export` writes."""

    JSON = "json"
    VTT = "vtt"
    SRT = "srt"
    CHAPTERS = "chapters"


def add_to(app: typer.Typer) -> None:
    app.command()(episodes)
    app.command()(publish)
    app.command()(withdraw)
    app.command()(export)
    app.command("import")(import_file)


def episodes(as_json: AsJson = False) -> None:
    """List the episodes, newest first."""
    with archive() as opened:
        found = opened.catalogue.episodes()
        rows = [(e, opened.jobs.job_of(e.slug)) for e in found]
    if as_json:
        print_json(
            [
                {
                    "episode": e.slug,
                    "programme": e.programme,
                    "title": e.title,
                    "date": e.date.isoformat(),
                    "language": e.language,
                    "state": e.state,
                    "topics": list(e.topics),
                    "recording": e.recording,
                    "job": job.state if job else None,
                }
                for e, job in rows
            ]
        )
        return
    table(
        "Episodes",
        ("episode", "date", "title", "state", "job"),
        [
            (e.slug, e.date, e.title, e.state, f"{job.state} {job.fraction:.0%}" if job else "")
            for e, job in rows
        ],
    )


def publish(episode: Slug, as_json: AsJson = False) -> None:
    """Let everybody see an episode."""
    from media.archive.episodes import EpisodeState

    _set_state(episode, EpisodeState.PUBLISHED, as_json)


def withdraw(episode: Slug, as_json: AsJson = False) -> None:
    """Take an episode off the site; nothing of it is deleted."""
    from media.archive.episodes import EpisodeState

    _set_state(episode, EpisodeState.WITHDRAWN, as_json)


def export(
    episode: Slug,
    format: Annotated[
        Format, typer.Option(help="json is everything; vtt and srt are captions.")
    ] = Format.JSON,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; default: standard output.")
    ] = None,
) -> None:
    """Write an episode's captions, chapters and segments."""
    from infra.maintenance.import_export import export_text

    with archive() as opened:
        text = export_text(opened, episode, format)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        say(f"tualai: {output} can't be written ({error.strerror}).")
        raise typer.Exit(1) from error


def import_file(
    episode: Slug,
    file: Annotated[
        Path, typer.Argument(help="Captions (.vtt, .srt, .sbv), or what “export” wrote (.json).")
    ],
    as_json: AsJson = False,
) -> None:
    """Bring in captions or segments made elsewhere."""
    from infra.commands.content.search import catch_up
    from infra.maintenance.import_export import import_into

    with archive() as opened:
        cues, segments = import_into(opened, episode, file)
        catch_up(opened)
    if as_json:
        print_json({"episode": episode, "cues": cues, "segments": segments})
    else:
        typer.echo(f"{episode}: {cues} cues and {segments} segments were imported from {file}.")


def _set_state(episode: str, state: str, as_json: bool) -> None:
    from infra.commands.content.search import catch_up
    from media.archive.episodes import EpisodeState

    with archive() as opened:
        opened.catalogue.set_state(episode, EpisodeState(state))
        catch_up(opened)
    if as_json:
        print_json({"episode": episode, "state": state})
    else:
        typer.echo(f"{episode} is {state}.")

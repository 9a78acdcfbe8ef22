"""`tualai ingest`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.output.printing import AsJson, archive, print_json, say, shown
from media.errors import ArchiveError, InvalidInput
from media.jobs import JobState

if TYPE_CHECKING:
    from infra.assembly.archive import Archive
    from infra.intake.recording import IngestedRecording, IngestRequest


def add_to(app: typer.Typer) -> None:
    app.command()(ingest)


def ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Sound or video files.")],
    programme: Annotated[str, typer.Option(help="Slug of the programme; added if there is none yet.")],
    title: Annotated[str, typer.Option(help="Title of the episode; default: the file's name.")] = "",
    programme_title: Annotated[str, typer.Option(help="Title of a programme that is added.")] = "",
    date: Annotated[str, typer.Option(help="Day of the broadcast, YYYY-MM-DD; default: today.")] = "",
    topic: Annotated[
        list[str] | None, typer.Option(help="Slug or name; may be given several times.")
    ] = None,
    guest: Annotated[
        list[str] | None, typer.Option(help="“Name; role; organisation”; may be given several times.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language spoken (vi, en, …), or auto.")] = "vi",
    description: Annotated[str, typer.Option(help="A sentence or two about the episode.")] = "",
    notice: Annotated[str, typer.Option(help="Shown wherever the episode is.")] = "",
    captions: Annotated[
        Path | None, typer.Option(help="Captions (.vtt, .srt, .sbv) to use instead of speech recognition.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Return when everything is done.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish as soon as it can be played.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take recordings into the archive and process them."""
    if len(files) > 1 and (title or captions):
        raise typer.BadParameter("--title and --captions belong to one file; give one FILE.")
    day, spoken = _day(date), _language(language)
    guests = tuple(_guest(text) for text in guest or [])
    from infra.intake.recording import IngestRequest

    def wanted(file: Path) -> IngestRequest:
        return IngestRequest(
            programme=_slug(programme),
            programme_title=programme_title,
            title=title or shown(file.stem).replace("_", " "),
            date=day,
            language=spoken,
            description=description,
            notice=notice,
            topics=tuple(topic or ()),
            guests=guests,
            captions=captions,
            publish=publish,
        )

    _slug(programme)
    with archive() as opened:
        failed = _take_all(opened, files, wanted, wait, as_json)
    if failed:
        raise typer.Exit(1)


def _take_all(opened: Archive, files: list[Path], wanted: Any, wait: bool, as_json: bool) -> int:
    from infra.commands.output.progress_bars import bar, watch

    taken: list[tuple[Path, IngestedRecording | ArchiveError]] = []
    for file in files:
        try:
            with bar(shown(file.name), quiet=as_json) as progress:
                from infra.intake.recording import take

                taken.append((file, take(opened, file, wanted(file), progress)))
        except ArchiveError as error:
            taken.append((file, error))
    if wait:
        watch(opened, [t.episode.slug for _, t in taken if not isinstance(t, ArchiveError)], quiet=as_json)
    return sum(not _tell(opened, file, result, wait, as_json) for file, result in taken)


def _tell(
    opened: Archive, file: Path, result: IngestedRecording | ArchiveError, wait: bool, as_json: bool
) -> bool:
    if isinstance(result, ArchiveError):
        if as_json:
            print_json({"episode": None, "state": None, "recording": None, "error": str(result)})
        say(f"{shown(file)}: {result}")
        return False
    episode = opened.catalogue.episode(result.episode.slug)
    job = opened.jobs.job_of(episode.slug)
    error = str(job.error) if job and job.error else None
    if as_json:
        print_json(
            {
                "episode": episode.slug,
                "state": episode.state,
                "recording": episode.recording,
                "error": error,
            }
        )
    for name in result.added:
        say(f"“{name}” was added.")
    if result.known:
        say(
            f"{shown(file)}: this recording is in the archive already, as episode “{episode.slug}”; it was not stored twice."
        )
    elif wait and job is not None and job.state is JobState.CANCELLED:
        say(f"{shown(file)}: the job was cancelled; “tualai jobs retry {job.id[:8]}” goes on with it.")
    elif error and wait:
        say(f"{shown(file)}: {error}")
    elif not as_json:
        doing = f"is {episode.state}" if wait else "is being processed; “tualai jobs” shows how far it is"
        typer.echo(f"{shown(file)}: episode “{episode.slug}” {doing}.")
    return not wait or job is None or job.state is JobState.DONE


def _day(text: str) -> datetime.date:
    if not text:
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"“{text}” is not a day; write it as 2026-03-15.", param_hint="--date"
        ) from error


def _slug(programme: str) -> str:
    from media.archive.episodes import check_slug

    try:
        return check_slug(programme)
    except InvalidInput as error:
        raise typer.BadParameter(str(error), param_hint="--programme") from error


def _language(text: str) -> str:
    """A language as people write it, "" for detecting it."""
    if text == "auto":
        return ""
    from babel import Locale

    if not text.isascii() or text.replace("_", "-").split("-")[0] not in Locale("en").languages:
        raise typer.BadParameter(
            f"“{text}” is no language; write vi, en, km … (BCP 47), or auto.", param_hint="--language"
        )
    return text.replace("_", "-")


def _guest(text: str) -> Any:
    from media.archive.episodes import Guest

    name, role, organisation = ([part.strip() for part in text.split(";")] + ["", ""])[:3]
    if not name:
        raise typer.BadParameter(
            f"“{text}” names nobody; write “Name; role; organisation”.", param_hint="--guest"
        )
    return Guest(name, role, organisation)

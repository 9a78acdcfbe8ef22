"""`tualai search`, `tualai searches` and `tualai reindex`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.output.printing import AsJson, archive, clock, print_json, say, table

if TYPE_CHECKING:
    from infra.assembly.archive import Archive
    from search.index import SearchResults


def add_to(app: typer.Typer) -> None:
    app.command()(search)
    app.command()(searches)
    app.command()(reindex)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")] = "",
    queries: Annotated[
        Path | None,
        typer.Option("--queries", metavar="FILE", help="One query a line; - is standard input."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Hits a query.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Search the published episodes."""
    if bool(query) == bool(queries):
        raise typer.BadParameter("give a QUERY, or --queries FILE.")
    with archive() as opened:
        catch_up(opened)
        if queries is None:
            found = _find(opened, query, limit)
            print_json(_plain(found)) if as_json else _print(found, query)
            return
        for line in _lines(queries):
            print_json(_plain(_find(opened, line, limit)))


def searches(
    days: Annotated[int, typer.Option(min=1, max=400, help="How far back to look.")] = 30,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Lines of each table.")] = 20,
    csv: Annotated[bool, typer.Option("--csv", help="Everything as CSV, for a spreadsheet.")] = False,
) -> None:
    """What people searched for, what found nothing, and what was found but never played."""
    from datetime import date, timedelta

    from web.domain.statistics.search_report import TITLES, as_csv, report

    with archive() as opened:
        found = opened.searches.searched(date.today() - timedelta(days=days - 1))
    if csv:
        typer.echo(as_csv(found), nl=False)
        return
    if not found:
        typer.echo(f"Nothing was searched for in {days} days.")
    for name, rows in report(found, limit).items():
        if rows:
            lines: list[tuple[Any, ...]] = [(row.text, row.count, row.empty, row.plays) for row in rows]
            table(TITLES[name], ("text", "searches", "found nothing", "plays"), lines)


def reindex(as_json: AsJson = False) -> None:
    """Build the search index anew; searches go on meanwhile, and known vectors are kept."""
    from infra.commands.output.progress_bars import bar
    from search.indexer import reindex as rebuild

    with archive() as opened:
        with bar("index", quiet=as_json) as progress:
            passages = rebuild(
                opened.catalogue, opened.transcripts, opened.index, progress, meaning=opened.meaning
            )
        episodes = len(opened.index.counts())
    if as_json:
        print_json({"episodes": episodes, "passages": passages})
    else:
        typer.echo(f"{episodes} published episodes are indexed, in {passages} passages.")


def catch_up(opened: Archive) -> None:
    """Index and learn what no worker has yet; a worker that is at it right now is left alone."""
    from infra.pipeline.steps import refresh_index
    from media.errors import Unavailable
    from search.diacritics.learning import learn

    try:
        refresh_index(opened)
        learn(opened.learnings, opened.catalogue, opened.transcripts)
        opened.restorer.refresh()
    except Unavailable as error:
        say(f"tualai: {error}")


def _lines(file: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} can't be read as UTF-8 text: {error}") from error
    return text.removesuffix("\n").split("\n")


def _find(opened: Archive, query: str, limit: int) -> SearchResults:
    from search.index import SearchQuery

    return opened.index.search(SearchQuery(query, limit=limit))


def _plain(found: SearchResults) -> dict[str, Any]:
    return {
        "total": found.total,
        "fits": bool(found.hits) and found.fits,
        "engine": found.engine,
        "ms": round(found.seconds * 1000, 2),
        "hits": [
            {
                "episode": hit.passage.episode,
                "kind": hit.passage.kind,
                "title": hit.passage.title or hit.passage.episode_title,
                "text": hit.passage.text,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "score": round(hit.score, 4),
            }
            for hit in found.hits
        ],
    }


def _print(found: SearchResults, query: str) -> None:
    if not found.hits:
        typer.echo(f"Nothing was found for “{query}”.")
        return
    if not found.fits:
        typer.echo(f"Nothing fits “{query}” well; the nearest are:")
    table(
        f"{found.total} hits for “{query}”",
        ("kind", "title", "episode", "from", "to"),
        [
            (
                hit.passage.kind,
                hit.passage.title or hit.passage.text[:100],
                hit.passage.episode,
                clock(hit.passage.start),
                clock(hit.passage.end),
            )
            for hit in found.hits
        ],
    )

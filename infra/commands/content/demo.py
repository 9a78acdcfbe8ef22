"""`tualai demo`."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import archive, say

if TYPE_CHECKING:
    from infra.assembly.archive import Archive


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the site afterwards.")] = True,
) -> None:
    """Build a small demonstration archive before your eyes, and serve it.

    Its data folder is a folder of its own unless --home or TUALAI_HOME name one.
    """
    if not os.environ.get("TUALAI_HOME"):
        from platformdirs import user_data_path

        os.environ["TUALAI_HOME"] = str(user_data_path("tualai-demo", appauthor=False))
    searches = _build()
    say("")
    say(f"The demonstration archive is in {os.environ['TUALAI_HOME']}. Try on http://{host}:{port}:")
    for text in searches:
        say(f"  · search for “{text}”")
    say("Your own recording:  tualai ingest FILE --programme my-programme --title … --publish --wait")
    if serve:
        # A new program in this process: the speech model's memory is not kept while serving.
        options = ["serve", "--with-worker", "--host", host, "--port", str(port)]
        os.execv(sys.executable, [sys.executable, "-m", "infra.commands.app", *options])  # noqa: S606


def _build() -> tuple[str, ...]:
    from infra.commands.output.progress_bars import bar, watch
    from infra.maintenance import demo as archive_demo

    found = archive_demo.read_demo()
    with archive() as opened:
        for live in (False, True):
            slugs = archive_demo.build(opened, found, partial(bar, quiet=False), live)
            fresh = [slug for slug in slugs if not _done(opened, slug)]
            if not fresh:
                continue
            if live:
                say(f"Recognising speech with {opened.transcriber().name}: this one has no captions.")
            watch(opened, fresh, quiet=False)
    return found.searches


def _done(opened: Archive, episode: str) -> bool:
    from media.jobs import ENDED

    job = opened.jobs.job_of(episode)
    return job is not None and job.state in ENDED

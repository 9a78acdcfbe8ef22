"""`tualai`: the command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys

import typer

from infra.commands.content import demo, episodes, ingest, lexicon, questions, search, watch
from infra.commands.operation import jobs, live, maintenance, serve, storage, users
from infra.commands.output.printing import say
from media.errors import ArchiveError

app = typer.Typer(
    name="tualai",
    help="Tualai: from a recording of a worker programme to the second of an answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (
    ingest,
    serve,
    live,
    jobs,
    search,
    lexicon,
    questions,
    episodes,
    users,
    maintenance,
    storage,
    demo,
    watch,
):
    group.add_to(app)


@app.callback()
def _options(
    home: str = typer.Option(
        "",
        "--home",
        metavar="FOLDER",
        help="The data folder; may stand anywhere on the line. Default: TUALAI_HOME.",
    ),
) -> None:
    if home:
        os.environ["TUALAI_HOME"] = home


def main() -> None:
    """Run the command line. Exit codes: 0 ok, 1 the work failed, 2 wrong usage."""
    try:
        app(args=_home_first(sys.argv[1:]))
    except ArchiveError as error:
        say(f"tualai: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)


def _home_first(arguments: list[str]) -> list[str]:
    """Move `--home FOLDER` to the front, so that it may stand after the command too."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--home" and place + 1 < len(arguments):
            return ["--home", arguments[place + 1], *arguments[:place], *arguments[place + 2 :]]
        if argument.startswith("--home="):
            return [argument, *arguments[:place], *arguments[place + 1 :]]
    return arguments


if __name__ == "__main__":
    main()

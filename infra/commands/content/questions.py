"""`tualai questions`: what workers ask."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.commands.output.printing import AsJson, archive, print_json

questions = typer.Typer(help="What workers ask.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(questions, name="questions")


@questions.callback()
def _group() -> None:
    """Keeps `import` a command of its own while it is the only one."""


@questions.command("import")
def import_comments(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Comments of Facebook (Graph API, downloaded information), of yt-dlp (info.json,"
            " live_chat.json), or CSV.",
        ),
    ],
    episode: Annotated[str, typer.Option(metavar="SLUG", help="The programme they were written under.")],
    every: Annotated[
        bool, typer.Option("--all", help="Every comment, not only what looks like a question.")
    ] = False,
    shown: Annotated[
        bool, typer.Option("--shown", help="Show them at once; else they wait for a moderator.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take questions from exported comments; names are left behind, the same file again adds nothing."""
    from media.errors import InvalidInput
    from web.domain.comments.exports import SIZE_MOST, read_comments
    from web.domain.comments.importing import ImportedComments, take_in
    from web.domain.comments.questions_in import candidates

    if file.stat().st_size > SIZE_MOST:
        raise InvalidInput(
            "The file is larger than %(most)s MB; export fewer comments at once.", most=SIZE_MOST // 1000000
        )
    found = read_comments(file.read_bytes())
    with archive() as opened:
        opened.catalogue.episode(episode)
        there = [
            each.original for each in opened.companion.questions.of_episode(episode, public_only=False)
        ]
        chosen = [each for each in candidates(found.comments, there) if every or each.asks]
        taken = ImportedComments(0, 0)
        if not dry_run:
            taken = take_in(
                opened.companion.questions,
                opened.companion.encryption(),
                episode,
                found.source,
                chosen,
                held=not shown,
            )
    if as_json:
        texts = {"questions": [each.text for each in chosen]} if dry_run else {}
        print_json({"source": found.source, "comments": len(found.comments), "new": taken.new, **texts})
    elif dry_run:
        for each in chosen:
            typer.echo(each.text)
    else:
        typer.echo(f"{taken.new} questions were added from {len(found.comments)} comments.")

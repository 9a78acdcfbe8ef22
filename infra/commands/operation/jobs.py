"""`tualai jobs`."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.output.printing import AsJson, archive, clock, print_json, table

if TYPE_CHECKING:
    from media.jobs import Job

jobs = typer.Typer(help="List, show, retry and cancel the processing of recordings.")
JobId = Annotated[str, typer.Argument(metavar="JOB", help="A job's id, or its first letters.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(jobs, name="jobs", invoke_without_command=True)


@jobs.callback()
def _default(context: typer.Context, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        list_jobs(as_json)


@jobs.command("list")
def list_jobs(as_json: AsJson = False) -> None:
    """List jobs, newest first."""
    with archive() as opened:
        found = opened.jobs.jobs()
    if as_json:
        print_json([_plain(job) for job in found])
        return
    table(
        "Jobs",
        ("job", "episode", "state", "step", "done", "left"),
        [
            (job.id[:8], job.episode, job.state, _step(job), f"{job.fraction:.0%}", _left(job))
            for job in found
        ],
    )


@jobs.command()
def show(job: JobId, as_json: AsJson = False) -> None:
    """Show one job."""
    with archive() as opened:
        _print(opened.jobs.job(job), as_json)


@jobs.command()
def retry(job: JobId, as_json: AsJson = False) -> None:
    """Start a failed or cancelled job again from the step that failed."""
    with archive() as opened:
        _print(opened.jobs.retry(job), as_json)


@jobs.command()
def cancel(job: JobId, as_json: AsJson = False) -> None:
    """Stop a job; what it has finished is kept."""
    with archive() as opened:
        _print(opened.jobs.cancel(job), as_json)


def _print(job: Job, as_json: bool) -> None:
    if as_json:
        print_json(_plain(job))
        return
    table(
        f"Job {job.id}",
        ("", ""),
        [(name, value) for name, value in _plain(job).items() if value is not None],
    )


def _plain(job: Job) -> dict[str, Any]:
    values = {each.name: getattr(job, each.name) for each in fields(job)}
    return {
        name: value.isoformat(timespec="seconds") + "Z" if isinstance(value, datetime) else value
        for name, value in {**values, "error": str(job.error) if job.error else None}.items()
    }


def _step(job: Job) -> str:
    if job.error:
        return str(job.error)
    return f"{job.step} ({job.step_number}/{job.step_count})" if job.step else ""


def _left(job: Job) -> str:
    return "" if job.seconds_left is None else clock(job.seconds_left)

"""`tualai serve` and `tualai worker`."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import archive, say
from media.errors import Unavailable

if TYPE_CHECKING:
    from infra.assembly.archive import Archive

STOP_SECONDS = 20.0
"""More than a worker takes to stop once what it does has ended or was handed over."""
BESIDE = "TUALAI_WORKER_BESIDE"
"""Set for the processes of a worker that do not keep the index and so on up to date, because its first one does."""


BACKLOG = 2048
"""Connections that may wait to be taken: a live page's viewers all come back at once after a restart."""
CONNECTIONS = 50_000
"""Open at once in each process. Granian's own limit is 1,024 over all of them, and each live page holds one: beyond it
nobody got an answer any more. How many streams there may be is `Settings.event_streams`."""
KILL_SECONDS = 30
"""After this a process that does not stop is killed, such as one told to while it was still starting."""


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Process recordings too.")] = False,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve.")] = 1,
    with_live: Annotated[bool, typer.Option("--with-live", help="Take in broadcasts too.")] = False,
) -> None:
    """Serve the site."""
    beside = [name for name, wanted in (("worker", with_worker), ("live", with_live)) if wanted]
    _check_port(host, port)
    with _shared_figures():
        _serve(host, port, beside, processes)


def _serve(host: str, port: int, beside: Sequence[str], processes: int) -> None:
    from infra.processes.supervisor import SupervisedProcess, kept_running

    with archive() as opened:
        os.environ["TUALAI_HOME"] = str(opened.settings.home)  # for the processes granian starts
        patience = opened.settings.worker_drain + STOP_SECONDS
    say(f"Tualai is at http://{host}:{port} (Ctrl+C stops it).")
    with kept_running([SupervisedProcess([name]) for name in beside], patience):
        run_site(host, port, processes)


@contextmanager
def _shared_figures() -> Iterator[None]:
    """Let all processes of this site count into one folder; set before the library is imported."""
    with tempfile.TemporaryDirectory(prefix="tualai-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _check_port(host: str, port: int) -> None:
    """granian shares a port with whoever has it already; two archives on one address would answer by turns."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections do not count
            probe.bind(found[4])
    except OSError as error:
        raise Unavailable(
            "%(host)s:%(port)s can't be listened on (%(why)s); stop what uses it, or choose another --port.",
            host=host,
            port=port,
            why=error.strerror,
        ) from error


def run_site(host: str, port: int, processes: int = 1) -> None:
    """Serve until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "infra.processes.site:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


@contextmanager
def _observed(opened: Archive) -> Iterator[None]:
    """Logs as set; a worker's figures where a port is set for them."""
    from infra.monitoring.logs import set_up_logs

    set_up_logs(opened.settings)
    if opened.settings.metrics_port:
        from infra.db.jobs.queues import figures
        from infra.monitoring.prometheus import serve_figures

        serve_figures(opened.settings.metrics_port, partial(figures, opened.database))
    yield


def worker(
    queues: Annotated[
        str,
        typer.Option(
            metavar="QUEUES",
            help="What to take, such as “transcribe” or “quick transcode:4”. Default: the setting.",
        ),
    ] = "",
) -> None:
    """Process recordings until told to stop (SIGTERM, Ctrl+C)."""
    from infra.configuration.settings import read_settings
    from infra.jobs.slots import by_process, read_slots

    if queues:
        os.environ["TUALAI_WORKER_QUEUES"] = queues
    settings = read_settings()
    processes = by_process(read_slots(settings.worker_queues, settings.worker_slots))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if len(processes) == 1:
        _work(processes[0], stop)
    else:
        _work_in_several(processes, settings.worker_drain + STOP_SECONDS, stop)


def _work(queues: list[str], stop: threading.Event) -> None:
    from infra.jobs.worker_name import claimed_name
    from infra.processes.worker_dbos import running_worker

    with (
        archive() as opened,
        _observed(opened),
        claimed_name(opened.settings.home) as name,
        running_worker(opened, name, queues, tasks=not os.environ.get(BESIDE)),
    ):
        say(f"Worker {name} takes {', '.join(queues)} of {opened.settings.home} (Ctrl+C stops it).")
        stop.wait()
    os._exit(0)  # a step in a thread must not hold the process; others have it by now


def _work_in_several(processes: list[list[str]], patience: float, stop: threading.Event) -> None:
    """A process for each slot: what one is killed for harms no other, and each has its own share of processors."""
    from infra.processes.supervisor import SupervisedProcess, kept_running

    kept = []
    for number, queues in enumerate(processes):
        own = {"TUALAI_WORKER_QUEUES": " ".join(queues), "TUALAI_WORKER_SLOTS": "1"}
        beside = {BESIDE: "1", "TUALAI_METRICS_PORT": "0"} if number else {}
        kept.append(SupervisedProcess(["worker"], own | beside))
    with kept_running(kept, patience):
        stop.wait()

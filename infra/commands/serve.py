"""`tualai serve` and `tualai worker`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Annotated

import typer

from infra.commands.speaking import archive, say
from media.errors import Unavailable


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Process recordings too.")] = False,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve.")] = 1,
) -> None:
    """Serve the site."""
    _check_port(host, port)
    with archive() as opened:
        os.environ["TUALAI_HOME"] = str(opened.settings.home)  # for the processes granian starts
    child = subprocess.Popen([sys.executable, "-m", "infra.command", "worker"]) if with_worker else None
    say(f"Tualai is at http://{host}:{port} (Ctrl+C stops it).")
    try:
        run_site(host, port, processes)
    finally:
        if child is not None:
            child.terminate()
            child.wait(timeout=30)


def _check_port(host: str, port: int) -> None:
    """granian shares a port with whoever has it already; two archives on one address would answer by turns."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections do not count
            probe.bind(found[4])
    except OSError as error:
        raise Unavailable(
            f"{host}:{port} can't be listened on ({error.strerror}); stop what uses it, or choose another --port."
        ) from error


def run_site(host: str, port: int, processes: int = 1) -> None:
    """Serve until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "infra.site:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        log_level=LogLevels.warning,
    ).serve()


def worker() -> None:
    """Process recordings until told to stop (SIGTERM, Ctrl+C)."""
    import logging

    from infra.worker_dbos import running_worker
    from infra.worker_name import claimed_name

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with (
        archive() as opened,
        claimed_name(opened.settings.home) as name,
        running_worker(opened, name),
    ):
        say(f"Worker {name} is at work on {opened.settings.home} (Ctrl+C stops it).")
        stop.wait()
    os._exit(0)  # a step in a thread must not hold the process; it is taken up again at the next start

"""A worker's name: unique among those alive on this machine, and the same after a restart."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def claimed_name(home: Path) -> Iterator[str]:
    """The first name `host-1a2b3c-1`, `host-1a2b3c-2` … that no living process holds.

    The lock is the kernel's: it is gone the moment its process is, however it ended, so that a restarted
    worker gets the name of the killed one, and with it the pieces that one had in hand. The middle is of this data
    folder alone: hosts are often called the same, as containers are, and share a database, but never a folder of
    this kind under one name.
    """
    folder = home / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    host = f"{socket.gethostname()[:40]}-{_mark(folder / 'mark')}"
    number = 1
    while True:
        with (folder / f"{number}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield f"{host}-{number}"
            return


def _mark(file: Path) -> str:
    """Six letters of this folder's own, chosen once by whoever comes first."""
    with suppress(FileExistsError):
        incoming = file.with_name(secrets.token_hex(8))
        incoming.write_text(secrets.token_hex(3), "ascii")
        try:
            os.link(incoming, file)
        finally:
            incoming.unlink()
    return file.read_text("ascii")

"""A worker's name: unique among those alive on this machine, and the same after a restart."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def claimed_name(home: Path) -> Iterator[str]:
    """The first name `host-1`, `host-2` … that no living process holds.

    The lock is the kernel's: it is gone the moment its process is, however it ended, so that a restarted
    worker gets the name of the killed one, and with it the jobs that one had in hand.
    """
    folder = home / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        with (folder / f"{number}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield f"{socket.gethostname()}-{number}"
            return

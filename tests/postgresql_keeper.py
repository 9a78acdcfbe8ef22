"""Keeps a throwaway PostgreSQL server alive for `tests.postgresql`: started again when it was stopped on purpose,
stopped when the process it lives with is gone. A process of its own, so that the server outlives the worker of
pytest that needed it first.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",  # commits are still written to the system, so they survive a restart of the server
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "1h",
    "jit": "off",
    "log_min_messages": "warning",
    "max_worker_processes": "0",
    "max_parallel_workers": "0",
}


def _keep(lives_with: int, folder: Path, bin_folder: Path) -> None:
    watched = os.pidfd_open(lives_with)
    owner = folder.stat()
    who: dict[str, Any] = (
        {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    with (folder / "log").open("wb") as log:
        made = _initialise(folder, bin_folder, log, who)
        if made:
            _serve(watched, folder, bin_folder, log, who)
        else:
            (folder / "failed").touch()
            time.sleep(5)
    shutil.rmtree(folder, ignore_errors=True)


def _initialise(folder: Path, bin_folder: Path, log: IO[bytes], who: dict[str, Any]) -> bool:
    base = [str(bin_folder / "initdb"), "-D", str(folder / "data"), "-U", "tualai", "-A", "trust", "-N"]
    base += ["-E", "UTF8", "--no-instructions", "--locale=C.UTF-8"]
    for more in (["--locale-provider=icu", "--icu-locale=vi"], []):
        shutil.rmtree(folder / "data", ignore_errors=True)
        if (
            subprocess.run([*base, *more], stdout=log, stderr=log, cwd="/", check=False, **who).returncode
            == 0
        ):
            return True
    return False


def _serve(watched: int, folder: Path, bin_folder: Path, log: IO[bytes], who: dict[str, Any]) -> None:
    settings = {**SETTINGS, "unix_socket_directories": str(folder)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(bin_folder / "postgres"), "-D", str(folder / "data"), *options]
    alive = True
    while alive:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **who)
        ended = os.pidfd_open(server.pid)
        _wait_for_socket(folder, server)
        (folder / "down").unlink(missing_ok=True)
        (folder / "ready").touch()
        alive = watched not in select.select([watched, ended], [], [])[0]
        os.close(ended)
        if not alive:
            server.send_signal(signal.SIGQUIT)  # immediately: nobody needs the data any more
        server.wait()
        down = folder / "down"
        if alive and not down.exists():
            return
        if alive:
            time.sleep(float(down.read_text()))


def _wait_for_socket(folder: Path, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        pid = folder / "data/postmaster.pid"
        if pid.exists() and len(lines := pid.read_text().splitlines()) > 7 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    (folder / "failed").touch()


if __name__ == "__main__":
    _keep(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))

"""Hosts of our own on one machine: network namespaces on a bridge, and the engines behind doors that can be shut.

Needs root and iproute2. Everything is taken away again, also after a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

BRIDGE = "tualai0"
NETWORK = "10.77.0"
GATE = f"{NETWORK}.1"


def ip(*arguments: str) -> None:
    """Run iproute2's `ip`."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@dataclass
class Host:
    """A network namespace with an address on the bridge and a data folder of its own."""

    name: str
    address: str
    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `tualai …` here."""
        with (self.home / f"{arguments[0]}.log").open("ab") as log:
            program = subprocess.Popen(
                ["ip", "netns", "exec", self.name, sys.executable, "-m", "infra.commands.app", *arguments],
                env={**os.environ, **self.environment, "TUALAI_HOME": str(self.home)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.programs.append(program)
        return program

    def ask(self, *arguments: str, seconds: float = 180) -> str:
        """Run `tualai …` here and return what it prints."""
        command = ["ip", "netns", "exec", self.name, sys.executable, "-m", "infra.commands.app", *arguments]
        environment = {**os.environ, **self.environment, "TUALAI_HOME": str(self.home)}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} on {self.name}: {done.stderr[-2000:]}")
        return done.stdout

    def cut(self, cut: bool = True) -> None:
        """Take the network away, or give it back."""
        ip("link", "set", f"{self.name}-b", "down" if cut else "up")

    def stop(self, signal: int = 15) -> None:
        """End what runs here: whole process groups."""
        for program in self.programs:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal)
        for program in self.programs:
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=60)
        self.programs.clear()


@contextmanager
def hosts(folder: Path, *names: str) -> Iterator[list[Host]]:
    """Namespaces of these names, joined by a bridge that this machine is on too (as `GATE`)."""
    made = [Host(f"tualai-{name}", f"{NETWORK}.{10 + n}", folder / name) for n, name in enumerate(names)]
    with ExitStack() as stack:
        ip("link", "add", BRIDGE, "type", "bridge")
        stack.callback(ip, "link", "del", BRIDGE)
        ip("addr", "add", f"{GATE}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for host in made:
            host.home.mkdir(parents=True)
            inside, outside = f"{host.name}-a"[-15:], f"{host.name}-b"
            ip("netns", "add", host.name)
            stack.callback(ip, "netns", "del", host.name)
            ip("link", "add", outside, "type", "veth", "peer", "name", inside)
            ip("link", "set", inside, "netns", host.name)
            ip("link", "set", outside, "master", BRIDGE, "up")
            within = ("-n", host.name)
            ip(*within, "addr", "add", f"{host.address}/24", "dev", inside)
            ip(*within, "link", "set", inside, "up")
            ip(*within, "link", "set", "lo", "up")
            stack.callback(host.stop, 9)
        yield made


class Door:
    """Passes connections on to an engine; shut, it ends those there are and takes no new ones."""

    def __init__(self, port: int, target: tuple[str, int] | str) -> None:
        """Listen at the gate's `port` for `target`: host and port, or the path of a Unix socket."""
        self._target = target
        self._port = port
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self.open()

    def open(self) -> None:
        """Take connections."""
        listening = socket.create_server((GATE, self._port), backlog=256)
        self._listening = listening
        threading.Thread(target=self._serve, args=(listening,), daemon=True).start()

    def shut(self) -> None:
        """Refuse connections from now on, and end those there are."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            try:
                far = self._connected()
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(a, b), daemon=True).start()

    def _connected(self) -> socket.socket:
        if isinstance(self._target, str):
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._target)
            return far
        return socket.create_connection(self._target, timeout=10)

    def _pass(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            source.settimeout(None)
            while data := source.recv(1 << 16):
                to.sendall(data)
        for each in (source, to):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        with self._lock:
            self._open -= {source, to}


@contextmanager
def meilisearch(folder: Path, port: int, key: str) -> Iterator[bool]:
    """The server found on PATH, at the gate; False where there is none."""
    program = shutil.which("meilisearch")
    if program is None:
        yield False
        return
    folder.mkdir(parents=True)
    options = ("--master-key", key, "--no-analytics", "--max-indexing-memory", "400MiB")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "--db-path", str(folder / "data"), "--http-addr", f"{GATE}:{port}", *options],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(port)
        yield True
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((GATE, port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"Nothing answers at {GATE}:{port}.")

"""Running a bounded child process that never outlives its worker."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CONFINE = Path(__file__).with_name("confine.py")
TAIL_BYTES = 16_384
TICK_SECONDS = 0.5
ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Bounds of one child: seconds of wall time in all and without progress; bytes of address space
    and of any one written file (None: unbounded)."""

    wall_seconds: float = 60.0
    stall_seconds: float = 60.0
    memory_bytes: int | None = 4 << 30
    file_bytes: int | None = 0


class ChildFailed(Exception):
    """The child ended badly. `code` is its exit code (negative: a signal), `complaint` the end of
    its standard error, `overrun` True when it was stopped for taking too long."""

    def __init__(self, code: int, complaint: str, *, overrun: bool = False) -> None:
        super().__init__(f"exit code {code}: {complaint[-200:]}")
        self.code = code
        self.complaint = complaint
        self.overrun = overrun


def run(
    command: Sequence[str],
    *,
    limits: ChildLimits,
    folder: Path | None = None,
    received: Callable[[bytes], bool] | None = None,
    tick: Callable[[], None] | None = None,
) -> str:
    """Run `command` to its end and return the end of its standard error.

    `received` is given standard output as it comes and says whether the work moved on; `tick` is
    called about twice a second. Whatever either raises passes, after the child's group is killed.

    Raises:
        ChildFailed: on a bad end, or when a limit is passed.
    """
    child = _start(command, limits, folder)
    try:
        complaint = _watch(child, limits, received or _nothing, tick or _nobody)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    finally:
        _stop(child)
    if child.returncode != 0:
        raise ChildFailed(child.returncode, complaint)
    return complaint


def output_of(command: Sequence[str], *, limits: ChildLimits, at_most: int = 64 << 20) -> bytes:
    """Run `command` and return its standard output.

    Raises:
        ChildFailed: on a bad end, a passed limit, or more than `at_most` bytes.
    """
    output = bytearray()

    def keep(data: bytes) -> bool:
        output.extend(data)
        if len(output) > at_most:
            raise ChildFailed(0, f"more than {at_most} bytes of output", overrun=True)
        return True

    run(command, limits=limits, received=keep)
    return bytes(output)


def _start(command: Sequence[str], limits: ChildLimits, folder: Path | None) -> subprocess.Popen[bytes]:
    cpu_seconds = int(limits.wall_seconds * (os.cpu_count() or 1)) + 1
    bounds = [limits.memory_bytes, cpu_seconds, limits.file_bytes]
    arguments = [str(os.getpid()), *("-1" if bound is None else str(bound) for bound in bounds)]
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(CONFINE), *arguments, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        start_new_session=True,
    )


def _watch(
    child: subprocess.Popen[bytes],
    limits: ChildLimits,
    received: Callable[[bytes], bool],
    tick: Callable[[], None],
) -> str:
    """Read both pipes until they close, minding the clock."""
    assert child.stdout is not None and child.stderr is not None  # noqa: S101 - both are pipes
    tail = b""
    started = moved = ticked = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        selector.register(child.stderr, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(TICK_SECONDS):
                data = os.read(key.fd, 65_536)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fileobj is child.stderr:
                    tail = (tail + data)[-TAIL_BYTES:]
                elif received(data):
                    moved = time.monotonic()
            now = time.monotonic()
            if now - started > limits.wall_seconds or now - moved > limits.stall_seconds:
                raise ChildFailed(-signal.SIGKILL, tail.decode("utf-8", "replace"), overrun=True)
            if now - ticked >= TICK_SECONDS:
                ticked = now
                tick()
    return tail.decode("utf-8", "replace")


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's group, its own children too, and reap it. Only then: while it is not reaped,
    the group's number cannot be another's."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _nothing(_data: bytes) -> bool:
    return False


def _nobody() -> None:
    return None

"""Run one command bounded and tied to the life of its parent.

Executed as a script (`python -I -S confine.py PARENT MEMORY CPU FILE PROGRAM ARGUMENT…`), never
imported by the programme itself, so that nothing runs between fork and exec in a process with threads.
PARENT is the pid that must still be the parent; MEMORY (bytes of address space), CPU (seconds) and FILE
(bytes of one written file) are limits, -1 for none. Exits with 127 when PROGRAM cannot be started.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
NOT_STARTED = 127


def limit(kind: int, value: int) -> None:
    """Lower one resource limit, never above what the process may have."""
    if value < 0:
        return
    hard = resource.getrlimit(kind)[1]
    top = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (top, top))


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when its parent ends; elsewhere there is no such service."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(NOT_STARTED)


def main(arguments: list[str]) -> None:
    """Set the limits, then become the command."""
    parent, memory, cpu, file = (int(a) for a in arguments[:4])
    command = arguments[4:]
    die_with(parent)
    limit(resource.RLIMIT_AS, memory)
    limit(resource.RLIMIT_CPU, cpu)
    limit(resource.RLIMIT_FSIZE, file)
    limit(resource.RLIMIT_CORE, 0)
    # Python ignores these; an ignored signal stays ignored over exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execv(command[0], command)  # noqa: S606 - an argument list, no shell
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        os._exit(NOT_STARTED)


if __name__ == "__main__":
    main(sys.argv[1:])

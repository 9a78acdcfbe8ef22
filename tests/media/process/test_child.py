"""Children are bounded, and never outlive their worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from media.errors import Cancelled
from media.process.child import ChildFailed, ChildLimits, output_of, run
from tests.waiting import until

PYTHON = sys.executable
ROOT = Path(__file__).parents[3]


def python(code: str) -> list[str]:
    return [PYTHON, "-I", "-S", "-c", code]


def test_output_and_complaint() -> None:
    assert output_of(python("print('ok')"), limits=ChildLimits()) == b"ok\n"
    log = run(python("import sys; sys.stderr.write('careful')"), limits=ChildLimits())
    assert log == "careful"


def test_a_bad_end() -> None:
    with pytest.raises(ChildFailed) as caught:
        run(
            python("import sys; sys.stderr.write('x' * 50_000 + 'the end'); sys.exit(3)"),
            limits=ChildLimits(),
        )
    assert caught.value.code == 3
    assert caught.value.complaint.endswith("the end") and len(caught.value.complaint) < 20_000


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(ChildFailed) as caught:
        run(["/nonexistent/ffmpeg"], limits=ChildLimits())
    assert caught.value.code == 127 and "No such file" in caught.value.complaint


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ChildLimits(wall_seconds=0.6), "import time; time.sleep(60)"),
        (ChildLimits(stall_seconds=0.6), "import time; print('going', flush=True); time.sleep(60)"),
    ],
)
def test_time_limits(limits: ChildLimits, code: str) -> None:
    with pytest.raises(ChildFailed) as caught:
        run(python(code), limits=limits, received=lambda data: True)
    assert caught.value.overrun, "it did not go on to its own end"


def test_memory_limit() -> None:
    with pytest.raises(ChildFailed) as caught:
        run(python("bytearray(1 << 30)"), limits=ChildLimits(memory_bytes=512 << 20))
    assert "MemoryError" in caught.value.complaint


def test_file_size_limit(tmp_path: Path) -> None:
    code = "open('big', 'wb').write(bytes(100_000))"
    with pytest.raises(ChildFailed) as caught:
        run(python(code), limits=ChildLimits(file_bytes=1000), folder=tmp_path)
    assert caught.value.code in (-signal.SIGXFSZ, 1)
    assert (tmp_path / "big").stat().st_size <= 1000


def test_too_much_output() -> None:
    with pytest.raises(ChildFailed, match="more than 1000 bytes"):
        output_of(python("print('x' * 5000)"), limits=ChildLimits(), at_most=1000)


def test_what_tick_raises_passes_and_the_child_is_dead(tmp_path: Path) -> None:
    code = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"

    def tick() -> None:
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
            raise Cancelled("Stopped as asked.")

    with pytest.raises(Cancelled):
        run(python(code), limits=ChildLimits(file_bytes=None), folder=tmp_path, tick=tick)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_killed_worker_takes_its_child_along(tmp_path: Path) -> None:
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    worker = (
        "import sys; from media.process.child import Limits, run\n"
        "def show(data): sys.stdout.buffer.write(data); sys.stdout.flush(); return True\n"
        f"run({python(child)!r}, limits=Limits(), received=show)"
    )
    with subprocess.Popen([PYTHON, "-c", worker], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    until(lambda: not _runs(pid), "the child ends with its worker")


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


LEAVING = ChildLimits(file_bytes=4096)


def test_what_a_child_leaves_running_is_stopped_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"sleep 60 >/dev/null 2>&1 </dev/null & echo $! > {note}"
    run(["/bin/sh", "-c", script], limits=LEAVING)
    left = int(note.read_text())
    until(lambda: not _runs(left), "what the child left running ends")

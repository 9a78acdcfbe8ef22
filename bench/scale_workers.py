"""One worker against two on one long recording: `python -m bench.scale_workers --minutes 30`.

Each worker is a process bound to a processor of its own (its affinity), with one thread for speech, as a host
with one processor would be; both share a data folder on this machine. The recording is the demonstration archive's
English edition, over and over under a counting test picture. Measured are wall time from the first piece to the last,
processor time of the workers and all their children, and whether everything stored is the same to the byte.
`cpu_speed_up` is one worker's processor time over that of the busier of two: what is left of the speed-up to judge by
where others use the processors too (`busy`, the share of wall time that was had, tells).
Writes bench-results/scale_workers.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from media.ffmpeg.programs import find_programs

ROOT = Path(__file__).parents[1]
SPOKEN = ROOT / "infra/demo_archive/media/2026-06-13-english-edition.mp4"
RESULTS = ROOT / "bench-results/scale_workers.json"
GOAL = 1.8
LIMIT_SECONDS = 7200.0
STARTED_SECONDS = 60.0


def main() -> int:
    """Measure, print and write; 1 when the goal is missed or the outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--minutes", type=float, default=30, help="length of the recording; 10 for a quick run"
    )
    parser.add_argument(
        "--window", type=float, default=0, help="seconds of a speech window; 0: the setting's default"
    )
    parser.add_argument("--folder", type=Path, help="a disk with room")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="tualai-workers-") as name:
        folder = Path(name)
        recording = make_recording(folder / "long.mp4", 60 * options.minutes)
        runs = [measured(folder / str(count), recording, count, options.window) for count in (1, 2)]
    one, two = runs
    result = {
        "minutes": options.minutes,
        "one": {key: value for key, value in one.items() if key != "stored"},
        "two": {key: value for key, value in two.items() if key != "stored"},
        "speed_up": round(one["wall_s"] / two["wall_s"], 2),
        "cpu_speed_up": round(sum(one["cpu_s"]) / max(two["cpu_s"]), 2),
        "goal": GOAL,
        "same_output": one["stored"] == two["stored"],
        "files": len(one["stored"]),
        "load_before": [run["load_before"] for run in runs],
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))
    return 0 if result["same_output"] and result["speed_up"] >= GOAL else 1


def make_recording(path: Path, seconds: float) -> Path:
    """A counting test picture of 640×360, slowly changing, and real speech again and again."""
    command = [str(find_programs().ffmpeg), "-nostdin", "-loglevel", "error", "-y"]
    command += [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=640x360:rate=25",
        "-stream_loop",
        "-1",
        "-i",
        str(SPOKEN),
    ]
    command += ["-map", "0:v", "-map", "1:a", "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast"]
    command += ["-g", "100", "-pix_fmt", "yuv420p", "-c:a", "copy", str(path)]
    subprocess.run(command, check=True, timeout=3600)
    return path


def measured(home: Path, recording: Path, count: int, window: float) -> dict[str, Any]:
    """Ingest and process with so many workers."""
    settings = {
        **os.environ,
        "TUALAI_EMBEDDER": "off",
        "TUALAI_SPEECH_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    if window:
        settings["TUALAI_SPEECH_WINDOW"] = str(window)
    told = ("--language", "en", "--programme", "bench", "--title", "Long", "--publish")
    load = os.getloadavg()[0]
    workers = [_worker(home, number, settings) for number in range(count)]
    try:
        _until_started(workers, home)
        _tualai(home, settings, "ingest", str(recording), *told)
        job = _until_done(home, settings)
        cpu = [_cpu_seconds(worker) for worker in workers]
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=60)
    wall = (_time(job["finished_at"]) - _time(job["started_at"])).total_seconds()
    return {
        "wall_s": round(wall, 1),
        "cpu_s": [round(each, 1) for each in cpu],
        "busy": round(sum(cpu) / (wall * count), 3),
        "load_before": round(load, 1),
        "stored": _stored(home, settings),
    }


def _worker(home: Path, number: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"worker-{number}.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "infra.commands.app", "--home", str(home), "worker"],
            cwd=ROOT,
            env=settings,
            stdout=log,
            stderr=log,
        )
    processors = sorted(os.sched_getaffinity(0))
    psutil.Process(worker.pid).cpu_affinity([processors[number % len(processors)]])
    return worker


def _until_started(workers: list[subprocess.Popen[bytes]], home: Path) -> None:
    """Starting Python is no part of what is compared."""
    deadline = time.monotonic() + STARTED_SECONDS
    while any("takes" not in log.read_text("utf-8") for log in home.glob("worker-*.log")):
        if time.monotonic() > deadline or any(worker.poll() is not None for worker in workers):
            raise RuntimeError("a worker did not start")
        time.sleep(0.1)


def _until_done(home: Path, settings: dict[str, str]) -> dict[str, Any]:
    deadline = time.monotonic() + LIMIT_SECONDS
    # Asked of the database itself: each `tualai jobs` would cost the workers a second of a processor.
    with closing(sqlite3.connect(home / "tualai.sqlite", timeout=30)) as database:
        while time.monotonic() < deadline:
            state, error = database.execute("SELECT state, error FROM jobs").fetchone()
            if state == "done":
                (job,) = json.loads(_tualai(home, settings, "jobs", "list", "--json"))
                found: dict[str, Any] = job
                return found
            if state in ("failed", "cancelled"):
                raise RuntimeError(error)
            time.sleep(2)
    raise RuntimeError(f"not done in {LIMIT_SECONDS:.0f} s")


def _cpu_seconds(worker: subprocess.Popen[bytes]) -> float:
    """Of the process and the children it has waited for."""
    times = psutil.Process(worker.pid).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _stored(home: Path, settings: dict[str, str]) -> dict[str, str]:
    """Every stored file by its checksum, and the transcript's and segments'."""
    found = {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home / "files").rglob("*"))
        if path.is_file()
    }
    exported = _tualai(home, settings, "export", "long")
    return found | {"export": hashlib.sha256(exported.encode()).hexdigest()}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.rstrip("Z"))


def _tualai(home: Path, settings: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "infra.commands.app", "--home", str(home), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=settings, check=True, capture_output=True, text=True, timeout=600
    ).stdout


if __name__ == "__main__":
    sys.exit(main())

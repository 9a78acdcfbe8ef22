"""`kill -9` of the worker at random moments: every run must end as an undisturbed one does.

Run as `python -m bench.kills --kills 20`. Each run ingests the same recording into an empty archive, kills the
worker at a random moment of its run, starts it again, and compares what came out, byte by byte.

`python -m bench.kills --crowd --kills 100` uploads 20 recordings to one site with two workers meanwhile, and kills
one of these three at random again and again (`bench.kills_crowd`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RECORDING = ROOT / "infra/demo_archive/media/2026-06-13-english-edition.mp4"
DONE = re.compile(r"job (\w+, [\w-]+ \d+) is done")
BEGINS = re.compile(r"job (\w+, [\w-]+ \d+) begins")
WINDOW_SECONDS = "30"
LIMIT_SECONDS = 300.0


@dataclass
class Run:
    """What one run left: the worker's logs (one for each life), when it was killed, what came out."""

    logs: list[str] = field(default_factory=list)
    killed_in: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    leftovers: list[str] = field(default_factory=list)


def tualai(home: Path, *arguments: str) -> str:
    """Run a command on a data folder; return its standard output."""
    command = [sys.executable, "-m", "infra.commands.app", "--home", str(home), *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120).stdout


def start_worker(home: Path, log: Path) -> subprocess.Popen[bytes]:
    """A worker of its own."""
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "infra.commands.app", "--home", str(home), "worker"],
            cwd=ROOT,
            stderr=file,
            stdout=file,
            env={**os.environ, "TUALAI_SPEECH_WINDOW": WINDOW_SECONDS},
        )


def run(recording: Path, home: Path, kill_after: float | None) -> Run:
    """Ingest, work, perhaps kill and start again; return what came of it. `kill_after` in seconds."""
    outcome = Run()
    language = ("--language", "en", "--programme", "kills", "--title", "Kills", "--publish")
    tualai(home, "ingest", str(recording), *language)
    began = time.monotonic()
    worker = start_worker(home, home / "worker-0.log")
    try:
        if kill_after is not None:
            _wait_for_work(home, worker)
            time.sleep(kill_after)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            outcome.killed_in = _step_of(home)
            worker = start_worker(home, home / "worker-1.log")
        _wait_for_end(home, worker)
        outcome.seconds = time.monotonic() - began
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    outcome.logs = [log.read_text("utf-8") for log in sorted(home.glob("worker-*.log"))]
    outcome.result = fingerprint(home)
    outcome.leftovers = leftovers(home)
    return outcome


def leftovers(home: Path) -> list[str]:
    """What should be gone when nothing runs."""
    places = ("scratch/*", "files/work/*", "files/+incoming/*", "cache/*")
    return [str(found) for place in places for found in home.glob(place)]


def redone(outcome: Run) -> list[str]:
    """Pieces that a later life began although an earlier one had finished them."""
    finished: set[str] = set()
    again = []
    for log in outcome.logs:
        again += [piece for piece in BEGINS.findall(log) if piece in finished]
        finished |= set(DONE.findall(log))
    return again


def fingerprint(home: Path) -> dict[str, Any]:
    """What an archive holds: text, segments, renditions, hits, and the checksum of every file stored."""
    exported = json.loads(tualai(home, "export", "kills"))
    hits = json.loads(tualai(home, "search", "overtime", "--json"))["hits"]
    files = {
        str(file.relative_to(home)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((home / "files").rglob("*"))
        if file.is_file()
    }
    (job,) = json.loads(tualai(home, "jobs", "list", "--json"))
    (episode,) = json.loads(tualai(home, "episodes", "--json"))
    return {
        "state": [job["state"], episode["state"]],
        "exported": exported,
        "hits": [(hit["kind"], hit["start"], hit["text"]) for hit in hits],
        "files": files,
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Which parts of two fingerprints differ."""
    found = [part for part in ("state", "exported", "hits") if one[part] != other[part]]
    names = one["files"].keys() | other["files"].keys()
    return found + sorted(n for n in names if one["files"].get(n) != other["files"].get(n))


def _wait_for_work(home: Path, worker: subprocess.Popen[bytes]) -> None:
    log = home / "worker-0.log"
    deadline = time.monotonic() + LIMIT_SECONDS
    while "begins" not in log.read_text("utf-8"):
        if worker.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the worker did not begin: {log.read_text('utf-8')}")
        time.sleep(0.02)


def _wait_for_end(home: Path, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        (job,) = json.loads(tualai(home, "jobs", "list", "--json"))
        if job["state"] in ("done", "failed", "cancelled"):
            time.sleep(1.5)  # the index follows
            return
        if worker.poll() is not None:
            raise RuntimeError("the worker ended by itself")
        time.sleep(0.3)
    raise RuntimeError(f"the job did not end in {LIMIT_SECONDS} s")


def _step_of(home: Path) -> str:
    begun = BEGINS.findall((home / "worker-0.log").read_text("utf-8"))
    return begun[-1].partition(", ")[2] if begun else "start"


def measure(kills: int, seed: int, recording: Path) -> dict[str, Any]:
    """Run once undisturbed and `kills` times killed; report what differed, was redone or left over."""
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="tualai-kills-"))
    try:
        calm = run(recording, folder / "calm", None)
        rows = []
        for number in range(kills):
            moment = chance.uniform(0.0, max(1.0, calm.seconds - 3.0))
            outcome = run(recording, folder / str(number), moment)
            row = {
                "killed_after": round(moment, 2),
                "killed_in": outcome.killed_in,
                "redone": redone(outcome),
                "different": differences(calm.result, outcome.result),
                "left_over": outcome.leftovers,
                "resumed": len(outcome.logs) == 2,
                "seconds": round(outcome.seconds, 1),
            }
            print(row, flush=True)
            rows.append(row)
            shutil.rmtree(folder / str(number))
        return {"undisturbed_seconds": round(calm.seconds, 1), "state": calm.result["state"], "runs": rows}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recording", type=Path, default=RECORDING)
    parser.add_argument("--crowd", action="store_true", help="a site, two workers and many recordings")
    parser.add_argument("--ingests", type=int, default=20, help="of the crowd")
    arguments = parser.parse_args()
    if arguments.crowd:
        from bench.kills_crowd import measure_crowd

        return measure_crowd(arguments.kills, arguments.ingests, arguments.seed)
    report = measure(arguments.kills, arguments.seed, arguments.recording)
    results = ROOT / "bench-results"
    results.mkdir(exist_ok=True)
    (results / "kills.json").write_text(json.dumps(report, indent=1), "utf-8")
    bad = [row for row in report["runs"] if row["redone"] or row["different"] or row["left_over"]]
    print(
        f"{len(report['runs'])} kills, {len(bad)} of them not as an undisturbed run; state {report['state']}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""Random kills of workers and of the site while recordings are uploaded and processed: `bench.kills --crowd`.

The recordings are short parts of the demonstration archive; every other one must be encoded before it can be
played. They are uploaded by tuspy to the real site, three at a time. First all of that undisturbed; then again while
the site (all of its processes at once) or one of two workers is killed at random moments and started again. In the
end every recording must be there once, in review, with the same files to the byte, and nothing else.
"""

from __future__ import annotations

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
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.kills import DONE, RECORDING, ROOT, leftovers
from bench.tus_runs import TUSPY, Server, serving
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.ffmpeg.programs import find_programs
from media.jobs import ENDED

RESULTS = ROOT / "bench-results/kills_crowd.json"
PART_SECONDS = 16
UPLOADERS = 3
WORKERS = 2
CHUNK_BYTES = 256 * 1024
LIMIT_SECONDS = 3600.0
PAUSES = (1.0, 9.0)
"""Seconds from one kill to the next, drawn evenly."""


@dataclass
class Lives:
    """Worker number so and so, which is started again whenever it was killed."""

    home: Path
    number: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self.home / f"crowd-{self.number}.log"
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.commands.app", "--home", str(self.home), "worker"],
                cwd=ROOT,
                stdout=file,
                stderr=file,
                env={**os.environ, "TUALAI_EMBEDDER": "off", "TUALAI_SPEECH_THREADS": "1"},
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=60)


@dataclass
class Crowd:
    """What a run came to."""

    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    recordings: dict[str, Any] = field(default_factory=dict)
    done_twice: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)


def measure_crowd(kills: int, ingests: int, seed: int) -> int:
    """Run undisturbed and killed; print and write what differs. Returns 0 when nothing does."""
    folder = Path(tempfile.mkdtemp(prefix="tualai-crowd-"))
    try:
        parts = make_parts(folder / "parts", ingests)
        calm = run(folder / "calm", parts, 0, seed)
        print(f"undisturbed: {calm.seconds:.0f} s, {len(calm.recordings)} recordings", flush=True)
        killed = run(folder / "killed", parts, kills, seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wrong = {
        "lost": sorted(calm.recordings.keys() - killed.recordings.keys()),
        "too_many": sorted(killed.recordings.keys() - calm.recordings.keys()),
        "different": sorted(
            each for each in calm.recordings.keys() & killed.recordings.keys()
            if calm.recordings[each] != killed.recordings[each]
        ),
        "done_twice": killed.done_twice,
        "left_over": killed.left_over,
        "missing_at_all": ingests - len(calm.recordings),
    }  # fmt: skip
    report = {
        "ingests": ingests,
        "kills": dict(killed.kills),
        "seconds": round(killed.seconds),
        "undisturbed_seconds": round(calm.seconds),
        "states": Counter(str(each["state"]) for each in killed.recordings.values()),
        **wrong,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))
    return 1 if any(wrong.values()) else 0


def make_parts(folder: Path, count: int) -> list[Path]:
    """Short recordings that differ; every other one in a codec that browsers do not play."""
    folder.mkdir()
    made = []
    for number in range(count):
        path = folder / f"part-{number}.{'mkv' if number % 2 else 'mp4'}"
        codec = ["-c:v", "mpeg4", "-q:v", "5", "-c:a", "copy"] if number % 2 else ["-c", "copy"]
        command = [str(find_programs().ffmpeg), "-nostdin", "-loglevel", "error", "-ss", str(7 * number)]
        command += ["-i", str(RECORDING), "-t", str(PART_SECONDS), *codec, str(path)]
        subprocess.run(command, check=True, timeout=120)
        made.append(path)
    return made


def run(home: Path, parts: list[Path], kills: int, seed: int) -> Crowd:
    """Upload and process all parts; meanwhile kill."""
    outcome, began = Crowd(), time.monotonic()
    with serving(home) as (server, headers):
        workers = [Lives(home, number) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        over = threading.Event()
        killer = threading.Thread(target=_kill, args=(server, workers, kills, seed, over, outcome.kills))
        killer.start()
        try:
            with ThreadPoolExecutor(UPLOADERS) as pool:
                list(pool.map(lambda part: _upload(server, headers, home, part), parts))
            _wait(home, len(parts), killer)
        finally:
            over.set()
            killer.join()
            for worker in workers:
                worker.stop()
    outcome.seconds = time.monotonic() - began
    outcome.recordings = _recordings(home)
    done = Counter(
        piece for log in home.glob("crowd-*.log") for piece in DONE.findall(log.read_text("utf-8"))
    )
    outcome.done_twice = [piece for piece, times in done.items() if times > 1]
    outcome.left_over = leftovers(home) + [str(file) for file in (home / "uploads").glob("?" * 32)]
    return outcome


def _kill(
    server: Server,
    workers: list[Lives],
    kills: int,
    seed: int,
    over: threading.Event,
    counted: Counter[str],
) -> None:
    chance = random.Random(seed)
    for _ in range(kills):
        if over.wait(chance.uniform(*PAUSES)):
            return
        victim = chance.choice([server, *workers])
        victim.kill()
        counted["site" if victim is server else "worker"] += 1
        victim.start()


def _upload(server: Server, headers: dict[str, str], home: Path, part: Path) -> None:
    own = re.sub("[^a-z0-9]", "", part.stem)
    told = [
        server.url + "/api/v1/uploads",
        headers,
        str(part),
        CHUNK_BYTES,
        False,
        str(home / f"{own}.json"),
    ]
    for _ in range(20):  # the client gives up when the site is away at its first question
        done = subprocess.run(
            [sys.executable, "-c", TUSPY, json.dumps(told)],
            cwd=ROOT,
            capture_output=True,
            timeout=900,
            check=False,
        )
        if done.returncode == 0:
            return
    raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2000:])


def _wait(home: Path, count: int, killer: threading.Thread) -> None:
    """Until all jobs have ended and all kills have happened."""
    deadline = time.monotonic() + LIMIT_SECONDS
    with open_archive(Settings(home=home, embedder="off")) as archive:
        while time.monotonic() < deadline:
            jobs = archive.jobs.jobs(1000)
            if len(jobs) >= count and all(job.state in ENDED for job in jobs) and not killer.is_alive():
                time.sleep(5)  # the index follows
                return
            time.sleep(1)
    raise RuntimeError(f"not done in {LIMIT_SECONDS:.0f} s: {[(j.state, j.step, j.error) for j in jobs]}")


def _recordings(home: Path) -> dict[str, Any]:
    """By recording: its episode's state, its job's, its words, and the checksum of every file."""
    found: dict[str, Any] = {}
    with open_archive(Settings(home=home, embedder="off")) as archive:
        for episode in archive.catalogue.episodes():
            assert episode.recording is not None
            transcript = archive.transcripts.transcript(episode.slug)
            job = archive.jobs.job_of(episode.slug)
            top = home / "files/recordings" / episode.recording
            found[episode.recording] = {
                "state": [episode.state, job.state if job else None, job.error if job else None],
                "words": [[cue.start, cue.end, cue.text] for cue in transcript.cues]
                if transcript
                else None,
                "renditions": sorted(each.path for each in archive.catalogue.renditions(episode.recording)),
                "files": {
                    str(path.relative_to(top)): hashlib.sha256(path.read_bytes()).hexdigest()
                    for path in sorted(top.rglob("*"))
                    if path.is_file()
                },
            }
    return found

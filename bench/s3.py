"""Files in S3: a ladder's many small files put there, against `aws s3 cp`; segments through the site and by presigned
links. The store is OpenStack Swift in one process on this machine, so it is what limits both: compare CPU too.

Needs `pip install swift`. `aws` is taken from PATH, or from the path in TUALAI_BENCH_AWS, else from awscli installed
into a throwaway environment; where that cannot be had, boto3's own s3transfer stands in and is named.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server, free_port, running_swift

ROOT = Path(__file__).parents[1]
FILES, FILE_BYTES = 2000, 45_000
"""As 4 s of 90 kbit/s; two hours of four rungs are about 7,000 of them."""
CLIENTS, SECONDS, SEGMENT_BYTES = 8, 10.0, 300_000
RECORDING = "ab" * 32
Figures = dict[str, Any]


def main() -> int:
    """Measure, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument(
        "--step", choices=["put", "transfer"], help="only this, as the bench itself calls it"
    )
    parser.add_argument("--url", default="")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.step:
        (put if options.step == "put" else transfer)(options.url, options.folder)
        return 0
    scratch = Path(tempfile.mkdtemp(prefix="tualai-s3-"))
    try:
        (scratch / "swift").mkdir()
        with running_swift(scratch / "swift") as server:
            report("many small files", uploads(server, scratch, options.files))
            report("segments served", serving(server, scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


def report(title: str, figures: Figures) -> None:
    print(f"\n== {title}\n{json.dumps(figures, indent=1)}", flush=True)


def uploads(server: S3Server, scratch: Path, count: int) -> Figures:
    """Wall and CPU seconds of putting a folder there, in turns so that both meet the same machine."""
    folder = scratch / "ladder"
    chosen = random.Random(1)
    for number in range(count):
        path = folder / f"{number % 4}" / f"{number}.m4s"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chosen.randbytes(FILE_BYTES))
    name, other = the_other(scratch)
    figures: Figures = {"files": count, "megabytes": round(count * FILE_BYTES / 1e6), "against": name}
    for turn in range(2):
        url = server.url(server.bucket(), "x")
        figures[f"ours {turn + 1}"] = costs(
            [sys.executable, "-m", "bench.s3", "--step", "put"], url, folder
        )
        bucket = server.bucket()
        figures[f"other {turn + 1}"] = costs(other(server, bucket, folder), server.url(bucket, "x"), folder)
    return figures


def the_other(scratch: Path) -> tuple[str, Callable[[S3Server, str, Path], list[str]]]:
    """What ours is compared with, and the command that runs it."""
    found = os.environ.get("TUALAI_BENCH_AWS") or shutil.which("aws") or fetched(scratch / "awscli")
    if not found:
        return "s3transfer of boto3", lambda *_: [sys.executable, "-m", "bench.s3", "--step", "transfer"]
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return f"aws s3 cp ({version.stdout.split()[0]})", lambda server, bucket, folder: [
        found, "s3", "cp", "--recursive", "--only-show-errors", "--endpoint-url", server.endpoint,
        str(folder), f"s3://{bucket}/x",
    ]  # fmt: skip


def fetched(place: Path) -> str:
    """The AWS command line in an environment of its own; "" when it cannot be had."""
    venv.create(place, with_pip=True)
    done = subprocess.run([place / "bin/python", "-m", "pip", "install", "-q", "awscli"], check=False)
    return str(place / "bin/aws") if done.returncode == 0 else ""


def costs(command: list[str], url: str, folder: Path) -> Figures:
    """Run it; wall seconds, CPU seconds of it alone, peak memory."""
    ours = ["--url", url, "--folder", str(folder)] if "bench.s3" in command else []
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = psutil.Popen([*command, *ours], cwd=ROOT, env=environment)
    peak = 0
    while process.poll() is None:
        with suppress(psutil.Error):
            peak = max(peak, process.memory_info().rss)
        time.sleep(0.1)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed with {process.returncode}.")
    return {"wall_s": round(wall, 1), "cpu_s": round(cpu, 1), "peak_mb": round(peak / 1e6)}


def put(url: str, folder: Path) -> None:
    """Ours, in a process of its own."""
    from media.storage.s3.address import parse_s3
    from media.storage.s3.store import S3Storage

    S3Storage(parse_s3(url)).put_folder("recordings/x", folder)


def transfer(url: str, folder: Path) -> None:
    """boto3's own manager of transfers, with its defaults."""
    import boto3
    from s3transfer.manager import TransferManager

    from media.storage.s3.address import parse_s3

    place = parse_s3(url)
    client = boto3.client("s3", endpoint_url=place.endpoint, region_name=place.region)
    with TransferManager(client) as manager:
        for path in folder.rglob("*.m4s"):
            manager.upload(str(path), place.bucket, f"y/{path.relative_to(folder)}")


def serving(server: S3Server, scratch: Path) -> Figures:
    """Segments a second to eight clients, and the site's CPU for a thousand of them."""
    url = server.url(server.bucket(), "x")
    figures: Figures = {"segment_bytes": SEGMENT_BYTES, "clients": CLIENTS}
    for way in ("site", "presigned"):
        home = scratch / way
        settings = {
            "TUALAI_HOME": str(home), "TUALAI_STORAGE_URL": url, "TUALAI_STORAGE_KEY": KEY,
            "TUALAI_STORAGE_SECRET": SECRET, "TUALAI_DELIVERY": way, "TUALAI_EMBEDDER": "off",
        }  # fmt: skip
        publish(home, settings)
        figures[way] = served(settings)
    return figures


def publish(home: Path, settings: dict[str, str]) -> None:
    """An episode with twenty segments."""
    import io

    from infra.assembly.wiring import open_archive
    from infra.configuration.settings import Settings
    from media.archive.episodes import Episode, EpisodeState, Programme, Recording, renditions_prefix
    from media.probing.media_info import MediaInfo

    values = {name.removeprefix("TUALAI_").lower(): value for name, value in settings.items()}
    home.mkdir()
    with open_archive(Settings(**values)) as archive:  # type: ignore[arg-type]
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        recording = Recording(
            RECORDING, "a.mp4", 1, f"recordings/{RECORDING}/source.mp4", MediaInfo("mp4", 80)
        )
        archive.catalogue.add_episode(Episode("so-ba", "dh", "Số ba", date(2026, 3, 15)), recording)
        archive.catalogue.set_state("so-ba", EpisodeState.PUBLISHED)
        for number in range(20):
            data = io.BytesIO(os.urandom(SEGMENT_BYTES))
            archive.storage.put(f"{renditions_prefix(RECORDING)}/480/{number}.m4s", data)


def served(settings: dict[str, str]) -> Figures:
    """Run the site in one process and ask it."""
    port = free_port()
    command = [sys.executable, "-m", "infra.commands.app", "serve", "--processes", "1", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = psutil.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 90
            while True:
                try:
                    fetched_bytes(port, 0)
                    break
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.2)
            return under_load(port, process)
        finally:
            process.terminate()
            process.wait(30)


def under_load(port: int, process: psutil.Process) -> Figures:
    counts, began, before = [0] * CLIENTS, time.monotonic(), cpu_of(process)

    def client(number: int) -> None:
        chosen = random.Random(number)
        while time.monotonic() < began + SECONDS:
            fetched_bytes(port, chosen.randrange(20))
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, total = time.monotonic() - began, sum(counts)
    return {
        "a_second": round(total / seconds, 1),
        "site_cpu_s_per_1000": round(1000 * (cpu_of(process) - before) / max(1, total), 2),
    }


def cpu_of(process: psutil.Process) -> float:
    """CPU seconds of a process and its children so far."""
    each = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in each)


def fetched_bytes(port: int, number: int) -> None:
    """Fetch a segment as a browser does, following where it leads. Raises `OSError`."""
    address = f"http://127.0.0.1:{port}/media/{RECORDING}/480/{number}.m4s"
    for _ in range(2):
        parts = urlsplit(address)
        connection = HTTPConnection(parts.netloc, timeout=30)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status == 307:
            address = answer.headers["location"]
            continue
        if answer.status != 200 or len(body) != SEGMENT_BYTES:
            raise OSError(f"{answer.status} with {len(body)} bytes")
        return
    raise OSError("redirected in a circle")


if __name__ == "__main__":
    sys.exit(main())

"""Three hosts against real engines, disturbed: every recording must end published, once, and as undisturbed.

Run as root: `python -m bench.many_machines`. A site and two workers, each in a network namespace of its own, on
PostgreSQL, S3 (OpenStack Swift) and, where the program is on PATH, Meilisearch. While they work, a worker is killed,
a worker's network is cut for a minute and given back, the store is away for a minute, the database is restarted.
The same recordings are processed before by one worker that nobody disturbs; what both leave is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.hosts import GATE, Door, Host, hosts, meilisearch
from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server, running_swift
from tests.postgresql import Cluster, start_cluster
from web.domain.sending.fernet import new_key

ROOT = Path(__file__).parents[1]
MEDIA = ROOT / "infra/demo_archive/media"
DATABASE_PORT, STORE_PORT, SEARCH_PORT = 5433, 9001, 7701
AWAY_SECONDS = 60.0
ENDED = {"done", "failed", "cancelled"}


@dataclass(frozen=True)
class Engines:
    """What all hosts share."""

    cluster: Cluster
    swift: S3Server
    database_door: Door
    store_door: Door
    search: bool
    key: str

    def settings(self, name: str) -> dict[str, str]:
        """The environment of a new archive of this name on them."""
        database, bucket = self.cluster.create("template1"), self.swift.bucket()
        endpoint = f"http://{GATE}:{STORE_PORT}".replace(":", "%3A").replace("/", "%2F")
        chosen = {
            "TUALAI_DATABASE_URL": f"postgresql://tualai@{GATE}:{DATABASE_PORT}/{database}",
            "TUALAI_STORAGE_URL": f"s3://{bucket}?endpoint={endpoint}&style=path&region=us-east-1",
            "TUALAI_STORAGE_KEY": KEY,
            "TUALAI_STORAGE_SECRET": SECRET,
            "TUALAI_SECRET_KEYS": new_key(),
            "TUALAI_SPEECH_THREADS": "1",
            "TUALAI_SPEECH_WINDOW": "60",
            "TUALAI_EMBEDDER": "off",
        }
        if self.search:
            chosen["TUALAI_INDEX_URL"] = f"http://{GATE}:{SEARCH_PORT}/{name}"
            chosen["TUALAI_INDEX_KEY"] = self.key
        return chosen


@contextmanager
def engines(folder: Path) -> Iterator[Engines]:
    """All started; the bridge must be there."""
    with ExitStack() as stack:
        cluster = start_cluster(os.getpid())
        (folder / "swift").mkdir()
        swift = stack.enter_context(running_swift(folder / "swift"))
        key = new_key()
        search = stack.enter_context(meilisearch(folder / "search", SEARCH_PORT, key))
        database_door = Door(DATABASE_PORT, str(cluster.folder / ".s.PGSQL.5432"))
        store_door = Door(STORE_PORT, ("127.0.0.1", swift.port))
        stack.callback(database_door.shut)
        stack.callback(store_door.shut)
        yield Engines(cluster, swift, database_door, store_door, search, key)


def ingest(site: Host, count: int) -> None:
    """Send recordings in from the site's host."""
    for number, file in enumerate(sorted(MEDIA.iterdir())[:count]):
        language = "en" if "english" in file.name else "vi"
        site.ask("ingest", str(file), "--programme", "dh", "--title", f"Episode {number}", "--date", "2026-01-01",
                 "--language", language, "--publish")  # fmt: skip


def jobs(site: Host) -> list[dict[str, Any]]:
    """The list of jobs, tried again while the database is away."""
    for _ in range(60):
        try:
            found: list[dict[str, Any]] = json.loads(site.ask("jobs", "list", "--json"))
            return found
        except RuntimeError:
            time.sleep(2)
    raise RuntimeError("The jobs could not be listed for two minutes.")


def wait_for_all(site: Host, limit: float) -> float:
    """Until no job is left; seconds waited."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        states = [job["state"] for job in jobs(site)]
        if states and all(state in ENDED for state in states):
            return time.monotonic() - began
        time.sleep(2)
    raise RuntimeError(f"Jobs are left after {limit} s: {jobs(site)}")


def fingerprint(site: Host, swift: S3Server, settings: dict[str, str]) -> dict[str, Any]:
    """What an archive holds: states, text and segments, hits, and every object with its ETag and size."""
    bucket = settings["TUALAI_STORAGE_URL"].partition("://")[2].partition("?")[0]
    pages = swift.client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
    objects = {o["Key"]: (o["ETag"], o["Size"]) for page in pages for o in page.get("Contents", [])}
    episodes = json.loads(site.ask("episodes", "--json"))
    return {
        "states": sorted(
            (job["state"], episode["state"])
            for job in jobs(site)
            for episode in episodes
            if episode["episode"] == job["episode"]
        ),
        "texts": {e["episode"]: json.loads(site.ask("export", e["episode"])) for e in episodes},
        "objects": objects,
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Which parts differ."""
    found = [part for part in ("states", "texts") if one[part] != other[part]]
    names = one["objects"].keys() | other["objects"].keys()
    return found + [n for n in sorted(names) if one["objects"].get(n) != other["objects"].get(n)]


def disturb(shared: Engines, one: Host, two: Host, say: Any) -> None:
    """Everything that is to happen, one after the other, while the workers work."""
    time.sleep(20)
    say("worker 1 is killed")
    one.stop(9)
    time.sleep(15)
    one.start("worker")
    say(f"worker 2 has no network for {AWAY_SECONDS:.0f} s")
    two.cut()
    time.sleep(AWAY_SECONDS)
    two.cut(False)
    time.sleep(15)
    say(f"the store is away for {AWAY_SECONDS:.0f} s")
    shared.store_door.shut()
    time.sleep(AWAY_SECONDS)
    shared.store_door.open()
    time.sleep(10)
    say("the database is restarted")
    shared.cluster.restart(5)
    say("undisturbed from now on")


def main() -> None:
    """Run both, compare, print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--recordings", type=int, default=6)
    arguments.add_argument("--limit", type=float, default=1800, help="seconds that each run may take")
    chosen = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tualai-machines-"))
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True)

    try:
        with hosts(folder, "site", "w1", "w2") as (site, one, two), engines(folder) as shared:
            say(
                f"PostgreSQL, Swift and {'Meilisearch' if shared.search else 'NO Meilisearch (not on PATH)'} run"
            )
            results = []
            for disturbed in (False, True):
                settings = shared.settings("b" if disturbed else "a")
                for host in (site, one, two):
                    host.environment = settings
                site.ask("migrate")
                web = site.start("serve", "--host", site.address)
                ingest(site, chosen.recordings)
                start = time.monotonic()
                one.start("worker")
                if disturbed:
                    two.start("worker")
                    disturb(shared, one, two, say)
                wait_for_all(site, chosen.limit)
                say(
                    f"{'disturbed' if disturbed else 'one worker, undisturbed'}: {time.monotonic() - start:.0f} s"
                )
                results.append(fingerprint(site, shared.swift, settings))
                if web.poll() is not None:
                    say("THE SITE DIED")
                for host in (site, one, two):
                    host.stop()
            different = differences(*results)
            print(json.dumps({
                "recordings": chosen.recordings, "states": results[1]["states"],
                "objects": len(results[1]["objects"]), "different": different[:20], "meilisearch": shared.search,
            }, indent=1))  # fmt: skip
    except BaseException:
        for log in folder.glob("*/*.log"):
            print(f"--- {log}\n{log.read_text('utf-8', 'replace')[-3000:]}")
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

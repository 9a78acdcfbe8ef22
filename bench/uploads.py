"""Resumable uploads, killed at random: `python -m bench.uploads` writes bench-results/uploads.json.

A file of 2 GB, sent by tuspy to the real server while client and server are killed by turns 50 times; then one
undisturbed run by each client for speed and memory.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.tus_runs import Outcome, make_file, run, serving

RESULTS = Path(__file__).parents[1] / "bench-results/uploads.json"
CHUNK = 32 << 20


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--folder", type=Path, default=None, help="a disk with room for three times the size"
    )
    given = parser.parse_args()
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="tualai-uploads-") as name:
        folder = Path(name)
        sum_ = make_file(folder / "sent.mp4", given.size_mb * 1_000_000)
        for client, kills, checked in (
            ("tuspy", given.kills, False),
            ("tuspy", 0, True),
            ("tus-js-client", 0, False),
        ):
            home = folder / f"home-{len(results)}"
            with serving(home) as (server, headers):
                outcome = run(
                    client,
                    server,
                    headers,
                    folder / "sent.mp4",
                    sum_,
                    home,
                    kills=kills,
                    chunk=CHUNK,
                    checked=checked,
                )
            results.append(shown(outcome) | {"checksums": checked})
            print(json.dumps(results[-1]))
            (home / "uploads").rename(folder / "old")
            for path in (folder / "old").iterdir():
                path.unlink()
            (folder / "old").rmdir()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def shown(outcome: Outcome) -> dict[str, Any]:
    """The figures people ask for."""
    values = asdict(outcome)
    del values["marks"]
    values["mb_per_second"] = round(outcome.size / 1e6 / outcome.seconds, 1)
    for name in ("rss_before", "rss_peak"):
        values[name.replace("rss", "rss_mb")] = round(values.pop(name) / 1e6, 1)
    return values | {"seconds": round(outcome.seconds, 1)}


if __name__ == "__main__":
    main()

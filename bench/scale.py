"""Search over a million passages: `python -m bench.scale [--passages N] [--folder F]`.

Builds an index of `bench.scale_data`, then measures it through the port, and over HTTP with two web processes,
eight clients and another process that adds and removes an episode all the while. With --folder the index is
kept and used again; what was built half is built anew. Writes bench-results/scale.json.
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
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tantivy import Occur, Query

from bench.retrieval import untoned
from bench.scale_data import SEED, SIZE, BigArchive, slug
from bench.scale_http import edited, over_http
from bench.scale_queries import Figures, asked, spread
from search.index import SearchQuery
from search.tantivy.index import VERSION, TantivyIndex

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench-results" / "scale.json"
GOALS = {"port_p95_ms": 20, "http_p95_ms": 50, "visible_s": 2.0}


def main() -> int:
    """Run all steps, each in a process of its own, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, help="where the index is kept; else it is removed at the end"
    )
    parser.add_argument(
        "--step", choices=STEPS, help="only this one, in this process (as the bench itself does)"
    )
    options = parser.parse_args()
    if options.step:
        print(json.dumps(STEPS[options.step](options.folder, options.passages)))
        return 0
    folder = options.folder or Path(tempfile.mkdtemp(prefix="tualai-scale-"))
    result: Figures = {
        "passages": options.passages,
        "seed": SEED,
        "goals": GOALS,
        "processors": os.cpu_count(),
    }
    try:
        for step in STEPS:
            if step != "edit":
                result[step] = apart(step, folder, options.passages)
                print(f"\n== {step}\n{json.dumps(result[step], indent=1)}", flush=True)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(f"written to {RESULTS.relative_to(ROOT)}")
    return 0


def apart(step: str, folder: Path, passages: int) -> Figures:
    """A step in a process of its own, so that its memory is its own. Raises `CalledProcessError`."""
    command = [sys.executable, "-m", "bench.scale", "--step", step]
    done = subprocess.run(
        [*command, "--folder", str(folder), "--passages", str(passages)],
        check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def built(folder: Path, passages: int) -> Figures:
    """Build the index, unless it is there."""
    note = folder / "built.json"
    wanted = {"passages": passages, "version": VERSION, "seed": SEED}
    if note.exists() and (found := json.loads(note.read_text())) and wanted.items() <= found.items():
        return {**found, "kept": True}
    shutil.rmtree(folder / "home", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    archive = BigArchive(passages)
    making = 0.0

    def made() -> Iterator[tuple[str, Any]]:
        nonlocal making
        for number in range(archive.count):
            began = time.perf_counter()
            found = archive.made(number)
            making += time.perf_counter() - began
            yield slug(number), found.passages

    began = time.perf_counter()
    TantivyIndex(folder / "home" / "index").rebuild(made())
    seconds = time.perf_counter() - began - making
    sizes = [path.stat().st_size for path in (folder / "home/index").rglob("*") if path.is_file()]
    vectors = [path.stat().st_size for path in (folder / "home/index").rglob("meaning/*/*")]
    figures = wanted | {
        "episodes": archive.count,
        "seconds": round(seconds, 1),
        "seconds_to_generate": round(making, 1),
        "megabytes": round(sum(sizes) / 1e6),
        "of_them_vectors": round(sum(vectors) / 1e6),
        "peak_rss_mb": peak(),
    }
    note.write_text(json.dumps(figures))
    return figures


def through_the_port(folder: Path, passages: int) -> Figures:
    """Times of every kind of query, and of a plain query to tantivy alone."""
    archive = BigArchive(passages)
    index = TantivyIndex(folder / "home" / "index")
    began = time.perf_counter()
    index.nearest(SearchQuery("", vector=archive.vector(0)))
    opened = time.perf_counter() - began
    figures: Figures = {"first_nearest_s": round(opened, 2)}
    for name, queries in asked(archive).items():
        ask = index.nearest if name.startswith("nearest") else index.search
        figures[name] = timed([partial(ask, query) for query in queries])
    figures["plain tantivy"] = timed(plain(index, [query.text for query in asked(archive)["full"]]))
    figures["full_over_plain_p50"] = round(figures["full"]["p50"] / figures["plain tantivy"]["p50"], 2)
    figures["recall@10 of nearest"] = recall(index, archive)
    figures["peak_rss_mb"] = peak()
    return figures


def plain(index: TantivyIndex, texts: Sequence[str]) -> list[Callable[[], object]]:
    """The simplest query that tantivy can answer alone: all folded words in the text."""
    build = index._builds.newest()
    assert build is not None
    searcher, schema = build.index.searcher(), build.schema

    def ask(text: str) -> object:
        words = [(Occur.Must, Query.term_query(schema, "text_folded", word)) for word in text.split()]
        found = searcher.search(Query.boolean_query(words), 20)
        return [searcher.doc(address) for _, address in found.hits]

    chance = random.Random(SEED)
    return [partial(ask, untoned(text, chance)) for text in texts]


def recall(index: TantivyIndex, archive: BigArchive, count: int = 40) -> float:
    """Of the ten vectors that are truly nearest, how many were found."""
    build = index._builds.newest()
    assert build is not None
    meaning = index._reading.meaning(build.folder, build.commit, SIZE)
    assert meaning is not None
    queries = np.stack([archive.vector(n) for n in range(count)])
    scores = np.concatenate(
        [
            (meaning.vectors[at : at + 50_000].astype(np.float32) @ queries.T)
            for at in range(0, meaning.count, 50_000)
        ]
    )
    numbers = meaning.columns["number"][: meaning.count]
    fresh = meaning.columns["again"][: meaning.count] == 0
    scores[~fresh] = -np.inf
    found = 0
    for n in range(count):
        best = set(numbers[np.argpartition(-scores[:, n], 10)[:10]].tolist())
        near = meaning.nearest(SearchQuery(""), queries[n], 10)
        found += len(best & {number for number, _ in near})
    return round(found / count / 10, 4)


def timed(calls: Sequence[Callable[[], object]]) -> Figures:
    """Times of calls, the first few not counted."""
    for call in calls[:5]:
        call()
    seconds = []
    for call in calls:
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return spread(seconds)


def peak() -> int:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


STEPS: dict[str, Callable[[Path, int], Figures]] = {
    "index": built, "port": through_the_port, "http": over_http, "edit": edited,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

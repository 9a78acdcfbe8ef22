"""The main job over real test recordings: ingest with the real model, then search for what was said.

Run as `python -m bench.main_job`. Every recording is an episode of its own, made by `tualai ingest --wait`. Then

- each turn's start (`turns.tsv`) is compared with the nearest cue's start in the transcript that came out;
- each turn, or clip, of five words or more is searched for in its right spelling, and untoned: does a hit that covers
  its second come first, or among the first five?
"""

from __future__ import annotations

import csv
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.text.folding import fold

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared/data"
RESULTS = ROOT / "bench-results/main_job.json"
TOLERANCE = 2.0
"""Seconds a hit may miss a turn by and still count: it is heard either way."""


@dataclass(frozen=True)
class Turn:
    """What was said: in which file, from when to when (seconds), in which words."""

    file: str
    start: float
    end: float
    text: str


def main() -> int:
    """Measure, print, write."""
    if not DATA.is_dir():
        print(f"No test recordings in {DATA}; nothing was measured.", file=sys.stderr)
        return 1
    folder = Path(tempfile.mkdtemp(prefix="tualai-main-job-"))
    try:
        result = {
            "vi": measure(
                folder / "vi", "vi", DATA / "speech_vi_synthetic", turns(DATA / "speech_vi_synthetic")
            ),
            "en": measure(folder / "en", "en", DATA / "speech_en", clips(DATA / "speech_en")),
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for language, figures in result.items():
        print(language, {name: value for name, value in figures.items() if name != "missed"})
    return 0


def turns(folder: Path) -> list[Turn]:
    """The turns of the dialogues that are here."""
    with (folder / "turns.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Turn(Path(row["path"]).name, float(row["start"]), float(row["end"]), row["text"])
        for row in rows
        if (folder / row["path"]).exists()
    ]


def clips(folder: Path) -> list[Turn]:
    """Whole clips with their transcripts; their turns' times are not known."""
    with (folder / "transcripts.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Turn(Path(row["path"]).name, 0.0, 0.0, row["transcript"])
        for row in rows
        if (folder / row["path"]).exists()
    ]


def measure(home: Path, language: str, folder: Path, said: list[Turn]) -> dict[str, Any]:
    """Ingest all files of `folder`/audio and score what came out."""
    files = sorted((folder / "audio").iterdir())
    began = time.monotonic()
    printed = tualai(
        home,
        *("ingest", *map(str, files), "--programme", "bench", "--language", language),
        *("--publish", "--wait", "--json"),
    )
    seconds = time.monotonic() - began
    taken = [json.loads(line) for line in printed.splitlines()]
    slugs = {file.name: row["episode"] for file, row in zip(files, taken, strict=True)}
    cues = {name: json.loads(tualai(home, "export", slug))["cues"] for name, slug in slugs.items() if slug}
    errors = [e for turn in said if turn.end and (e := start_error(turn, cues[turn.file])) is not None]
    wanted = [turn for turn in said if len(turn.text.split()) >= 5]
    return {
        "files": len(files),
        "published": sum(row["state"] == "published" for row in taken),
        "seconds": round(seconds, 1),
        "cues": sum(map(len, cues.values())),
        "turn_starts": spread(errors),
        "searched": len(wanted),
        **dict(found(home, wanted, slugs)),
    }


def start_error(turn: Turn, cues: list[dict[str, Any]]) -> float | None:
    """Seconds from a turn's start to the nearest cue's."""
    return min((abs(cue["start"] - turn.start) for cue in cues), default=None)


def spread(errors: list[float]) -> dict[str, float] | None:
    """Median, 90th percentile and worst of errors in seconds."""
    if not errors:
        return None
    ordered = sorted(errors)
    return {
        "count": len(ordered),
        "median": round(statistics.median(ordered), 3),
        "p90": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))], 3),
        "worst": round(ordered[-1], 3),
    }


def found(home: Path, wanted: list[Turn], slugs: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Recall of the turns, as written and without diacritics."""
    for name, spell in (("as_written", str), ("untoned", fold)):
        queries = [" ".join(spell(turn.text).split()[:12]) for turn in wanted]
        printed = tualai(home, "search", "--queries", "-", "--json", stdin="\n".join(queries))
        ranks = [
            rank_of(turn, slugs[turn.file], json.loads(line)["hits"])
            for turn, line in zip(wanted, printed.splitlines(), strict=True)
        ]
        yield name, {f"recall@{k}": round(sum(0 < r <= k for r in ranks) / len(ranks), 3) for k in (1, 5)}
        if name == "as_written":
            yield (
                "missed",
                [turn.text for turn, rank in zip(wanted, ranks, strict=True) if not 0 < rank <= 5],
            )


def rank_of(turn: Turn, episode: str, hits: list[dict[str, Any]]) -> int:
    """Place of the first hit that covers the turn's start, from 1; 0 when there is none."""
    for place, hit in enumerate(hits, 1):
        covers = hit["start"] - TOLERANCE <= turn.start <= hit["end"] + TOLERANCE
        if hit["episode"] == episode and (covers or not turn.end):
            return place
    return 0


def tualai(home: Path, *arguments: str, stdin: str = "") -> str:
    """Run a command on a data folder; return its standard output."""
    command = [sys.executable, "-m", "infra.commands.app", "--home", str(home), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, input=stdin, timeout=1800, check=False
    )
    if done.returncode and not done.stdout:
        raise SystemExit(f"{' '.join(arguments[:2])} failed: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

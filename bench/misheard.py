"""Right queries over wrong transcripts: `python -m bench.misheard [--tune] [--heard FILE]`.

Heard: the test recordings as the packaged model hears them, among written passages; searched for in the reference's
sentences, over what was heard and over the reference itself (the ceiling).
Simulated: the passages and articles of `bench.retrieval`, with a share of their syllables replaced as learnt from
those pairs; searched for with the right questions. Needs ../shared/data.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from bench.retrieval import (
    DATA,
    ROOT,
    SEED,
    Asked,
    Figures,
    law,
    lines,
    measure,
    opened,
    passage,
    questions,
)
from search.passages.passage import Passage
from search.text.folding import fold, nfc, tokens, words
from search.text.sounds import cut, sound
from search.text.syllables import is_syllable

RATES = (0.0, 0.05, 0.1, 0.2, 0.3)
FOLDERS = ("speech_vi", "speech_vi_synthetic")
PASSAGE_SYLLABLES, PIECE = 40, 8
"""Syllables of a stretch at least, and of a query at most."""

Heard = Mapping[str, list[tuple[float, float, str]]]
"""Words with their times (seconds) by `folder/file`."""
Pair = tuple[str | None, str | None]
T = TypeVar("T")


def listen(cache: Path) -> Heard:
    """What the packaged model hears in the test recordings; kept in `cache`, as it takes minutes."""
    if not cache.exists():
        from bench.transcription import _to_wav
        from transcribe.speech.faster_whisper import WhisperTranscriber
        from transcribe.speech.windows import windows_of

        found: dict[str, list[tuple[float, float, str]]] = {}
        with tempfile.TemporaryDirectory() as scratch:
            engine = WhisperTranscriber(models=Path(scratch) / "models")
            for file in (file for name in FOLDERS for file in sorted((DATA / name / "audio").iterdir())):
                audio = _to_wav([file], Path(scratch) / "clip.wav")
                said = (engine.transcribe(audio, "vi", w.start, w.end).words for w in windows_of(audio))
                found[f"{file.parents[1].name}/{file.name}"] = [
                    (w.start, w.end, w.text) for window in said for w in window
                ]
        cache.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    result: Heard = json.loads(cache.read_text(encoding="utf-8"))
    return result


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a recording, as it should be and as it was heard."""

    id: str
    reference: str
    heard: str


def stretches(heard: Heard) -> list[Said]:
    """Turns in runs of 40 syllables and more; recordings without turns whole."""
    found: list[Said] = []
    for folder in FOLDERS:
        turns: dict[str, list[dict[str, str]]] = defaultdict(list)
        if (DATA / folder / "turns.tsv").exists():
            for row in _rows(DATA / folder / "turns.tsv"):
                turns[row["path"]].append(row)
        for row in _rows(DATA / folder / "transcripts.tsv"):
            name = f"{folder}/{Path(row['path']).name}"
            if name not in heard:
                continue
            runs = list(_runs(turns[row["path"]])) or [(0.0, 1e9, row["transcript"])]
            for number, (start, end, text) in enumerate(runs):
                caught = " ".join(t for a, b, t in heard[name] if start <= (a + b) / 2 < end)
                found.append(Said(f"{name}-{number}", nfc(text), nfc(caught)))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _runs(turns: Sequence[dict[str, str]]) -> Iterator[tuple[float, float, str]]:
    run: list[dict[str, str]] = []
    for turn in turns:
        run.append(turn)
        if len(words(" ".join(t["text"] for t in run))) >= PASSAGE_SYLLABLES or turn is turns[-1]:
            yield float(run[0]["start"]), float(run[-1]["end"]), " ".join(t["text"] for t in run)
            run = []


def pieces(said: Said) -> Iterator[Asked]:
    """Queries: the sentences of the reference, long ones in pieces."""
    for sentence in re.split(r"[.!?…]+", said.reference):
        syllables = sentence.split()
        for at in range(0, len(syllables), PIECE):
            if len(piece := syllables[at : at + PIECE]) >= 4:
                yield Asked(" ".join(piece), frozenset([said.id]))


def aligned(reference: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """Pairs of syllables, None where one has none: the cheapest alignment, by `_apart`."""
    best: list[list[tuple[float, tuple[int, int]]]] = []
    for i in range(len(reference) + 1):
        best.append([])
        for j in range(len(heard) + 1):
            ways = [(0.0, (0, 0))] if i == j == 0 else []
            if i and j:
                ways.append((best[i - 1][j - 1][0] + _apart(reference[i - 1], heard[j - 1]), (1, 1)))
            if i:
                ways.append((best[i - 1][j][0] + 0.8, (1, 0)))
            if j:
                ways.append((best[i][j - 1][0] + 0.8, (0, 1)))
            best[i].append(min(ways))
    pairs: list[Pair] = []
    i, j = len(reference), len(heard)
    while i or j:
        down, across = best[i][j][1]
        pairs.append((reference[i - 1] if down else None, heard[j - 1] if across else None))
        i, j = i - down, j - across
    return pairs[::-1]


def _apart(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if fold(one) == fold(other):
        return 0.3
    if sound(fold(one)) == sound(fold(other)):
        return 0.5
    return 0.6 if len(set(fold(one)) & set(fold(other))) > 1 else 1.0


Parts = tuple[str, str, str, str]
"""Onset, nucleus, final and tone of a syllable."""


def parts(syllable: str) -> Parts:
    """Cut an exact form; the tone is a combining mark or empty."""
    marks = unicodedata.normalize("NFD", syllable)
    tone = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
    bare = nfc("".join(mark for mark in marks if mark not in tone))
    return (*cut(bare), tone)


def whole(of: Parts) -> str:
    """The syllable of the parts; the mark goes to the nucleus' last marked vowel, or where spelling puts it."""
    onset, nucleus, final, tone = of
    onset = "g" if onset == "gi" and nucleus[:1] == "i" else onset
    at = next((k for k in reversed(range(len(nucleus))) if nucleus[k] in "ăâêôơư"), None)
    if at is None:
        at = 1 if len(nucleus) > 1 and (final or nucleus in ("oa", "oe", "uy") or len(nucleus) > 2) else 0
    return nfc(onset + nucleus[: at + 1] + tone + nucleus[at + 1 :] + final)


@dataclass
class Confusions:
    """How syllables are misheard: which parts at once, and into what; learnt from pairs."""

    kinds: Counter[tuple[bool, ...]] = field(default_factory=Counter)
    becomes: list[dict[str, Counter[str]]] = field(default_factory=lambda: [{} for _ in range(4)])
    lost: int = 0
    others: Counter[str] = field(default_factory=Counter)
    known: frozenset[str] = frozenset()

    def learn(self, pairs: Iterable[Pair]) -> None:
        """Count what differs."""
        for one, other in pairs:
            if other is not None:
                self.others[other] += 1
            if one is None or one == other:
                continue
            if other is None:
                self.lost += 1
            elif is_syllable(one) and is_syllable(other):
                differs = tuple(a != b for a, b in zip(parts(one), parts(other), strict=True))
                self.kinds[differs] += 1
                for table, a, b in zip(self.becomes, parts(one), parts(other), strict=True):
                    if a != b:
                        table.setdefault(a, Counter())[b] += 1

    def mishear(self, syllable: str, chance: random.Random) -> str:
        """Another syllable, one that is known, or none."""
        if chance.random() < self.lost / (self.lost + self.kinds.total()):
            return ""
        for _ in range(30 if is_syllable(syllable) else 0):
            kind = _drawn(self.kinds, chance)
            changed = [
                _drawn(table[part], chance) if differs and part in table else part
                for table, part, differs in zip(self.becomes, parts(syllable), kind, strict=True)
            ]
            other = whole((changed[0], changed[1], changed[2], changed[3]))
            if other != syllable and other in self.known:
                return other
        return _drawn(self.others, chance)


def _drawn(counts: Counter[T], chance: random.Random) -> T:
    return chance.choices(list(counts), list(counts.values()))[0]


def misheard(text: str, confusions: Confusions, rate: float, chance: random.Random) -> str:
    """The text with about `rate` of its words misheard, lower case and without marks as nothing else is read."""
    said = [
        confusions.mishear(token.exact, chance) if chance.random() < rate else token.exact
        for token in tokens(nfc(text))
    ]
    return " ".join(filter(None, said))


def written() -> list[Passage]:
    """The passages of XQuAD and the articles of two codes."""
    rows = lines(DATA / "retrieval_vi_xquad" / "passages.jsonl")
    return [
        *(passage(str(row["pid"]), "", str(row["text"])) for row in rows),
        *law("BLLD_2019", "BLDS_2015"),
    ]


def _measured(
    passages: Sequence[Passage], sets: Mapping[str, Sequence[Asked]], engine: str
) -> Iterator[Figures]:
    with tempfile.TemporaryDirectory() as folder:
        index = opened(engine, Path(folder))
        index.rebuild([(p.episode, [p]) for p in passages])
        for name, asked in sets.items():
            for typed in ("as written", "untoned"):
                yield replace(measure(index, asked, name, typed, len(passages)), by_then=None)


def run(engine: str, cache: Path, *, tune: bool = False) -> list[tuple[str, Figures]]:
    """Figures by what is searched in; with `tune` over every second question."""
    said, around = stretches(listen(cache)), written()
    pairs = [pair for s in said for pair in aligned(words(s.reference), words(s.heard))]
    confusions = Confusions(known=frozenset(w for p in around for w in words(p.text)))
    confusions.learn(pairs)
    figures: list[tuple[str, Figures]] = []
    for folder in FOLDERS:
        asked = {folder: [piece for s in said if s.id.startswith(f"{folder}/") for piece in pieces(s)]}
        for form in ("reference", "heard"):
            passages = [passage(s.id, "", getattr(s, form)) for s in said]
            figures += ((form, f) for f in _measured([*passages, *around], asked, engine))
    sets = {name: asked[:: 2 if tune else 1] for name, asked in questions().items() if name != "look-ups"}
    for rate in RATES:
        chance = random.Random(SEED)
        wrong = [replace(p, text=misheard(p.text, confusions, rate, chance)) for p in around]
        figures += ((f"{rate:.0%} wrong", f) for f in _measured(wrong, sets, engine))
    return figures


def main() -> None:
    """Print the table and write bench-results/misheard.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--tune", action="store_true", help="only every second question")
    parser.add_argument("--heard", type=Path, default=Path(tempfile.gettempdir()) / "tualai-heard.json")
    options = parser.parse_args()
    figures = run(options.engine, options.heard, tune=options.tune)
    print(
        f"{'searched in':12}  {'questions':19}  {'typed':10}  {'n':>3}  {'R@1':>5}  {'R@5':>5}  p50/p95 ms"
    )
    for form, f in figures:
        print(
            f"{form:12}  {f.questions:19}  {f.typed:10}  {f.count:3}  {f.recall_1:.3f}  {f.recall_5:.3f}"
            f"  {f.p50:4.1f}/{f.p95:4.1f}"
        )
    if not options.tune:
        target = ROOT / "bench-results" / "misheard.json"
        target.parent.mkdir(exist_ok=True)
        rows = [{"searched_in": form, **asdict(f)} for form, f in figures]
        target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""How well diacritics come back: `python -m bench.restoring [--tune]`.

Learnt from passages, asked with questions that were not learnt, stripped of all diacritics or of those of
every other word. Then how it grows with the archive. Needs ../shared/data.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

from bench.retrieval import DATA, ROOT, SEED, law, lines, questions, untoned
from search.diacritics.counts import WordCounts, counted, dumped, loaded
from search.diacritics.learning import SYLLABLES_MOST, added, base
from search.diacritics.restorer import NgramRestorer
from search.text.folding import nfc, words

CODES = ("BLLD_2019", "BLDS_2015", "BLTTDS_2015", "BLHS_2015", "BLTTHS_2015", "BLHH_2015")
BINS = 5
PASSAGE_SYLLABLES = 60
SIZES = (1_000, 100_000, 1_000_000)
_CUE = re.compile(r"^\d+\s*\n[\d:,. ]+-->.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one model and one set of texts; expected: of words typed without diacritics. `bins`: (confidence from, count, its mean, share that was right)."""

    learnt: str
    order: int
    asked: str
    typed: str
    count: int
    syllables_right: float
    syllables_right_expected: float
    wholly_right: float
    sure_and_right: float
    microseconds: float
    bins: tuple[tuple[float, int, float, float], ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """Of a model learnt from so many passages of 60 syllables; bytes and seconds."""

    passages: int
    syllables: int
    words: int
    pairs: int
    triples: int
    learning: float
    adding_an_episode: float
    written: int
    in_memory: int
    loading: float
    microseconds: float


def half(text: str, _: random.Random) -> str:
    """Every other word without diacritics."""
    return " ".join(untoned(word, _) if at % 2 else word for at, word in enumerate(nfc(text).split()))


TYPED: dict[str, Callable[[str, random.Random], str]] = {"stripped": untoned, "half": half}


def subtitles(pattern: str) -> list[str]:
    """Texts of caption files below the repository or the shared data."""
    return [
        " ".join(_CUE.sub("", file.read_text("utf-8-sig")).split())
        for root in (DATA, ROOT)
        for file in sorted(root.glob(pattern))
    ]


def sentences(texts: Iterable[str]) -> list[str]:
    """Sentences of 4 to 20 words."""
    found = (part.strip() for text in texts for part in re.split(r"(?<=[.?!])\s", text))
    return [sentence for sentence in found if 4 <= len(words(sentence)) <= 20]


def asked(tune: bool) -> dict[str, list[str]]:
    """What is restored, by name; with `tune` every second of it."""
    sets = {name: [question.text for question in found] for name, found in questions().items()}
    with (DATA / "speech_vi" / "transcripts.tsv").open(encoding="utf-8") as file:
        sets["speech"] = [line.rstrip("\n").split("\t")[2] for line in file][1:]
    sets["subtitles"] = sentences(subtitles("subtitles_vi_3b1b/*.vi.srt")[1::2])[:300]
    sets = {name: [text for text in found if text != untoned(text, random)] for name, found in sets.items()}  # type: ignore[arg-type]
    return {name: found[::2] if tune else found for name, found in sets.items()}


def models() -> dict[str, WordCounts]:
    """What is learnt from, by name."""
    xquad = [str(row["text"]) for row in lines(DATA / "retrieval_vi_xquad" / "passages.jsonl")]
    articles = [f"{article.title}\n{article.text}" for article in law(*CODES)]
    spoken = subtitles("subtitles_vi_3b1b/*.vi.srt")[::2]
    return {
        "nothing (cold start)": base(),
        "demonstration archive": added(base(), subtitles("infra/demo_archive/captions/*.vi.srt")),
        "passages": added(base(), [*xquad, *articles, *spoken]),
        "passages, without phrasebook": added(WordCounts(), [*xquad, *articles, *spoken]),
    }


def measure(
    learnt: str, counts: WordCounts, order: int, name: str, typed: str, texts: Sequence[str]
) -> Figures:
    """Restore each text and compare."""
    restorer = NgramRestorer(counts, order=order)
    chance = random.Random(SEED)
    right = total = whole = sure = 0
    seconds = expected = 0.0
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for text in texts:
        given = TYPED[typed](text, chance)
        started = time.thread_time()
        found = restorer.restored(given)
        seconds += time.thread_time() - started
        got, meant = words(found.text), words(text)
        right += sum(a == b for a, b in zip(got, meant, strict=True))
        total += len(meant)
        whole += got == meant
        expected += found.words_right
        sure += got == meant and found.confidence >= 0.5
        bins[min(BINS - 1, int(found.confidence * BINS))].append((found.confidence, got == meant))
    return Figures(
        learnt,
        order,
        name,
        typed,
        len(texts),
        round(right / total, 4),
        round(expected / len(texts), 4),
        round(whole / len(texts), 3),
        round(sure / len(texts), 3),
        round(seconds / len(texts) * 1e6),
        tuple(
            (
                at / BINS,
                len(b),
                round(sum(c for c, _ in b) / len(b), 2),
                round(sum(r for _, r in b) / len(b), 2),
            )
            for at, b in enumerate(bins)
            if b
        ),
    )


class Generated:
    """Passages by random walks over the pairs of words of `counts`; `seconds` is what making them took."""

    def __init__(self, counts: WordCounts) -> None:
        self._counts = counts
        self._chance = random.Random(SEED)
        self._next: dict[int, tuple[list[int], list[int]]] = {}
        for pair, count in zip(counts.pairs.keys, counts.pairs.counts, strict=True):
            following, weights = self._next.setdefault(pair >> 16, ([], []))
            following.append(pair & 0xFFFF)
            weights.append(count)
        self._next = {word: (f, list(accumulate(w))) for word, (f, w) in self._next.items()}
        self.seconds = 0.0

    def passages(self, count: int) -> Iterator[str]:
        """So many texts."""
        for _ in range(count):
            started = time.thread_time()
            text, word = [], 1
            for _ in range(PASSAGE_SYLLABLES):
                following, weights = self._next.get(word) or self._next[1]
                word = self._chance.choices(following, cum_weights=weights)[0]
                text.append("7" if word == 2 else self._counts.words[word])
            self.seconds += time.thread_time() - started
            yield " ".join(text)


def grown(source: WordCounts, passages: int, texts: Sequence[str]) -> Growth:
    """Learn from generated passages and look at what comes of it."""
    generated = Generated(source)
    started = time.thread_time()
    counts = added(base(), generated.passages(passages))
    learning = time.thread_time() - started - generated.seconds
    episode = list(generated.passages(150))
    started = time.thread_time()
    counts = counts.plus(counted(episode))
    data = dumped(counts)
    adding = time.thread_time() - started
    started = time.thread_time()
    read = loaded(data)
    restorer = NgramRestorer(read)
    restorer.restored("bao hiem")
    loading = time.thread_time() - started
    started = time.thread_time()
    for text in texts:
        restorer.restored(text)
    asking = (time.thread_time() - started) / len(texts)
    return Growth(
        passages,
        min(passages * PASSAGE_SYLLABLES, SYLLABLES_MOST),
        len(read.words),
        len(read.pairs.keys),
        len(read.triples.keys),
        round(learning, 2),
        round(adding, 2),
        len(data),
        _size(read),
        round(loading, 3),
        round(asking * 1e6),
    )


def _size(counts: WordCounts) -> int:
    arrays = (
        counts.single, counts.varieties, counts.pairs.keys, counts.pairs.counts, counts.triples.keys,
        counts.triples.counts,
    )  # fmt: skip
    words_ = sum(map(sys.getsizeof, counts.words)) + sys.getsizeof(counts.ids)
    forms = sum(sys.getsizeof(k) + sys.getsizeof(v) for k, v in counts.forms.items())
    return sum(map(sys.getsizeof, arrays)) + words_ + forms + sys.getsizeof(counts.forms)


def main() -> None:
    """Print the tables and write bench-results/restoring.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true", help="only every second text, no growth")
    options = parser.parse_args()
    sets, learnt = asked(options.tune), models()
    figures: list[Figures] = []
    print(
        f"{'learnt from':29} order {'asked':9}  {'typed':8}    n  syll. (expect)  whole  ≥0.5 & right   µs  calibration"
    )
    for model, counts in learnt.items():
        for order in (1, 2, 3) if model == "passages" else (3,):
            for name, texts in sets.items():
                for typed in TYPED:
                    f = measure(model, counts, order, name, typed, texts)
                    figures.append(f)
                    bins = "  ".join(f"{mean:.2f}→{share:.2f} ({n})" for _, n, mean, share in f.bins)
                    print(
                        f"{model:29} {order:5} {name:9}  {typed:8} {f.count:4}  {f.syllables_right:.3f} ({f.syllables_right_expected:.3f})  {f.wholly_right:.3f}"
                        f"  {f.sure_and_right:12.3f} {f.microseconds:5.0f}  {bins}",
                        flush=True,
                    )
    if options.tune:
        return
    stripped = [untoned(text, random.Random(SEED)) for text in sets["xquad"]]
    growth = [grown(learnt["passages"], size, stripped) for size in SIZES]
    for g in growth:
        print(
            f"{g.passages:9} passages ({g.syllables} syllables): learnt in {g.learning} s, an episode more"
            f" {g.adding_an_episode} s, {g.words} words, {g.pairs} pairs, {g.triples} triples,"
            f" {g.written / 1e6:.1f} MB written, {g.in_memory / 1e6:.1f} MB in memory, loaded in {g.loading} s,"
            f" {g.microseconds:.0f} µs a query"
        )
    result = {"seed": SEED, "figures": [asdict(f) for f in figures], "growth": [asdict(g) for g in growth]}
    target: Path = ROOT / "bench-results" / "restoring.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""A big archive that was never spoken: seeded episodes with the statistics of real Vietnamese text.

Syllables follow each other as in the passages of ../shared/data (unigrams and bigrams, learnt when the
bench runs; no sentence of them comes out), with made-up names and numbers among them. Vectors are random
around clusters, and all lean one way as those of sentence embedders do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.archive.episodes import Episode, EpisodeState, Programme, Topic
from search.embedder import Vector, Vectors
from search.passages.passage import Passage, PassageKind
from search.text.folding import nfc, words
from search.text.syllables import SYLLABLES

DATA = Path(__file__).parents[2] / "shared" / "data"
SEED = 20261122
EPISODES = 10_000
SIZE = 384
PROGRAMMES, TOPICS, ORGANISATIONS, CLUSTERS = 12, 60, 40, 3000

_RUN_SECONDS = 40.0
_ANSWERS, _CHAPTERS = 0.08, 0.06
"""Of all passages."""
_LOOSE = 0.12
"""So often the next syllable is any, not one that was seen after the last."""
_RARE = 0.004
"""So often it is a rare one: a name, a number, a slip of the recogniser."""


class Language:
    """What was learnt of a language: its words in a row."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn from some texts."""
        said = [words(text) for text in texts]
        self.words: list[str] = sorted({word for text in said for word in text})
        ids = {word: number for number, word in enumerate(self.words)}
        row = np.array([ids[word] for text in said for word in text])
        order = np.argsort(row[:-1], kind="stable")
        self._row, self._following = row, row[1:][order]
        self._first = np.searchsorted(row[:-1][order], np.arange(len(self.words) + 1))

    @cached_property
    def rare(self) -> list[str]:
        """Syllables that are hardly said, and numbers."""
        return [*sorted(SYLLABLES), *map(str, range(1, 3000))]

    def sentences(self, chance: np.random.Generator, lengths: NDArray[np.intp]) -> list[str]:
        """As many texts as there are lengths (in syllables)."""
        count, longest = len(lengths), int(lengths.max())
        said = np.empty((longest, count), np.intp)
        last = self._row[chance.integers(0, len(self._row), count)]
        for at in range(longest):
            said[at] = last
            first, room = self._first[last], self._first[last + 1] - self._first[last]
            place = first + (chance.random(count) * room).astype(np.intp)
            loose = (room == 0) | (chance.random(count) < _LOOSE)
            anywhere = self._row[chance.integers(0, len(self._row), count)]
            last = np.where(loose, anywhere, self._following[np.minimum(place, len(self._following) - 1)])
        rare = chance.random((longest, count)) < _RARE
        return [self._text(said[: lengths[n], n], rare[: lengths[n], n], chance) for n in range(count)]

    def _text(self, ids: NDArray[np.intp], rare: NDArray[np.bool_], chance: np.random.Generator) -> str:
        text = [self.words[number] for number in ids]
        for at in np.flatnonzero(rare):
            text[at] = self.rare[int(chance.integers(len(self.rare)))]
        return " ".join(text).capitalize() + "."


@dataclass(frozen=True, slots=True)
class Made:
    """An episode for the catalogue and its passages for the index."""

    episode: Episode
    passages: list[Passage]


class BigArchive:
    """`passages` in about EPISODES episodes; every one can be made by itself, always the same."""

    def __init__(self, passages: int, *, vectors: bool = True) -> None:
        """Learn the language; make nothing yet. Raises `SystemExit` without the shared data."""
        self.count = min(EPISODES, max(20, passages // 100))
        self._each = passages // self.count
        self._vectors = vectors
        self._language = Language(_texts())
        chance = np.random.default_rng(SEED)
        self._lean = _unit(chance.normal(size=SIZE))
        self._clusters = _unit(chance.normal(size=(CLUSTERS, SIZE)))
        names = self._language.sentences(chance, np.full(PROGRAMMES + TOPICS + ORGANISATIONS, 3))
        self._names = [name.rstrip(".") for name in names]

    @property
    def programmes(self) -> list[Programme]:
        """All there are."""
        return [Programme(f"chuong-trinh-{n}", self._names[n], "vi", "") for n in range(PROGRAMMES)]

    @property
    def topics(self) -> list[Topic]:
        """All there are."""
        names = self._names[PROGRAMMES : PROGRAMMES + TOPICS]
        return [Topic(f"chu-de-{n}", name, f"Topic {n}") for n, name in enumerate(names)]

    def episodes(self) -> Iterator[tuple[str, list[Passage]]]:
        """What an index is built from."""
        for number in range(self.count):
            yield slug(number), self.made(number).passages

    def made(self, number: int, version: int = 0) -> Made:
        """One episode; another `version` says something else."""
        chance = np.random.default_rng([SEED, number, version])
        topics = tuple(
            dict.fromkeys(f"chu-de-{_zipf(chance, TOPICS)}" for _ in range(chance.integers(1, 5)))
        )
        day = date(2010, 1, 1) + timedelta(days=int(6000 * chance.random() ** 0.6))
        language = "en" if chance.random() < 0.03 else "vi"
        (title,) = self._language.sentences(chance, np.array([8]))
        episode = Episode(
            slug(number),
            f"chuong-trinh-{_zipf(chance, PROGRAMMES)}",
            title.rstrip("."),
            day,
            language=language,
            state=EpisodeState.PUBLISHED,
            topics=topics,
        )
        return Made(episode, self._passages(episode, chance))

    def _passages(self, episode: Episode, chance: np.random.Generator) -> list[Passage]:
        answers, chapters = max(1, round(self._each * _ANSWERS)), max(1, round(self._each * _CHAPTERS))
        runs = max(4, self._each - answers - chapters)
        texts = self._language.sentences(chance, chance.integers(15, 61, runs))
        titles = self._language.sentences(chance, chance.integers(5, 15, answers + chapters))
        starts = sorted(chance.choice(runs, min(runs, answers), replace=False).tolist())
        spans = [
            *((PassageKind.ANSWER, at, int(chance.integers(1, 4))) for at in starts),
            *((PassageKind.CHAPTER, at * runs // chapters, 1) for at in range(chapters)),
            *((PassageKind.SPEECH, at, 1) for at in range(runs)),
        ]
        found = []
        for number, (kind, at, length) in enumerate(spans):
            title = titles[number].rstrip(".") if kind is not PassageKind.SPEECH else ""
            text = " ".join(texts[at : at + length])
            found.append(self._passage(episode, kind, title, text, at, min(runs, at + length), chance))
        return found

    def _passage(
        self,
        episode: Episode,
        kind: PassageKind,
        title: str,
        text: str,
        first: int,
        end: int,
        chance: np.random.Generator,
    ) -> Passage:
        answer = kind is PassageKind.ANSWER
        organisation = self._names[PROGRAMMES + TOPICS + _zipf(chance, ORGANISATIONS)]
        return Passage(
            f"{episode.slug}:{kind}:{round(first * _RUN_SECONDS * 1000)}",
            episode.slug,
            kind,
            f"{title}?" if answer else title,
            text,
            first * _RUN_SECONDS,
            end * _RUN_SECONDS - 1.0,
            episode.programme,
            episode.title,
            episode.date,
            episode.language,
            episode.topics[: 1 + _zipf(chance, 2)] if answer else episode.topics,
            ("Luật sư Trần Thị Hoà",) if answer else (),
            organisations=(organisation,),
            vectors=self._around(chance, 1) if self._vectors else None,
        )

    def _around(self, chance: np.random.Generator, count: int) -> Vectors:
        """Vectors near some clusters, the cosine of any two of different clusters about 0.8."""
        own = self._clusters[chance.integers(0, CLUSTERS, count)]
        noise = _unit(chance.normal(size=(count, SIZE)))
        return _unit(1.6 * self._lean + 0.55 * own + 0.6 * noise).astype(np.float32)

    def vector(self, number: int) -> Vector:
        """What somebody may look for."""
        return self._around(np.random.default_rng([SEED, 7, number]), 1)[0]


def slug(number: int) -> str:
    """Of an episode."""
    return f"tap-{number:05d}"


def _zipf(chance: np.random.Generator, count: int) -> int:
    """A number below `count`, small ones more often."""
    return int(count ** chance.random()) - 1


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return found


def _texts() -> list[str]:
    """The passages to learn from."""
    files = [
        *sorted((DATA / "retrieval_vi_law" / "corpus").glob("*.jsonl")),
        DATA / "retrieval_vi_xquad" / "passages.jsonl",
    ]
    if not files[-1].exists():
        raise SystemExit(f"This bench learns from the test data in {DATA}, which is not here.")
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    xquad = [str(row["text"]) for row in rows if "law" not in row]
    law = [str(row["text"]) for row in rows if "law" in row]
    return [re.sub(r"\s+", " ", nfc(text)) for text in (*xquad * 4, *law)]

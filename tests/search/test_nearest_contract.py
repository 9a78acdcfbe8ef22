"""What every search index promises about meaning, over the fake and the real engines."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from media.errors import InvalidInput
from search.embedder import Vector, Vectors
from search.index import DEPTH_LIMIT, SearchIndex, SearchQuery
from search.passages.passage import Passage, PassageKind
from search.tantivy.index import TantivyIndex
from tests.fakes.index_memory import MemoryIndex

SIZE = 16
KINDS = (PassageKind.SPEECH, PassageKind.ANSWER, PassageKind.CHAPTER, PassageKind.SPEECH)


@pytest.fixture(params=["memory", "tantivy"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    yield MemoryIndex() if request.param == "memory" else TantivyIndex(tmp_path / "index")


def vectors(seed: int, count: int = 1, size: int = SIZE) -> Vectors:
    found = np.random.default_rng(seed).normal(size=(count, size))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def vector(seed: int, size: int = SIZE) -> Vector:
    return vectors(seed, 1, size)[0]


def passage(episode: int, number: int, held: Vectors | None) -> Passage:
    return Passage(
        id=f"tap-{episode}:{number}",
        episode=f"tap-{episode}",
        kind=KINDS[number % 4],
        title=f"Câu hỏi {number}",
        text="tiền lương",
        start=number * 100.0,
        end=number * 100.0 + 50.0,
        programme=f"chuong-trinh-{episode % 3}",
        episode_title=f"Tập {episode}",
        date=date(2020 + episode % 4, 3, 8),
        language="en" if episode % 5 == 0 else "vi",
        topics=(f"chu-de-{number % 3}", f"chu-de-{episode % 2 + 7}"),
        organisations=("Công đoàn",) if number % 2 else ("Sở Lao động",),
        vectors=held,
    )


def several(seed: int, episodes: int = 12, each: int = 10) -> dict[str, list[Passage]]:
    """Episodes whose passages have one to three vectors, every seventh none."""
    made = [
        passage(e, n, vectors(seed + 100 * e + n, 1 + n % 3) if n % 7 else None)
        for e in range(episodes)
        for n in range(each)
    ]
    return {f"tap-{e}": [p for p in made if p.episode == f"tap-{e}"] for e in range(episodes)}


EPISODES = several(0)


@pytest.fixture
def index(empty: SearchIndex) -> SearchIndex:
    empty.rebuild(list(EPISODES.items()))
    return empty


def expected(episodes: dict[str, list[Passage]], wanted: Vector, test: object = None) -> list[Passage]:
    held = [p for passages in episodes.values() for p in passages if p.vectors is not None]
    held = [p for p in held if test is None or test(p)]  # type: ignore[operator]
    return sorted(held, key=lambda p: -float((p.vectors @ wanted).max()))  # type: ignore[operator]


def nearest(index: SearchIndex, wanted: Vector, **filters: object) -> list[Passage]:
    filters = {"limit": 100} | filters
    return [h.passage for h in index.nearest(SearchQuery("", vector=wanted, **filters))]  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_nearest_first_by_the_nearest_of_a_passages_vectors(index: SearchIndex, seed: int) -> None:
    wanted = vector(1000 + seed)
    hits = index.nearest(SearchQuery("lương", vector=wanted, limit=30))
    best = expected(EPISODES, wanted)[:30]
    assert [hit.passage for hit in hits] == best
    for hit, held in zip(hits, best, strict=True):
        assert held.vectors is not None
        assert hit.closeness == hit.score == pytest.approx(float((held.vectors @ wanted).max()), abs=0.002)
        assert hit.passage.vectors is None or hit.passage is held


@pytest.mark.parametrize(
    ("filters", "test"),
    [
        ({"kinds": (PassageKind.ANSWER,)}, lambda p: p.kind == "answer"),
        ({"kinds": (PassageKind.ANSWER, PassageKind.CHAPTER)}, lambda p: p.kind != "speech"),
        ({"programme": "chuong-trinh-1"}, lambda p: p.programme == "chuong-trinh-1"),
        ({"topic": "chu-de-2"}, lambda p: "chu-de-2" in p.topics),
        ({"organisation": "Công đoàn"}, lambda p: p.organisations == ("Công đoàn",)),
        ({"year": 2021}, lambda p: p.date.year == 2021),
        ({"episode": "tap-7"}, lambda p: p.episode == "tap-7"),
        ({"language": "en"}, lambda p: p.language == "en"),
        ({"year": 2021, "topic": "chu-de-2"}, lambda p: p.date.year == 2021 and "chu-de-2" in p.topics),
        ({"year": 1900}, lambda p: False),
        ({"year": 10**30}, lambda p: False),
        ({"year": -1}, lambda p: False),
        ({"topic": "CHU-DE-2"}, lambda p: False),
        ({"topic": "\ud800"}, lambda p: False),
        ({"episode": ""}, lambda p: False),
    ],
)
def test_filters_hold_for_the_nearest(index: SearchIndex, filters: dict[str, object], test: object) -> None:
    wanted = vector(7)
    assert nearest(index, wanted, **filters) == expected(EPISODES, wanted, test)[:100]


def test_pages_of_the_nearest_follow_each_other(index: SearchIndex) -> None:
    wanted = vector(8)
    pages = [nearest(index, wanted, offset=offset, limit=25) for offset in range(0, 150, 25)]
    assert [p for page in pages for p in page] == expected(EPISODES, wanted)
    assert nearest(index, wanted, offset=DEPTH_LIMIT - 10, limit=10) == []
    for offset, limit in ((-1, 10), (0, 0), (DEPTH_LIMIT, 1)):
        with pytest.raises(InvalidInput):
            index.nearest(SearchQuery("", vector=wanted, offset=offset, limit=limit))


def test_without_comparable_vectors_nothing_is_near(index: SearchIndex) -> None:
    assert index.nearest(SearchQuery("lương")) == []
    assert nearest(index, vector(1, size=24)) == []
    assert nearest(index, np.full(SIZE, np.nan, np.float32)) == []
    assert nearest(index, np.zeros(0, np.float32)) == []
    index.rebuild([])
    assert nearest(index, vector(1)) == []


def test_vectors_of_another_embedder_are_left_out(index: SearchIndex) -> None:
    other = [passage(50, n, vectors(n, 2, size=24)) for n in range(3)]
    broken = [
        passage(51, 1, np.full((1, SIZE), np.nan, np.float32)),
        passage(51, 2, np.zeros((0, SIZE), np.float32)),
    ]
    index.replace("tap-50", other)
    index.replace("tap-51", broken)
    wanted, wider = vector(9), vector(9, size=24)
    assert nearest(index, wanted) == expected(EPISODES, wanted)[:100]
    assert nearest(index, wider) == expected({"tap-50": other}, wider)
    assert {
        h.closeness for h in index.search(SearchQuery("lương", episode="tap-51", vector=wanted)).hits
    } == {None}


def test_words_alone_decide_and_closeness_is_told(index: SearchIndex) -> None:
    wanted = vector(10)
    plain = index.search(SearchQuery("tiền lương", limit=100)).hits
    hits = index.search(SearchQuery("tiền lương", limit=100, vector=wanted)).hits
    assert [h.passage for h in hits] == [h.passage for h in plain]
    assert {h.closeness for h in plain} == {None}
    held = {p.id: p.vectors for passages in EPISODES.values() for p in passages}
    for hit in hits:
        own = held[hit.passage.id]
        close = None if own is None else pytest.approx(float((own @ wanted).max()), abs=0.002)
        assert hit.closeness == close
    assert {h.closeness for h in index.search(SearchQuery("tiền lương", vector=vector(1, 24))).hits} == {
        None
    }


def test_replaced_and_removed_passages_are_not_near(index: SearchIndex) -> None:
    wanted = vector(11)
    held = dict(EPISODES)
    for number in range(4):
        (gone, *_) = expected(held, wanted)
        left = [
            replace(p, vectors=vectors(900 + 20 * number + n))
            for n, p in enumerate(held[gone.episode])
            if p != gone
        ]
        held[gone.episode] = left if number % 2 else []
        index.replace(gone.episode, held[gone.episode])
        assert nearest(index, wanted) == expected(held, wanted)[:100]


def test_when_vectors_come_later(empty: SearchIndex) -> None:
    bare = [passage(1, n, None) for n in range(4)]
    empty.replace("tap-1", bare)
    wanted = vector(12)
    assert nearest(empty, wanted) == []
    known = [replace(p, vectors=vectors(n)) for n, p in enumerate(bare)]
    empty.replace("tap-1", known)
    assert nearest(empty, wanted) == expected({"tap-1": known}, wanted)


def test_one_near_passage_for_one_moment(empty: SearchIndex) -> None:
    answer = replace(passage(1, 1, vectors(1)), start=10.0, end=90.0)
    run = replace(passage(1, 0, vectors(2)), start=20.0, end=60.0)
    empty.replace("tap-1", [answer, run])
    wanted = vectors(2)[0]
    assert nearest(empty, wanted) == [answer]
    assert nearest(empty, wanted, episode="tap-1") == [run, answer]
    assert nearest(empty, wanted, kinds=(PassageKind.SPEECH,)) == [run]


def test_rebuilding_takes_passages_as_they_come(empty: SearchIndex) -> None:
    empty.replace("tap-99", [passage(99, 1, vectors(1))])
    empty.rebuild((slug, passages) for slug, passages in EPISODES.items())
    wanted = vector(13)
    assert nearest(empty, wanted) == expected(EPISODES, wanted)[:100]


@pytest.mark.slow
def test_nearest_while_others_write(index: SearchIndex) -> None:
    wanted = vector(14)
    best = expected(EPISODES, wanted)[:20]
    other = [passage(80, n, -wanted[np.newaxis]) for n in range(30)]

    def write(number: int) -> None:
        index.replace(
            f"tap-{80 + number % 3}", [replace(p, episode=f"tap-{80 + number % 3}") for p in other]
        )

    with ThreadPoolExecutor(5) as pool:
        writes = [pool.submit(write, number) for number in range(9)]
        found = list(pool.map(lambda _: nearest(index, wanted, limit=20), range(40)))
        for each in writes:
            each.result()
    assert all(each == best for each in found)
    assert {p.episode for p in nearest(index, -wanted, limit=90)} == {"tap-80", "tap-81", "tap-82"}

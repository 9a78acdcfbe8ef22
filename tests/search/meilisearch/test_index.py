"""What only an index on a server can suffer: it goes away, refuses, is killed, is shared."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import search.meilisearch.writing
from media.errors import Unavailable
from search.embedder import Vectors
from search.index import SearchQuery
from search.meilisearch.index import MeilisearchIndex
from search.meilisearch.settings import is_of, place_of, uid_of
from search.passages.passage import Passage, PassageKind
from tests.search.meilisearch.meilisearch_server import Running, meilisearch, new_server  # noqa: F401 - a fixture

PASSAGE = Passage(
    "tap-1:speech:0", "tap-1", PassageKind.SPEECH, "", "nghỉ thai sản sáu tháng", 0.0, 9.0,
    "diem-hen", "Tập 1", date(2026, 3, 8), "vi",
)  # fmt: skip
THAI_SAN = SearchQuery("thai san")


@pytest.fixture
def index(meilisearch: Running) -> MeilisearchIndex:  # noqa: F811
    return MeilisearchIndex(meilisearch.archive(), meilisearch.key)


@pytest.fixture
def own_server() -> Iterator[Running]:
    """One that may be killed."""
    running = new_server()
    yield running
    if running.process is not None:
        running.kill()
    assert running.folder is not None
    shutil.rmtree(running.folder, ignore_errors=True)


def of(episode: str, count: int, text: str = "nghỉ thai sản") -> list[Passage]:
    return [
        replace(
            PASSAGE, id=f"{episode}:{n}", episode=episode, text=f"{text} {n}", start=float(n), end=n + 1.0
        )
        for n in range(count)
    ]


def test_a_server_that_is_away_is_told_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(seconds: float) -> None:
        pytest.fail(f"It waits for {seconds} seconds.")

    monkeypatch.setattr(time, "sleep", never)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        index = MeilisearchIndex(f"http://127.0.0.1:{free.getsockname()[1]}")
    for ask in (
        lambda: index.search(THAI_SAN), index.counts, index.current, lambda: index.suggest("thai"),
        lambda: index.replace("tap-1", []), lambda: index.rebuild([]),
    ):  # fmt: skip
        with pytest.raises(Unavailable, match="start Meilisearch there, or mend TUALAI_INDEX_URL"):
            ask()


@pytest.mark.meilisearch
def test_a_wrong_key_is_told(meilisearch: Running) -> None:  # noqa: F811
    index = MeilisearchIndex(meilisearch.archive(), "a wrong one")
    with pytest.raises(Unavailable, match="TUALAI_INDEX_KEY"):
        index.search(THAI_SAN)
    with pytest.raises(Unavailable, match="TUALAI_INDEX_KEY"):
        index.replace("tap-1", [PASSAGE])


@pytest.mark.meilisearch
def test_nothing_is_made_by_reading(index: MeilisearchIndex) -> None:
    assert index.search(THAI_SAN).hits == ()
    assert index.counts() == {}
    assert index.suggest("thai") == []
    assert not index.current()


@pytest.mark.meilisearch
def test_archives_on_one_server_are_apart(meilisearch: Running) -> None:  # noqa: F811
    one, other = (MeilisearchIndex(meilisearch.archive(), meilisearch.key) for _ in range(2))
    one.replace("tap-1", [PASSAGE])
    other.rebuild([("tap-2", of("tap-2", 2))])
    assert one.counts() == {"tap-1": 1}
    assert other.counts() == {"tap-2": 2}


@pytest.mark.meilisearch
def test_another_process_sees_what_is_written(meilisearch: Running) -> None:  # noqa: F811
    url = meilisearch.archive()
    writer, reader = (MeilisearchIndex(url, meilisearch.key) for _ in range(2))
    for number in range(1, 4):
        writer.replace(f"tap-{number}", of(f"tap-{number}", 1))
        assert reader.search(THAI_SAN).total == number
    writer.rebuild([("tap-1", [replace(PASSAGE, text="tiền thưởng tết")])])
    assert reader.search(SearchQuery("thưởng")).total == 1
    assert reader.search(THAI_SAN).total == 0


@pytest.mark.meilisearch
def test_an_episode_is_never_missing_and_never_mixed(index: MeilisearchIndex) -> None:
    """Readers of an episode that is replaced see all of it, old or new, and of an index that is rebuilt."""
    index.replace("tap-1", of("tap-1", 5, "thai sản một"))
    seen: set[tuple[int, int]] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            hits = index.search(SearchQuery("thai sản", limit=20)).hits
            seen.add((len(hits), sum("hai" in hit.passage.text.split() for hit in hits)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(2):
            index.replace("tap-1", of("tap-1", 3, "thai sản hai"))
            index.replace("tap-1", of("tap-1", 5, "thai sản một"))
        index.rebuild([("tap-1", of("tap-1", 3, "thai sản hai"))])
    finally:
        done.set()
        reader.join()
    assert seen <= {(5, 0), (3, 3)}, seen


@pytest.mark.meilisearch
def test_a_rebuild_under_way_keeps_others_from_writing(
    meilisearch: Running,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = meilisearch.archive()
    index, other = (MeilisearchIndex(url, meilisearch.key) for _ in range(2))
    index.replace("tap-1", [PASSAGE])

    def episodes() -> Iterator[tuple[str, list[Passage]]]:
        with pytest.raises(Unavailable, match="rebuilding"):
            other.replace("tap-2", of("tap-2", 1))
        with pytest.raises(Unavailable, match="rebuilding"):
            other.rebuild([])
        assert other.search(THAI_SAN).total == 1
        yield "tap-3", of("tap-3", 2)
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        index.rebuild(episodes())
    assert index.counts() == {"tap-1": 1}
    other.replace("tap-2", of("tap-2", 1))
    assert index.counts() == {"tap-1": 1, "tap-2": 1}
    # What a killed process leaves behind is taken over after a while.
    search.meilisearch.writing.Writing(index._server, index._name)._start()
    with pytest.raises(Unavailable, match="rebuilding"):
        other.rebuild([])
    monkeypatch.setattr(search.meilisearch.writing, "ABANDONED_SECONDS", 0.0)
    other.rebuild([("tap-4", of("tap-4", 1))])
    assert index.counts() == {"tap-4": 1}


@pytest.mark.meilisearch
def test_other_settings_count_as_no_index(
    meilisearch: Running,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = meilisearch.archive()
    MeilisearchIndex(url, meilisearch.key).replace("tap-1", [PASSAGE])
    monkeypatch.setitem(search.settings_meilisearch.SETTINGS, "searchCutoffMs", 501)
    newer = MeilisearchIndex(url, meilisearch.key)
    assert not newer.current()
    assert newer.search(THAI_SAN).total == 0
    newer.rebuild([("tap-1", [PASSAGE])])
    assert newer.current()
    assert newer.search(THAI_SAN).total == 1
    name = place_of(url)[1]
    assert [uid for uid in newer._server.indexes() if is_of(name, uid)] == [uid_of(name)]


@pytest.mark.meilisearch
def test_many_hits_are_paged_once_each(index: MeilisearchIndex) -> None:
    index.rebuild([("tap-1", of("tap-1", 400))])
    ids: list[str] = []
    for offset in range(0, 420, 60):
        page = index.search(SearchQuery("thai sản", episode="tap-1", offset=offset, limit=60))
        assert page.total == 400
        ids += [hit.passage.id for hit in page.hits]
    assert len(ids) == len(set(ids)) == 400


def rebuilding(index: MeilisearchIndex, failed: list[BaseException]) -> None:
    try:
        index.rebuild([("tap-1", of("tap-1", 3)), ("tap-2", of("tap-2", 3000))])
    except BaseException as error:
        failed.append(error)


@pytest.mark.meilisearch
@pytest.mark.slow
def test_kill_9_of_the_server_while_writing(own_server: Running) -> None:
    index = MeilisearchIndex(f"{own_server.url}/mot", own_server.key)
    index.rebuild([("tap-1", of("tap-1", 3))])
    for pause in (0.0, 0.05, 0.2):
        failed: list[BaseException] = []
        writer = threading.Thread(target=rebuilding, args=(index, failed))
        writer.start()
        time.sleep(pause)
        own_server.kill()
        writer.join()
        assert all(isinstance(error, Unavailable) for error in failed)
        with pytest.raises(Unavailable, match="start Meilisearch"):
            index.search(THAI_SAN)
        own_server.start()
        assert index.current()
        assert index.counts() in ({"tap-1": 3}, {"tap-1": 3, "tap-2": 3000})
        assert index.search(SearchQuery("thai sản", episode="tap-1")).total == 3
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search.meilisearch.writing, "ABANDONED_SECONDS", 0.0)
        index.rebuild([("tap-1", of("tap-1", 3))])
    assert index.counts() == {"tap-1": 3}


def vectors(*rows: tuple[float, ...]) -> Vectors:
    found = np.array(rows, np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


@pytest.mark.meilisearch
def test_the_nearest_in_meaning_of_any_of_its_excerpts(index: MeilisearchIndex) -> None:
    near, far, none = of("tap-1", 1)[0], *of("tap-2", 2)
    near = replace(near, vectors=vectors((1, 0, 0), (0, 1, 0.1)))
    far = replace(far, vectors=vectors((1, 0.2, 1)), programme="khac")
    index.rebuild([("tap-1", [near]), ("tap-2", [far, none])])
    (asked,) = vectors((0, 1, 0))
    hits = index.nearest(SearchQuery("", vector=asked))
    assert [hit.passage for hit in hits] == [near, far]
    assert [hit.closeness for hit in hits] == pytest.approx([0.995, 0.140], abs=0.002)
    assert [h.passage for h in index.nearest(SearchQuery("", vector=asked, programme="khac"))] == [far]
    assert index.nearest(SearchQuery("", vector=asked[:2])) == []
    assert index.nearest(SearchQuery("thai sản")) == []
    found = {h.passage: h.closeness for h in index.search(SearchQuery("thai sản", vector=asked)).hits}
    assert found[none] is None
    assert found[near] == pytest.approx(0.995, abs=0.002)


@pytest.mark.meilisearch
def test_vectors_of_another_size_may_come_later(index: MeilisearchIndex) -> None:
    index.replace("tap-1", of("tap-1", 1))
    for row in ((1.0, 0.0), (0.0, 1.0, 0.0, 0.0)):
        index.replace("tap-1", [replace(PASSAGE, vectors=vectors(row))])
        (asked,) = vectors(row)
        (hit,) = index.nearest(SearchQuery("", vector=asked))
        assert hit.closeness == pytest.approx(1.0, abs=0.001)
    assert index.nearest(SearchQuery("", vector=vectors((1.0, 0.0))[0])) == []
    index.replace("tap-1", [replace(PASSAGE, vectors=vectors((1, 0)) * np.nan)])
    assert index.counts() == {"tap-1": 1}
    assert index.nearest(SearchQuery("", vector=vectors((0, 1, 0, 0))[0])) == []

"""Meaning follows words: what is embedded, when, and what a crash leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from media.archive.episodes import EpisodeState
from media.errors import Unavailable
from search.embedder import Vectors
from search.embedding.backfill import (
    BATCH_CHARACTERS,
    BATCH_TEXTS,
    Meaning,
    all_attached,
    batches,
    embed_next,
)
from search.embedding.excerpts import excerpts_of
from search.embedding.vector_store import digest_of
from search.index import SearchQuery
from search.indexer import drain, published_passages, reindex
from search.passages.passage import Passage
from tests.fakes.embedder_syllables import SyllableEmbedder
from tests.fakes.index_memory import MemoryIndex
from tests.stores import Stores
from transcribe.cues import Cue
from transcribe.transcripts import Transcript, TranscriptOrigin

SAID = (
    "Lao động nữ mang thai được nghỉ trước và sau khi sinh con là sáu tháng.",
    "Làm thêm giờ vào ngày chủ nhật được trả ít nhất hai trăm phần trăm lương.",
    "Công ty nợ bảo hiểm xã hội thì anh chị gửi đơn đến cơ quan bảo hiểm.",
    "Hết hạn hợp đồng mà vẫn làm việc thì hai bên phải ký hợp đồng mới.",
)


class Killed(BaseException):
    """The process dies here."""


class DyingEmbedder(SyllableEmbedder):
    """Dies at the batch after `left` batches."""

    left = 1

    def excerpts(self, texts: Sequence[str]) -> Vectors:
        if not self.left:
            raise Killed
        self.left -= 1
        return super().excerpts(texts)


class Site:
    """An archive with its index, and a worker that can be made to die."""

    def __init__(self, stores: Stores, embedder: SyllableEmbedder | None = None) -> None:
        self.stores = stores
        self.embedder = embedder or SyllableEmbedder()
        self.index = MemoryIndex()

    @property
    def meaning(self) -> Meaning:
        return Meaning(self.embedder, self.stores.vectors)

    def publish(self, slug: str, said: Sequence[str] = SAID, day: int = 1) -> None:
        self.stores.add(slug, date=date(2026, 3, day))
        self.say(slug, said)
        self.stores.catalogue.set_state(slug, EpisodeState.PUBLISHED)

    def say(self, slug: str, said: Sequence[str]) -> None:
        cues = tuple(Cue(60.0 * n, 60.0 * n + 40, text) for n, text in enumerate(said))
        self.stores.transcripts.save_transcript(slug, Transcript("vi", TranscriptOrigin.EDITED, cues))

    def drain(self) -> int:
        s = self.stores
        return drain(s.changes, s.catalogue, s.transcripts, self.index, self.meaning)

    def published(self, slug: str) -> list[Passage]:
        return published_passages(slug, self.stores.catalogue, self.stores.transcripts)

    def embed(self, stopped: Sequence[bool] = ()) -> str | None:
        answers = iter(stopped)
        return embed_next(self.meaning, self.stores.changes, self.published, lambda: next(answers, False))

    def settle_down(self) -> None:
        """What a worker does until nothing is left."""
        self.drain()
        while self.embed():
            self.drain()

    def nearest(self, text: str) -> list[str]:
        found = self.index.nearest(SearchQuery("", vector=self.embedder.query(text)))
        return [hit.passage.text for hit in found]


@pytest.fixture
def site(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr("search.embedding.backfill.BATCH_TEXTS", 1)
    return Site(stores)


def nobody_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute after a crash, in which nobody stored a batch."""
    monkeypatch.setattr("search.embedding.backfill.HELD_SECONDS", 0.0)


def test_words_are_found_at_once_and_meaning_follows(site: Site) -> None:
    site.publish("mot")
    assert site.drain() == 1
    assert site.embedder.embedded == []
    assert site.index.search(SearchQuery("chu nhat")).total > 0
    assert site.nearest("mang thai sinh con") == []
    assert site.embed() == "mot"
    assert site.stores.changes.pending()
    site.drain()
    assert "mang thai" in site.nearest("mang thai sinh con")[0]
    assert "chủ nhật" in site.nearest("làm thêm ngày chủ nhật")[0]
    assert site.stores.vectors.waiting(site.embedder.name) == []
    assert site.embed() is None and site.drain() == 0


def test_a_killed_worker_loses_one_batch(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.embedding.backfill.BATCH_TEXTS", 1)
    nobody_is_alive(monkeypatch)
    site = Site(stores, DyingEmbedder())
    site.publish("mot")
    site.drain()
    with pytest.raises(Killed):
        site.embed()
    assert site.index.search(SearchQuery("chu nhat")).total > 0
    kept = list(site.embedder.embedded)
    assert len(kept) == 1
    # The dead process wrote nothing more, not even that it gives the episode back.
    stores.vectors.hold("mot", 0.0)
    site.embedder = SyllableEmbedder()
    site.settle_down()
    assert not set(kept) & set(site.embedder.embedded)
    assert len(site.embedder.embedded) == len(SAID) - 1
    assert "mang thai" in site.nearest("mang thai sinh con")[0]


def test_killed_between_the_last_vector_and_the_index(site: Site) -> None:
    site.publish("mot")
    site.drain()
    site.meaning.embed(site.meaning.missing(site.published("mot")))
    embedded = len(site.embedder.embedded)
    site.settle_down()
    assert len(site.embedder.embedded) == embedded
    assert site.nearest("mang thai")


def test_killed_between_the_index_and_the_note_that_it_is_done(site: Site) -> None:
    site.publish("mot")
    site.settle_down()
    site.stores.vectors.incomplete(["mot"])
    site.settle_down()
    assert site.stores.vectors.waiting(site.embedder.name) == []
    assert len(site.embedder.embedded) == len(SAID)


def test_correcting_one_cue_embeds_one_text(site: Site) -> None:
    site.publish("mot")
    site.settle_down()
    site.embedder.embedded.clear()
    site.say("mot", [*SAID[:3], "Nhà trọ của công nhân tính giá điện bậc ba."])
    site.drain()
    assert "mang thai" in site.nearest("mang thai sinh con")[0], "what is unchanged keeps its meaning"
    site.settle_down()
    assert len(site.embedder.embedded) == 1 and "nhà trọ" in site.embedder.embedded[0].lower()
    assert "Nhà trọ" in site.nearest("giá điện nhà trọ")[0]


def test_an_edit_while_embedding_never_indexes_what_was(stores: Stores) -> None:
    site = Site(stores)

    class Editing(SyllableEmbedder):
        edited = False

        def excerpts(self, texts: Sequence[str]) -> Vectors:
            if not self.edited:
                self.edited = True
                site.say("mot", ["Nội dung mới về tiền thưởng cuối năm cho công nhân."])
                site.drain()
            return super().excerpts(texts)

    site.embedder = Editing()
    site.publish("mot")
    site.drain()
    site.embed()
    site.drain()
    assert site.index.counts() == {"mot": 1}
    site.settle_down()
    assert site.nearest("tiền thưởng") == ["Nội dung mới về tiền thưởng cuối năm cho công nhân."]


def test_withdrawn_while_embedding_is_not_found(stores: Stores) -> None:
    site = Site(stores)
    site.publish("mot")
    site.drain()
    stores.catalogue.set_state("mot", EpisodeState.WITHDRAWN)
    site.drain()
    assert site.embed() is None
    assert site.nearest("mang thai") == []


def test_the_newest_episode_comes_first(site: Site) -> None:
    for slug, day in (("cu", 2), ("moi", 20), ("giua", 9)):
        site.publish(slug, [f"{slug} {SAID[0]}"], day)
    site.drain()
    assert [site.embed() for _ in range(4)] == ["moi", "giua", "cu", None]


def test_stopping_gives_the_episode_back(site: Site) -> None:
    site.publish("mot")
    site.drain()
    assert site.embed(stopped=[False, True]) == "mot"
    assert len(site.embedder.embedded) == 1
    site.settle_down()
    assert len(site.embedder.embedded) == len(SAID)


def test_an_embedder_that_is_away_keeps_nothing_from_search(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_is_alive(monkeypatch)
    site.publish("mot")
    site.embedder.away = True
    site.drain()
    with pytest.raises(Unavailable):
        site.embed()
    assert site.index.search(SearchQuery("chu nhat")).total > 0
    site.embedder.away = False
    site.settle_down()
    assert site.nearest("mang thai")


def test_a_text_that_breaks_the_program_does_not_keep_others_waiting(site: Site) -> None:
    site.publish("hong", ["hỏng " + SAID[0]], day=9)
    site.publish("lanh", SAID, day=1)
    site.drain()
    sound = site.embedder.excerpts

    def breaking(texts: Sequence[str]) -> Vectors:
        if any("hỏng" in text for text in texts):
            raise ZeroDivisionError
        return sound(texts)

    site.embedder.excerpts = breaking  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        site.embed()
    assert site.embed() == "lanh"
    assert site.stores.vectors.waiting(site.embedder.name) == ["hong", "lanh"]


def test_two_workers_embed_nothing_twice(site: Site) -> None:
    site.publish("mot", [f"một {text}" for text in SAID], 2)
    site.publish("hai", [f"hai {text}" for text in SAID], 1)
    other = Site(site.stores, SyllableEmbedder())
    other.index = site.index

    class Busy(SyllableEmbedder):
        def excerpts(self, texts: Sequence[str]) -> Vectors:
            other.embed()
            return super().excerpts(texts)

    site.embedder = Busy()
    site.settle_down()
    done = [*site.embedder.embedded, *other.embedder.embedded]
    assert len(done) == len(set(done)) == 2 * len(SAID)
    assert other.embedder.embedded


def test_another_embedder_embeds_all_anew_and_the_old_vectors_serve_until_then(site: Site) -> None:
    site.publish("mot")
    site.settle_down()
    site.embedder = SyllableEmbedder("syllables/2", size=64)
    site.settle_down()
    assert len(site.embedder.embedded) == len(SAID)
    assert "mang thai" in site.nearest("mang thai sinh con")[0]


def test_reindexing_keeps_the_vectors_and_forgets_unused_ones(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.indexer.UNUSED_SECONDS", 0.0)
    site.publish("mot")
    site.publish("hai", ["Nhà trọ của công nhân tính giá điện bậc ba."], 2)
    site.settle_down()
    site.publish("ba", ["Quà Tết cho công nhân ở lại khu trọ năm nay là gì?"], 3)
    site.say("hai", ["Tiền thuê nhà trọ được hỗ trợ ba tháng liền."])
    site.index = MemoryIndex()
    stores = site.stores
    assert reindex(stores.catalogue, stores.transcripts, site.index, meaning=site.meaning) == len(SAID) + 2
    assert "mang thai" in site.nearest("mang thai sinh con")[0]
    assert sorted(stores.vectors.waiting(site.embedder.name)) == ["ba", "hai"]
    gone = digest_of("Nhà trọ của công nhân tính giá điện bậc ba.")
    assert stores.vectors.known(site.embedder.name, [gone]) == {}
    site.embedder.embedded.clear()
    site.settle_down()
    assert len(site.embedder.embedded) == 2


def test_an_episode_without_words_does_not_wait_for_ever(site: Site) -> None:
    site.stores.add("im")
    site.stores.catalogue.set_state("im", EpisodeState.PUBLISHED)
    site.settle_down()
    assert site.stores.vectors.waiting(site.embedder.name) == []


def test_vectors_are_attached_in_the_order_of_the_excerpts(site: Site) -> None:
    site.publish("mot")
    passages = site.published("mot")
    assert not all_attached(site.meaning.attach(passages))
    site.meaning.embed(site.meaning.missing(passages)[:1])
    partly = site.meaning.attach(passages)
    assert [p.vectors is not None for p in partly] == [True, False, False, False]
    site.meaning.embed(site.meaning.missing(passages))
    for passage in site.meaning.attach(passages):
        assert passage.vectors is not None
        expected = site.embedder.excerpts(excerpts_of(passage))
        np.testing.assert_allclose(passage.vectors, expected, atol=2e-3)
        assert replace(passage, vectors=None) in passages


def test_batches_are_small_and_leave_nothing_out() -> None:
    texts = [str(n) * 100 for n in range(100)] + ["x" * 9000] + ["y"] * 50
    made = list(batches(texts))
    assert [text for batch in made for text in batch] == texts
    for batch in made:
        assert len(batch) <= BATCH_TEXTS
        assert sum(map(len, batch)) <= BATCH_CHARACTERS or len(batch) == 1
    assert list(batches([])) == []

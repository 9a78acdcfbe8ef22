"""The index follows the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

from media.archive.episodes import Episode, EpisodeState, Programme, Recording
from media.errors import Unavailable
from media.probing.media_info import MediaInfo
from search.embedding.backfill import Meaning
from search.index import SearchQuery
from search.indexer import drain, in_step, published_passages, reindex
from search.passages.passage import Passage
from search.tantivy.index import TantivyIndex
from tests.fakes.catalogue_memory import MemoryCatalogue
from tests.fakes.embedder_syllables import SyllableEmbedder
from tests.fakes.index_memory import MemoryIndex
from tests.fakes.transcripts_memory import MemoryTranscripts
from tests.fakes.vectors_memory import MemoryVectors
from transcribe.cues import Cue
from transcribe.transcripts import Transcript, TranscriptOrigin

INFO = MediaInfo(container="mp4", duration=60.0)


class Archive:
    """A catalogue with two published episodes and one in review."""

    def __init__(self) -> None:
        self.catalogue = MemoryCatalogue()
        self.changes = self.catalogue.changes
        self.transcripts = MemoryTranscripts(self.catalogue)
        self.catalogue.save_programme(Programme("diem-hen", "Điểm hẹn"))
        for slug, text in (("tap-1", "nghỉ thai sản"), ("tap-2", "tiền lương"), ("tap-3", "nhà trọ")):
            recording = Recording(slug * 8, "a.mp4", 1, "key", INFO)
            self.catalogue.add_episode(Episode(slug, "diem-hen", slug, date(2026, 3, 8)), recording)
            self.say(slug, text)
        for slug in ("tap-1", "tap-2"):
            self.catalogue.set_state(slug, EpisodeState.PUBLISHED)

    def say(self, slug: str, text: str) -> None:
        cues = (Cue(0, 5, text),)
        self.transcripts.save_transcript(slug, Transcript("vi", TranscriptOrigin.EDITED, cues))


@pytest.fixture
def archive() -> Archive:
    return Archive()


def all_drained(archive: Archive, index: MemoryIndex | TantivyIndex) -> int:
    return drain(archive.changes, archive.catalogue, archive.transcripts, index)


def test_what_is_published_is_found(archive: Archive) -> None:
    index = MemoryIndex()
    assert all_drained(archive, index) == 3
    assert index.counts() == {"tap-1": 1, "tap-2": 1}
    assert archive.changes.pending() == []
    assert all_drained(archive, index) == 0
    archive.say("tap-1", "trợ cấp thất nghiệp")
    archive.catalogue.set_state("tap-2", EpisodeState.WITHDRAWN)
    assert all_drained(archive, index) == 2
    assert index.counts() == {"tap-1": 1}
    assert index.search(SearchQuery("that nghiep")).total == 1
    assert index.search(SearchQuery("thai sản")).total == 0


def test_more_changes_than_a_batch(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.indexer.BATCH", 1)
    assert all_drained(archive, MemoryIndex()) == 3
    assert archive.changes.pending() == []


class BusyIndex(MemoryIndex):
    """Fails from the second write on."""

    left = 1

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        if not self.left:
            raise Unavailable("Another program is writing; try again.")
        self.left -= 1
        super().replace(episode, passages)


def test_a_busy_index_leaves_the_change_pending(archive: Archive) -> None:
    index = BusyIndex()
    with pytest.raises(Unavailable):
        all_drained(archive, index)
    assert len(archive.changes.pending()) == 2
    index.left = 9
    assert all_drained(archive, index) == 2
    assert in_step(archive.changes, archive.catalogue, archive.transcripts, index).ok


def test_an_index_that_fails_is_not_said_to_have_the_vectors(archive: Archive) -> None:
    index, store = BusyIndex(), MemoryVectors(archive.catalogue)
    index.left = 0
    meaning = Meaning(SyllableEmbedder(), store)
    passages = published_passages("tap-1", archive.catalogue, archive.transcripts)
    meaning.embed(meaning.missing(passages))
    with pytest.raises(Unavailable):
        drain(archive.changes, archive.catalogue, archive.transcripts, index, meaning)
    assert store.waiting(meaning.embedder.name) == ["tap-1", "tap-2"]
    index.left = 9
    drain(archive.changes, archive.catalogue, archive.transcripts, index, meaning)
    assert store.waiting(meaning.embedder.name) == ["tap-2"]


def test_a_rebuild_that_fails_is_not_said_to_have_the_vectors(archive: Archive) -> None:
    class Failing(MemoryIndex):
        def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
            list(episodes)
            raise Unavailable("The disk is full.")

    store = MemoryVectors(archive.catalogue)
    meaning = Meaning(SyllableEmbedder(), store)
    store.complete(meaning.embedder.name, ["tap-1", "tap-2"])
    passages = published_passages("tap-1", archive.catalogue, archive.transcripts)
    meaning.embed(meaning.missing(passages))
    with pytest.raises(Unavailable):
        reindex(archive.catalogue, archive.transcripts, Failing(), meaning=meaning)
    assert store.waiting(meaning.embedder.name) == ["tap-2"]


def test_a_missing_index_is_rebuilt_whole(archive: Archive, tmp_path: Path) -> None:
    for slug, number in archive.changes.pending():
        archive.changes.settle(slug, number)
    archive.say("tap-1", "nghỉ ốm")
    index = TantivyIndex(tmp_path / "index")
    assert all_drained(archive, index) == 1
    assert index.counts() == {"tap-1": 1, "tap-2": 1}


def test_reindex_and_in_step(archive: Archive) -> None:
    index = MemoryIndex()
    index.replace("tap-cu", index_passages(archive))
    before = in_step(archive.changes, archive.catalogue, archive.transcripts, index)
    assert (before.missing, before.extra) == (("tap-1", "tap-2"), ("tap-cu",))
    assert before.pending == ("tap-1", "tap-2", "tap-3")
    assert not before.ok
    seen: list[float] = []
    assert reindex(archive.catalogue, archive.transcripts, index, lambda done, _: seen.append(done)) == 2
    assert seen[-1] == 1.0
    all_drained(archive, index)
    after = in_step(archive.changes, archive.catalogue, archive.transcripts, index)
    assert after.ok
    assert after.passages == 2


def index_passages(archive: Archive) -> list[Passage]:
    return published_passages("tap-1", archive.catalogue, archive.transcripts)

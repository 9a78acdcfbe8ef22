from __future__ import annotations

import threading
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search.diacritics.counts
import search.diacritics.learning
from infra.db.search.learnings import SqlLearnings
from media.archive.episodes import EpisodeState
from media.errors import InvalidInput
from search.diacritics.counts import (
    BEGIN,
    NUMBER,
    Counting,
    CountTable,
    WordCounts,
    counted,
    dumped,
    key,
    loaded,
)
from search.diacritics.learning import FollowingRestorer, Learning, Learnings, learn
from tests.fakes.learnings_memory import MemoryLearnings
from tests.stores import Stores
from tests.waiting import PATIENCE_SECONDS, until
from transcribe.cues import Cue
from transcribe.transcripts import Transcript, TranscriptOrigin

SAID = "Quỵt lương lãn công. Cò quay tùm lum"


@pytest.fixture
def learnings(stores: Stores) -> Learnings:
    if stores.database is None:
        return MemoryLearnings(stores.catalogue, stores.transcripts)
    return SqlLearnings(stores.database)


def publish(stores: Stores, slug: str, text: str, language: str = "vi") -> None:
    if slug not in {episode.slug for episode in stores.catalogue.episodes()}:
        stores.add(slug)
    stores.transcripts.save_transcript(
        slug, Transcript(language, TranscriptOrigin.EDITED, (Cue(0.0, 4.0, text),))
    )
    stores.catalogue.set_state(slug, EpisodeState.PUBLISHED)


def learnt(stores: Stores, learnings: Learnings) -> int:
    return learn(learnings, stores.catalogue, stores.transcripts)


def test_what_is_published_is_learnt_once(stores: Stores, learnings: Learnings) -> None:
    restorer = FollowingRestorer(learnings)
    assert restorer.restored("tum lum").text == "tum lum"
    publish(stores, "mot", SAID)
    assert learnt(stores, learnings) == 1
    restorer.refresh()
    assert restorer.restored("co quay tum lum").text == "cò quay tùm lum"
    assert restorer.restored("bao hiem xa hoi").text == "bảo hiểm xã hội", (
        "what was known at first still is"
    )
    assert learnt(stores, learnings) == 0
    publish(stores, "hai", "Khều nhẹ")
    assert learnt(stores, learnings) == 1
    restorer.refresh()
    assert restorer.restored("kheu nhe, co quay tum lum").text == "khều nhẹ, cò quay tùm lum"
    state = learnings.state()
    assert (
        state is not None
        and state.number == 2
        and set(state.episodes) == {"mot", "hai"}
        and not state.model
    )


def test_only_published_vietnamese_is_learnt(stores: Stores, learnings: Learnings) -> None:
    publish(stores, "mot", SAID, language="en")
    publish(stores, "hai", SAID)
    stores.catalogue.set_state("hai", EpisodeState.REVIEW)
    assert learnings.published() == {}
    learnt(stores, learnings)
    restorer = FollowingRestorer(learnings)
    restorer.refresh()
    assert restorer.restored("tum lum").text == "tum lum"


def test_what_is_withdrawn_or_changed_is_forgotten(
    stores: Stores, learnings: Learnings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(stores, "mot", SAID)
    publish(stores, "hai", "Khều nhẹ")
    learnt(stores, learnings)
    stores.catalogue.set_state("mot", EpisodeState.WITHDRAWN)
    publish(stores, "hai", "Ngoắc tay")
    monkeypatch.setattr(search.diacritics.learning, "_SHARE", 1e9)  # too soon to learn all anew
    assert learnt(stores, learnings) == 1
    restorer = FollowingRestorer(learnings)
    restorer.refresh()
    assert restorer.restored("ngoac tay tum lum").text == "ngoắc tay tùm lum"
    monkeypatch.setattr(search.diacritics.learning, "_SHARE", 0)
    assert learnt(stores, learnings) == 1
    restorer.refresh()
    assert restorer.restored("ngoac tay").text == "ngoắc tay"
    assert restorer.restored("tum lum, kheu").text == "tum lum, kheu"
    assert learnt(stores, learnings) == 0


def test_of_two_workers_one_saves(stores: Stores, learnings: Learnings) -> None:
    model = dumped(WordCounts())
    assert learnings.save(Learning(1, {"mot": 3}, model=model))
    assert not learnings.save(Learning(1, {"hai": 1}, model=model))
    assert learnings.save(Learning(2, {"mot": 4}, stale=True, anew_at=5.5, anew_seconds=0.25, model=model))
    assert learnings.newest(after=2) is None
    assert learnings.newest(1) == Learning(2, {"mot": 4}, True, 5.5, 0.25, model)


def test_another_format_is_learnt_anew(stores: Stores, learnings: Learnings) -> None:
    publish(stores, "mot", SAID)
    learnings.save(Learning(7, {"mot": 1}, model=b"?", format=0))
    restorer = FollowingRestorer(learnings)
    restorer.refresh()
    assert restorer.restored("bao hiem").text == "bảo hiểm"
    assert learnt(stores, learnings) == 1
    restorer.refresh()
    assert restorer.restored("tum lum").text == "tùm lum"


def test_a_search_does_not_wait_for_what_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(MemoryLearnings):
        def __init__(self) -> None:
            self.asked = 0
            self.answers = threading.Event()

        def newest(self, after: int = 0) -> Learning | None:
            self.asked += 1
            assert self.answers.wait(PATIENCE_SECONDS)
            return Learning(1, model=dumped(WordCounts().plus(counted([SAID]))))

    monkeypatch.setattr(search.diacritics.learning, "FOLLOW_SECONDS", float("inf"))
    learnings = Slow()
    restorer = FollowingRestorer(learnings)
    for _ in range(20):
        assert restorer.restored("tum lum").text == "tum lum"
    learnings.answers.set()
    until(lambda: restorer.restored("tum lum").text == "tùm lum", "a search knows what was learnt")
    assert learnings.asked == 1


def test_counting() -> None:
    counts = WordCounts().plus(counted(["Nghỉ 6 tháng. Nghỉ 2 tháng!", "khong co dau cau nao", "OK"]))
    ids = counts.ids
    assert {word: counts.single[ids[word]] for word in ("nghỉ", "tháng", "ok")} == {
        "nghỉ": 2,
        "tháng": 2,
        "ok": 1,
    }
    assert "dau" not in ids
    assert counts.pairs.count(key(BEGIN, ids["nghỉ"])) == 2
    assert counts.triples.count(key(ids["nghỉ"], NUMBER, ids["tháng"])) == 2
    assert counts.pairs.count(key(ids["tháng"], ids["nghỉ"])) == 0, "sentences are apart"


def test_counts_stay_bounded_and_keep_the_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.diacritics.counts, "WORDS_MOST", 40)
    monkeypatch.setattr(search.diacritics.counts, "PAIRS_MOST", 50)
    monkeypatch.setattr(search.diacritics.counts, "TRIPLES_MOST", 50)
    counts = WordCounts().plus(counted(["bảo hiểm xã hội"] * 3))
    for number in range(30):
        counts = counts.plus(counted([f"từ{number} khác{number} lạ{number}"]))
    assert len(counts.words) <= 40 and len(counts.pairs.keys) <= 50 and len(counts.triples.keys) <= 50
    assert counts.pairs.count(key(counts.ids["bảo"], counts.ids["hiểm"])) == 3


@given(
    st.dictionaries(st.integers(0, 30), st.integers(1, 9)),
    st.dictionaries(st.integers(0, 30), st.integers(1, 9)),
)
def test_adding_tables_adds_counts(one: dict[int, int], two: dict[int, int]) -> None:
    table = CountTable(array("I"), array("I")).plus(one, 100).plus(two, 100)
    assert list(table.keys) == sorted(one.keys() | two.keys())
    for number in range(31):
        assert table.count(number) == one.get(number, 0) + two.get(number, 0)


@given(st.lists(st.text("aăbcđ. ê1", max_size=20), max_size=5))
def test_what_is_written_down_is_read_again(texts: list[str]) -> None:
    counts = WordCounts().plus(counted(texts))
    assert loaded(dumped(counts)) == counts


def test_adding_at_once_or_in_parts_is_the_same() -> None:
    one, two = "Nghỉ thai sản sáu tháng", "Nghỉ phép 12 ngày"
    parts = WordCounts().plus(counted([one])).plus(counted([two]))
    whole = WordCounts().plus(counted([one, two]))
    assert set(parts.words) == set(whole.words)
    for a, b in (("nghỉ", "thai"), ("nghỉ", "phép"), ("sáu", "tháng")):
        assert parts.pairs.count(key(parts.ids[a], parts.ids[b])) == whole.pairs.count(
            key(whole.ids[a], whole.ids[b])
        )


@pytest.mark.parametrize(
    "data", [b"", b"counts 0\nx", dumped(WordCounts())[:-3], b"counts 1\n" + b"\0" * 9]
)
def test_damaged_models_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        loaded(data)


def test_counting_thins_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.diacritics.counts, "TRIPLES_MOST", 10)
    counting = Counting()
    counting.add("bảo hiểm xã hội. bảo hiểm xã hội. " + " ".join(f"là{n}" for n in range(40)))
    assert set(counting.triples.values()) == {2}

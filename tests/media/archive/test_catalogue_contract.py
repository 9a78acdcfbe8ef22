"""The contract of `Catalogue`, over the fake and SQLite."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from media.archive.episodes import (
    Episode,
    EpisodeState,
    Guest,
    Programme,
    Rendition,
    RenditionKind,
    Topic,
)
from media.errors import Conflict, NotFound
from media.jobs import JobState
from tests.segments import save_segment
from tests.stores import Stores, a_recording
from transcribe.segments import Segment, SegmentKind


def test_a_programme_is_kept_and_replaced(stores: Stores) -> None:
    stores.catalogue.save_programme(Programme("b", "Bản tin", "vi", "Mỗi quý"))
    stores.catalogue.save_programme(Programme("a", "An sinh"))
    stores.catalogue.save_programme(Programme("b", "Bản tin mới"))
    assert stores.catalogue.programme("b") == Programme("b", "Bản tin mới")
    assert [p.slug for p in stores.catalogue.programmes()] == ["a", "b"]


def test_an_unknown_programme_is_not_found(stores: Stores) -> None:
    with pytest.raises(NotFound):
        stores.catalogue.programme("khong-co")


def test_topics_keep_the_order_they_came_in(stores: Stores) -> None:
    first, second = Topic("z", "Z", "Z", ("một", "hai")), Topic("a", "A", "A")
    stores.catalogue.save_topic(first)
    stores.catalogue.save_topic(second)
    stores.catalogue.save_topic(replace(first, name_en="Zed"))
    assert stores.catalogue.topics() == [replace(first, name_en="Zed"), second]


def test_an_episode_comes_with_its_recording_and_a_queued_job(stores: Stores) -> None:
    guests = (Guest("Bà N.", "chuyên viên", "BHXH tỉnh"),)
    episode = stores.add(guests=guests, topics=("thai-san",), notice="Giọng đọc tổng hợp")
    assert episode == Episode(
        "thang-ba",
        "dh",
        "Số tháng Ba",
        date(2026, 3, 15),
        guests=guests,
        topics=("thai-san",),
        notice="Giọng đọc tổng hợp",
        recording="0" * 64,
    )
    assert stores.catalogue.recording("0" * 64) == a_recording("0" * 64)
    assert stores.catalogue.episode_of("0" * 64) == episode
    job = stores.jobs.job_of("thang-ba")
    assert job is not None and job.state is JobState.QUEUED


def test_a_taken_slug_gets_a_number(stores: Stores) -> None:
    slugs = [stores.add().slug for _ in range(3)]
    assert slugs == ["thang-ba", "thang-ba-2", "thang-ba-3"]


def test_the_same_recording_twice_is_a_conflict_and_changes_nothing(stores: Stores) -> None:
    stores.add()
    episode = Episode("khac", "dh", "Khác", date(2026, 1, 1))
    with pytest.raises(Conflict, match="thang-ba"):
        stores.catalogue.add_episode(episode, a_recording("0" * 64))
    assert [e.slug for e in stores.catalogue.episodes()] == ["thang-ba"]
    assert len(stores.jobs.jobs()) == 1


@pytest.mark.parametrize("wrong", [{"programme": "khong-co"}, {"topics": ("khong-co",)}])
def test_unknown_references_are_refused_whole(stores: Stores, wrong: dict[str, object]) -> None:
    stores.add()
    episode = replace(Episode("moi", "dh", "Mới", date(2026, 1, 1)), **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="khong-co"):
        stores.catalogue.add_episode(episode, a_recording("f" * 64))
    with pytest.raises(NotFound):
        stores.catalogue.recording("f" * 64)


def test_episodes_are_listed_newest_first_and_filtered(stores: Stores) -> None:
    stores.add("cu", date=date(2025, 1, 1), topics=("thai-san",))
    stores.add("moi", date=date(2026, 1, 1))
    stores.catalogue.set_state("moi", EpisodeState.PUBLISHED)
    listed = stores.catalogue.episodes
    assert [e.slug for e in listed()] == ["moi", "cu"]
    assert [e.slug for e in listed(state=EpisodeState.PUBLISHED)] == ["moi"]
    assert [e.slug for e in listed(topic="thai-san")] == ["cu"]
    assert [e.slug for e in listed(programme="dh", limit=1, offset=1)] == ["cu"]
    assert listed(programme="khac") == []


def test_a_change_of_state_marks_the_episode_changed(stores: Stores) -> None:
    stores.add()
    for slug, number in stores.changes.pending():
        stores.changes.settle(slug, number)
    stores.catalogue.set_state("thang-ba", EpisodeState.PUBLISHED)
    assert [slug for slug, _ in stores.changes.pending()] == ["thang-ba"]
    with pytest.raises(NotFound):
        stores.catalogue.set_state("khong-co", EpisodeState.PUBLISHED)


def test_a_state_is_changed_only_from_the_one_it_is_expected_in(stores: Stores) -> None:
    stores.add()
    stores.catalogue.set_state("thang-ba", EpisodeState.WITHDRAWN)
    stores.catalogue.set_state("thang-ba", EpisodeState.PUBLISHED, only_from=EpisodeState.PROCESSING)
    assert stores.catalogue.episode("thang-ba").state is EpisodeState.WITHDRAWN
    stores.catalogue.set_state("thang-ba", EpisodeState.REVIEW, only_from=EpisodeState.WITHDRAWN)
    assert stores.catalogue.episode("thang-ba").state is EpisodeState.REVIEW


def test_the_language_that_was_heard_is_noted(stores: Stores) -> None:
    stores.add(language="")
    stores.catalogue.set_language("thang-ba", "km")
    assert stores.catalogue.episode("thang-ba").language == "km"
    with pytest.raises(NotFound):
        stores.catalogue.set_language("khong-co", "km")


def test_renditions_are_added_replaced_removed_and_sorted(stores: Stores) -> None:
    stores.add()
    low = Rendition(
        "240p", RenditionKind.VIDEO, "240p/index.m3u8", 426, 240, 150_000, 120_000, "avc1", 5, 25.0
    )
    high = replace(low, name="720p", width=1280, height=720)
    stores.catalogue.save_renditions("0" * 64, [low, high])
    stores.catalogue.save_renditions("0" * 64, [replace(low, bandwidth=99)])
    assert stores.catalogue.renditions("0" * 64) == [high, replace(low, bandwidth=99)]
    stores.catalogue.remove_renditions("0" * 64, ["720p", "khong-co"])
    assert [r.name for r in stores.catalogue.renditions("0" * 64)] == ["240p"]
    assert stores.catalogue.renditions("f" * 64) == []
    with pytest.raises(NotFound):
        stores.catalogue.save_renditions("f" * 64, [low])


def test_many_at_once_are_as_one_by_one(stores: Stores) -> None:
    first, second = stores.add("one", topics=("thai-san",)), stores.add("two")
    catalogue = stores.catalogue
    assert catalogue.topics_used() == []
    catalogue.set_state(first.slug, EpisodeState.PUBLISHED)
    assert [topic.slug for topic in catalogue.topics_used()] == ["thai-san"]
    named = catalogue.episodes_named(["one", "two", "unknown"])
    assert named == {slug: catalogue.episode(slug) for slug in ("one", "two")}
    ids = [each.recording for each in (first, second) if each.recording]
    assert catalogue.recordings([*ids, "x"]) == {each: catalogue.recording(each) for each in ids}
    catalogue.save_renditions(ids[0], [Rendition("240p", RenditionKind.VIDEO, "240p/index.m3u8", 426, 240)])
    assert catalogue.renditions_of(ids) == {each: catalogue.renditions(each) for each in ids}
    answer = Segment(SegmentKind.ANSWER, 1.0, 9.0, "Thưởng?")
    save_segment(stores.transcripts, "two", answer)
    found = stores.transcripts.segments_of(["one", "two", "unknown"])
    assert found == {"one": [], "two": stores.transcripts.segments("two"), "unknown": []}

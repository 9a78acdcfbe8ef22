"""The contract of `Replacements`, over the fake and SQLite."""

from __future__ import annotations

import pytest

from infra.db.archive.replacements import SqlReplacements
from media.archive.episodes import Rendition, RenditionKind
from media.archive.replacements import Replacements
from media.errors import Conflict, NotFound
from tests.fakes.catalogue_memory import MemoryCatalogue
from tests.fakes.replacements_memory import MemoryReplacements
from tests.segments import save_segment
from tests.stores import Stores, a_recording
from transcribe.segments import Segment, SegmentKind

NEW, NEWER = a_recording("a" * 64), a_recording("b" * 64)


@pytest.fixture
def replacements(stores: Stores) -> Replacements:
    if stores.database is None:
        assert isinstance(stores.catalogue, MemoryCatalogue)
        return MemoryReplacements(stores.catalogue)
    return SqlReplacements(stores.database, stores.jobs.enqueue)  # type: ignore[attr-defined]


def test_the_old_recording_stays_until_the_new_one_is_put_in_its_place(
    stores: Stores, replacements: Replacements
) -> None:
    old = stores.add().recording
    assert old is not None
    job = replacements.replace_recording("thang-ba", NEW)
    assert job is not None
    assert stores.jobs.job(job).episode == "thang-ba"
    assert stores.catalogue.episode("thang-ba").recording == old
    assert replacements.recording_of(job) == NEW
    stores.catalogue.save_renditions(NEW.id, [Rendition("p", RenditionKind.POSTER, "p.jpg")])
    for _ in range(2):  # killed and done again
        assert replacements.put_in_place(job) == old
    assert stores.catalogue.episode("thang-ba").recording == NEW.id
    replacements.forget(job)
    replacements.forget(job)
    assert replacements.put_in_place(job) is None
    assert replacements.recording_of(job) is None
    assert stores.catalogue.recording(NEW.id) == NEW
    with pytest.raises(NotFound):
        stores.catalogue.recording(old)


def test_address_and_segments_stay(stores: Stores, replacements: Replacements) -> None:
    before = stores.add(topics=("thai-san",))
    saved = save_segment(stores.transcripts, "thang-ba", Segment(SegmentKind.ANSWER, 1, 5, "Nghỉ thai sản"))
    job = replacements.replace_recording("thang-ba", NEW)
    assert job is not None
    replacements.put_in_place(job)
    replacements.forget(job)
    after = stores.catalogue.episode("thang-ba")
    assert (after.slug, after.topics, after.state) == (before.slug, before.topics, before.state)
    assert stores.transcripts.segments("thang-ba") == [saved]
    assert "thang-ba" in [episode for episode, _ in stores.changes.pending()]


def test_the_same_recording_replaces_nothing(stores: Stores, replacements: Replacements) -> None:
    held = stores.catalogue.recording(str(stores.add().recording))
    assert replacements.replace_recording("thang-ba", held) is None


def test_another_episodes_recording_is_refused(stores: Stores, replacements: Replacements) -> None:
    stores.add()
    other = stores.catalogue.recording(str(stores.add("thang-tu").recording))
    with pytest.raises(Conflict, match="thang-tu"):
        replacements.replace_recording("thang-ba", other)
    job = replacements.replace_recording("thang-ba", NEW)
    assert job is not None
    stores.catalogue.add_episode(stores.catalogue.episode("thang-tu"), NEW)
    with pytest.raises(Conflict):
        replacements.put_in_place(job)


def test_a_newer_replacement_wins(stores: Stores, replacements: Replacements) -> None:
    stores.add()
    first = replacements.replace_recording("thang-ba", NEW)
    second = replacements.replace_recording("thang-ba", NEWER)
    assert first is not None and second is not None
    assert replacements.put_in_place(first) is None
    replacements.put_in_place(second)
    assert stores.catalogue.episode("thang-ba").recording == NEWER.id


def test_an_unknown_episode(stores: Stores, replacements: Replacements) -> None:
    with pytest.raises(NotFound):
        replacements.replace_recording("khong-co", NEW)
    assert replacements.recording_of("khong-co") is None

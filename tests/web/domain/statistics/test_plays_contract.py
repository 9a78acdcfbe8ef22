"""The contract of `Plays`, over the fake and SQLite."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from media.archive.episodes import EpisodeState
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind

TODAY = date(2026, 3, 20)


def test_published_answers_are_ranked_by_plays(stores: Stores) -> None:
    stores.add("mot")
    stores.catalogue.set_state("mot", EpisodeState.PUBLISHED)
    answer = Segment(SegmentKind.ANSWER, 10, 40, "Nghỉ bao lâu?")
    first, second, chapter = (
        save_segment(stores.transcripts, "mot", segment)
        for segment in (
            answer,
            replace(answer, start=50, end=60),
            replace(answer, kind=SegmentKind.CHAPTER),
        )
    )
    for key, times in ((first.id, 1), (second.id, 2), (chapter.id, 9), ("khong-co", 9)):
        for _ in range(times):
            stores.plays.count("mot", key, TODAY)
    assert stores.plays.popular(date(2026, 1, 1), 5) == [("mot", second.id), ("mot", first.id)]
    assert stores.plays.popular(date(2026, 1, 1), 1) == [("mot", second.id)]
    assert stores.plays.popular(date(2026, 3, 21), 5) == []


def test_plays_of_other_episodes_and_of_unpublished_ones_do_not_count(stores: Stores) -> None:
    stores.add("mot")
    stores.add("hai")
    saved = save_segment(stores.transcripts, "mot", Segment(SegmentKind.ANSWER, 10, 40, "Nghỉ bao lâu?"))
    stores.plays.count("hai", saved.id, TODAY)
    stores.plays.count("mot", saved.id, TODAY)
    assert stores.plays.popular(TODAY, 5) == []
    stores.catalogue.set_state("mot", EpisodeState.PUBLISHED)
    assert stores.plays.popular(TODAY, 5) == [("mot", saved.id)]

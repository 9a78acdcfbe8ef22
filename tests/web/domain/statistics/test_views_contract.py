"""The contract of `Views`, over the fake and SQLite."""

from __future__ import annotations

from datetime import date, timedelta

from media.archive.episodes import Programme
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind
from web.domain.statistics.views import DAYS_KEPT, AnswerPlays, StatisticsScope, Viewing, Watched

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)
EVER = StatisticsScope(date(2020, 1, 1), TODAY)


def test_days_and_buckets_add_up(stores: Stores) -> None:
    stores.add("mot")
    stores.add("hai")
    views = stores.views
    views.add(TODAY, {"mot": Watched(2, {0: 10.0, 1: 4.5}), "hai": Watched(1, {0: 5.0})})
    views.add(TODAY, {"mot": Watched(0, {1: 5.5, 7: 1.0}), "khong-co": Watched(9, {0: 9.0})})
    views.add(YESTERDAY, {"mot": Watched(1, {0: 10.0})})
    views.add(TODAY, {})
    assert views.by_day(EVER) == {YESTERDAY: Viewing(1, 10.0), TODAY: Viewing(3, 26.0)}
    assert views.by_day(StatisticsScope(TODAY, TODAY, episode="mot")) == {TODAY: Viewing(2, 21.0)}
    assert views.by_episode(EVER) == {"mot": Viewing(3, 31.0), "hai": Viewing(1, 5.0)}
    assert views.by_episode(StatisticsScope(YESTERDAY, YESTERDAY)) == {"mot": Viewing(1, 10.0)}
    assert views.retention("mot") == {0: 20.0, 1: 10.0, 7: 1.0}
    assert views.retention("khong-co") == {}


def test_a_programme_is_counted_for_itself(stores: Stores) -> None:
    stores.add("mot")
    stores.catalogue.save_programme(Programme("khac", "Chương trình khác"))
    stores.views.add(TODAY, {"mot": Watched(1, {0: 10.0})})
    assert stores.views.by_day(StatisticsScope(TODAY, TODAY, "dh")) == {TODAY: Viewing(1, 10.0)}
    assert stores.views.by_episode(StatisticsScope(TODAY, TODAY, "khac")) == {}


def test_plays_of_answers_only(stores: Stores) -> None:
    stores.add("mot")
    answer = save_segment(
        stores.transcripts, "mot", Segment(SegmentKind.ANSWER, 10, 40, "Nghỉ", "Nghỉ bao lâu?")
    )
    bare = save_segment(stores.transcripts, "mot", Segment(SegmentKind.ANSWER, 50, 60, "Tiêu đề"))
    chapter = save_segment(stores.transcripts, "mot", Segment(SegmentKind.CHAPTER, 0, 60, "Chào"))
    for segment in (answer, answer, bare, chapter):
        stores.plays.count("mot", segment.id, TODAY)
    stores.plays.count("mot", answer.id, YESTERDAY)
    views = stores.views
    assert views.plays_by_day(EVER) == {YESTERDAY: 1, TODAY: 3}
    assert views.plays_by_answer(EVER) == [
        AnswerPlays("mot", answer.id, "Nghỉ bao lâu?", 10, 40, 3),
        AnswerPlays("mot", bare.id, "Tiêu đề", 50, 60, 1),
    ]
    assert views.plays_by_answer(StatisticsScope(TODAY, TODAY, "khac")) == []


def test_the_old_is_kept_by_the_month(stores: Stores) -> None:
    stores.add("mot")
    answer = save_segment(stores.transcripts, "mot", Segment(SegmentKind.ANSWER, 10, 40, "Nghỉ"))
    kept = TODAY - timedelta(days=DAYS_KEPT)
    for day in (date(2025, 3, 1), date(2025, 3, 9), date(2025, 3, 31), kept):
        stores.views.add(day, {"mot": Watched(1, {0: 10.0})})
        stores.plays.count("mot", answer.id, day)
    before = stores.views.by_episode(EVER), stores.views.retention("mot")
    for _ in range(2):
        stores.views.forget(TODAY)
        assert stores.views.by_day(EVER) == {date(2025, 3, 1): Viewing(3, 30.0), kept: Viewing(1, 10.0)}
        assert stores.views.plays_by_day(EVER) == {date(2025, 3, 1): 3, kept: 1}
    assert (stores.views.by_episode(EVER), stores.views.retention("mot")) == before


def test_searches_by_day_count_what_is_forgotten_too(stores: Stores) -> None:
    from web.domain.statistics.searches import Tally

    old = TODAY - timedelta(days=60)
    stores.searches.add(old, {"hiếm": Tally(1, 1), "thai sản": Tally(2, 0)}, {})
    stores.searches.add(old, {"hiếm lắm": Tally(1, 0)}, {})
    stores.searches.add(TODAY, {}, {})
    stores.searches.forget(TODAY)
    assert stores.searches.by_day(old, TODAY) == {old: Tally(4, 1)}
    assert stores.searches.by_day(TODAY, TODAY) == {}
    assert stores.searches.searched(old, old) == []
    assert stores.searches.searched(old - timedelta(days=9), old - timedelta(days=1)) == []

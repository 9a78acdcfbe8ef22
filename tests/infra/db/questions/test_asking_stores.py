"""The word list and the counts of what was answered already, on the real databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from infra.db.outbox.audit import SqlAudit
from infra.db.questions.already_answered import SqlAlreadyAnswered
from infra.db.questions.word_list import SqlWordList
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind

TODAY = date(2026, 11, 22)


def test_words_are_added_and_removed_and_noted(any_stores: Stores) -> None:
    assert any_stores.database
    kept = SqlWordList(any_stores.database)
    assert kept.words() == []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: kept.change([f"từ {n}", "chung"], []), range(4)))
    assert sorted(kept.words()) == ["chung", "từ 0", "từ 1", "từ 2", "từ 3"]
    assert kept.change(["mới", "mới"], ["chung", "không có", "từ 0"]) == kept.words()
    assert sorted(kept.words()) == ["mới", "từ 1", "từ 2", "từ 3"]
    assert SqlAudit(any_stores.database).entries()[0].action == "words.change"


def test_answers_that_ended_asking_are_counted_by_day(any_stores: Stores) -> None:
    assert any_stores.database
    any_stores.add()
    segment = save_segment(any_stores.transcripts, "thang-ba", Segment(SegmentKind.ANSWER, 1, 9, "a", "a"))
    counted = SqlAlreadyAnswered(any_stores.database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: counted.count(segment.id, TODAY), range(8)))
    counted.count(segment.id, TODAY - timedelta(days=1))
    counted.count("no such answer", TODAY)
    assert counted.counts(TODAY, TODAY) == {segment.id: 8}
    assert counted.counts(TODAY - timedelta(days=5), TODAY) == {segment.id: 9}
    assert counted.counts(TODAY + timedelta(days=1), TODAY + timedelta(days=2)) == {}

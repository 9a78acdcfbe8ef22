"""The contract of `Transcripts`, over the fake and SQLite."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from media.archive.episodes import EpisodeState
from media.errors import Conflict, InvalidInput, NotFound
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.cues import Cue, Word
from transcribe.editing.segments import SegmentChange, SegmentConflict
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin

CUES = (
    Cue(0.5, 2.25, "Xin chào\nanh chị", (Word("Xin", 0.5, 0.7, 0.9), Word("chào", 0.7, 1.0, 0.4))),
    Cue(3, 4, "Dạ"),
)
MACHINE = Transcript("vi", TranscriptOrigin.MACHINE, CUES, "whisper")
ANSWER = Segment(
    SegmentKind.ANSWER,
    10,
    40,
    "Nghỉ bao lâu?",
    "Nghỉ thai sản bao lâu?",
    "chị L.",
    ("bà N.",),
    15,
    ("thai-san",),
)


def settle(stores: Stores) -> None:
    for slug, number in stores.changes.pending():
        stores.changes.settle(slug, number)


def changed(stores: Stores) -> list[str]:
    return [slug for slug, _ in stores.changes.pending()]


def test_without_a_transcript_there_is_none(stores: Stores) -> None:
    stores.add()
    assert stores.transcripts.transcript("thang-ba") is None
    assert stores.transcripts.segments("thang-ba") == []


def test_a_transcript_comes_back_as_it_was_with_a_version(stores: Stores) -> None:
    stores.add()
    settle(stores)
    assert stores.transcripts.save_transcript("thang-ba", MACHINE) == replace(MACHINE, version=1)
    assert stores.transcripts.transcript("thang-ba") == replace(MACHINE, version=1)
    assert stores.transcripts.save_transcript("thang-ba", MACHINE).version == 2
    assert changed(stores) == ["thang-ba"]


@pytest.mark.parametrize("human", [TranscriptOrigin.EDITED, TranscriptOrigin.IMPORTED])
def test_a_machine_never_replaces_people(stores: Stores, human: TranscriptOrigin) -> None:
    stores.add()
    stores.transcripts.save_transcript("thang-ba", replace(MACHINE, origin=human, cues=CUES[:1]))
    with pytest.raises(Conflict):
        stores.transcripts.save_transcript("thang-ba", MACHINE)
    kept = stores.transcripts.transcript("thang-ba")
    assert kept is not None and kept.cues == CUES[:1]


def test_unknown_episodes_are_not_found(stores: Stores) -> None:
    for call in (
        lambda: stores.transcripts.transcript("khong-co"),
        lambda: stores.transcripts.save_transcript("khong-co", MACHINE),
        lambda: stores.transcripts.segments("khong-co"),
        lambda: stores.transcripts.save_suggestions("khong-co", [ANSWER]),
        lambda: save_segment(stores.transcripts, "khong-co", ANSWER),
    ):
        with pytest.raises(NotFound):
            call()


def test_suggestions_replace_suggestions_only(stores: Stores) -> None:
    stores.add()
    confirmed = replace(ANSWER, start=100, end=130, state=SegmentState.CONFIRMED)
    live = replace(ANSWER, start=200, end=230, origin=SegmentOrigin.LIVE)
    for segment in (confirmed, live):
        save_segment(stores.transcripts, "thang-ba", segment)
    stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    settle(stores)
    found = stores.transcripts.save_suggestions("thang-ba", [replace(ANSWER, start=50, end=80)])
    assert [s.start for s in found] == [50, 100, 200]
    assert stores.transcripts.segments("thang-ba") == found
    assert changed(stores) == ["thang-ba"]


def test_a_suggestion_over_a_kept_segment_is_left_out(stores: Stores) -> None:
    stores.add()
    save_segment(stores.transcripts, "thang-ba", replace(ANSWER, state=SegmentState.CONFIRMED))
    mostly, barely = replace(ANSWER, start=20, end=42), replace(ANSWER, start=38, end=70)
    chapter = replace(ANSWER, kind=SegmentKind.CHAPTER)
    found = stores.transcripts.save_suggestions("thang-ba", [mostly, barely, chapter])
    assert sorted((s.kind, s.start) for s in found) == [("answer", 10), ("answer", 38), ("chapter", 10)]


def test_a_segment_keeps_everything_and_can_be_changed(stores: Stores) -> None:
    stores.add()
    saved = save_segment(stores.transcripts, "thang-ba", ANSWER)
    assert saved.id and replace(saved, id="") == ANSWER
    edited = replace(
        saved, title="Nghỉ mấy tháng?", state=SegmentState.CONFIRMED, origin=SegmentOrigin.EDITOR
    )
    assert save_segment(stores.transcripts, "thang-ba", edited) == edited
    assert stores.transcripts.segments("thang-ba") == [edited]
    with pytest.raises(InvalidInput):
        save_segment(stores.transcripts, "thang-ba", replace(ANSWER, id="khong-co"))


def test_two_new_segments_at_the_same_place_are_both_kept(stores: Stores) -> None:
    stores.add()
    first = save_segment(stores.transcripts, "thang-ba", ANSWER)
    second = save_segment(stores.transcripts, "thang-ba", replace(ANSWER, title="Khác"))
    assert first.id != second.id
    assert len(stores.transcripts.segments("thang-ba")) == 2


def test_a_longer_suggestion_at_a_kept_segments_start_is_kept_beside_it(stores: Stores) -> None:
    stores.add()
    saved = stores.transcripts.save_suggestions("thang-ba", [ANSWER])[0]
    save_segment(stores.transcripts, "thang-ba", replace(saved, state=SegmentState.CONFIRMED))
    found = stores.transcripts.save_suggestions("thang-ba", [replace(ANSWER, end=200)])
    assert len({s.id for s in found}) == 2
    assert [s.end for s in found] in ([40, 200], [200, 40])


def test_what_is_brought_in_unchanged_changes_nothing(stores: Stores) -> None:
    stores.add()
    stores.transcripts.save_transcript("thang-ba", MACHINE)
    found = stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    stores.transcripts.bring_in("thang-ba", replace(MACHINE, origin=TranscriptOrigin.IMPORTED), found)
    kept = stores.transcripts.transcript("thang-ba")
    assert kept is not None and (kept.version, kept.origin) == (1, TranscriptOrigin.MACHINE)
    assert stores.transcripts.segments("thang-ba") == found


def test_what_is_brought_in_replaces_and_counts_as_an_editors(stores: Stores) -> None:
    stores.add()
    first, second = stores.transcripts.save_suggestions(
        "thang-ba", [ANSWER, replace(ANSWER, start=50, end=60)]
    )
    edited, added = replace(first, title="Sửa lại"), replace(ANSWER, start=80, end=90)
    stores.transcripts.bring_in("thang-ba", None, [edited, added])
    found = stores.transcripts.segments("thang-ba")
    assert [(s.title, s.start, s.origin) for s in found] == [
        ("Sửa lại", 10, SegmentOrigin.EDITOR),
        ("Nghỉ bao lâu?", 80, SegmentOrigin.EDITOR),
    ]
    assert found[0].id == first.id and second.id not in {s.id for s in found}
    kept = stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    assert [s.title for s in kept] == ["Sửa lại", "Nghỉ bao lâu?"]
    with pytest.raises(NotFound):
        stores.transcripts.bring_in("khong-co", None, [])


def change(stores: Stores, *changes: SegmentChange) -> list[Segment | None]:
    return stores.transcripts.change_segments("thang-ba", changes)


def test_changes_are_taken_together_or_not_at_all(stores: Stores) -> None:
    stores.add()
    first, second = stores.transcripts.save_suggestions(
        "thang-ba", [ANSWER, replace(ANSWER, start=50, end=60)]
    )
    settle(stores)
    edited, stale = replace(first, title="Khác"), SegmentChange(second.id, 9, None)
    with pytest.raises(SegmentConflict) as caught:
        change(stores, SegmentChange(first.id, 1, edited), stale)
    assert caught.value.now == {second.id: second}
    assert stores.transcripts.segments("thang-ba") == [first, second] and changed(stores) == []
    done = change(stores, SegmentChange(first.id, 1, edited), SegmentChange(second.id, 1, None))
    assert done == [edited, None] and done[0] is not None and done[0].version == 2
    assert stores.transcripts.segments("thang-ba") == [edited] and changed(stores) == ["thang-ba"]


def test_the_same_again_changes_nothing(stores: Stores) -> None:
    stores.add()
    (first,) = stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    wanted = SegmentChange(first.id, 1, replace(first, title="Khác"))
    change(stores, wanted)
    settle(stores)
    (again,) = change(stores, wanted)
    assert again is not None and again.version == 2 and changed(stores) == []


def test_a_dismissed_suggestion_stays_away_until_it_is_brought_back(stores: Stores) -> None:
    stores.add()
    (first,) = stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    change(stores, SegmentChange(first.id, 1, None))
    assert stores.transcripts.save_suggestions("thang-ba", [replace(ANSWER, start=12)]) == []
    change(stores, SegmentChange(first.id, None, first))
    assert stores.transcripts.segments("thang-ba") == [first]
    assert len(stores.transcripts.save_suggestions("thang-ba", [replace(ANSWER, start=10)])) == 1


def test_a_suggestion_that_was_moved_or_split_does_not_come_back_whole(stores: Stores) -> None:
    stores.add()
    (first,) = stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    mine = replace(first, start=30, origin=SegmentOrigin.EDITOR)
    change(stores, SegmentChange(first.id, 1, mine))
    assert stores.transcripts.save_suggestions("thang-ba", [ANSWER]) == [mine]
    rest = replace(ANSWER, id="", start=10, end=30, origin=SegmentOrigin.EDITOR)
    change(stores, SegmentChange("", None, rest))
    assert len(stores.transcripts.save_suggestions("thang-ba", [ANSWER])) == 2


def test_plays_follow_a_merge_and_wait_for_an_undo(stores: Stores) -> None:
    stores.add(state=EpisodeState.PUBLISHED)
    day = date(2026, 4, 1)
    first, second = stores.transcripts.save_suggestions(
        "thang-ba", [ANSWER, replace(ANSWER, start=50, end=60)]
    )
    stores.plays.count("thang-ba", second.id, day)
    change(stores, SegmentChange(second.id, 1, None))
    assert stores.plays.popular(day, 9) == []
    change(stores, SegmentChange(second.id, None, second))
    assert stores.plays.popular(day, 9) == [("thang-ba", second.id)]
    joined = replace(first, end=60, origin=SegmentOrigin.EDITOR)
    seen = next(s.version for s in stores.transcripts.segments("thang-ba") if s.id == second.id)
    change(stores, SegmentChange(first.id, 1, joined), SegmentChange(second.id, seen, None, into=first.id))
    if stores.database is not None:  # the memory's plays are not moved
        assert stores.plays.popular(day, 9) == [("thang-ba", first.id)]


def test_changes_of_what_is_not_there(stores: Stores) -> None:
    stores.add()
    with pytest.raises(NotFound):
        stores.transcripts.change_segments("khong-co", [SegmentChange("", None, ANSWER)])
    (first,) = stores.transcripts.save_suggestions("thang-ba", [ANSWER])
    with pytest.raises(NotFound):
        change(stores, SegmentChange(first.id, 1, None, into="thang-ba:answer:9"))
    assert [s.version for s in stores.transcripts.segments("thang-ba")] == [1]

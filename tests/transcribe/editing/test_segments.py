"""What editors do to segments: arithmetic that holds for all, and the same in the page's script."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import web
from media.errors import Conflict, InvalidInput
from transcribe.cues import Cue
from transcribe.editing.segments import (
    SHORTEST_SECONDS,
    SegmentChange,
    SegmentConflict,
    check_segment,
    decide,
    edges_of,
    merge,
    overlapping,
    plain_text,
    snap,
    split,
    tiled,
)
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, covered

ANSWER, CHAPTER = SegmentKind.ANSWER, SegmentKind.CHAPTER
BASE = Segment(ANSWER, 10, 40, "Một?", "Một?", "chị L.", ("bà N.",), 15, ("luong",), id="e:answer:1")
SCRIPT = Path(web.__file__).parent / "static/studio/timeline_edits.js"
seconds = st.floats(0, 4000).map(lambda each: round(each, 3))


@st.composite
def segments(draw: st.DrawFn, kind: SegmentKind = ANSWER) -> Segment:
    start = draw(seconds)
    end = round(start + draw(st.floats(SHORTEST_SECONDS, 500)), 3)
    begins = draw(st.none() | st.floats(start, end))
    texts = st.text(max_size=5)
    names = st.lists(texts, max_size=3).map(tuple)
    key = draw(st.text("abc", min_size=1, max_size=6))
    return Segment(
        kind, start, end, draw(texts), draw(texts), draw(texts), draw(names), begins, draw(names), id=key
    )


@given(seconds, st.lists(seconds))
def test_snapping_goes_to_an_edge_nearby_or_nowhere(moment: float, edges: list[float]) -> None:
    found = snap(moment, edges)
    if found != moment:
        assert found in edges and abs(found - moment) <= 0.4
    assert all(abs(found - moment) <= abs(edge - moment) for edge in edges if abs(edge - moment) <= 0.4)


def test_edges_are_those_of_cues_and_silences() -> None:
    assert edges_of([Cue(1, 2, "a"), Cue(2, 3, "b")], [(2.5, 3)]) == [1, 2, 2.5, 3]


@given(segments(), seconds)
def test_a_split_leaves_nothing_out_and_merging_undoes_it(segment: Segment, at: float) -> None:
    try:
        first, second = split(segment, at)
    except InvalidInput:
        assert not segment.start + SHORTEST_SECONDS <= at <= segment.end - SHORTEST_SECONDS
        return
    assert (first.start, first.end, second.start, second.end) == (segment.start, at, at, segment.end)
    assert first.id == segment.id and second.id == ""
    for half in (first, second):
        assert half.answer_start is None or half.start <= half.answer_start <= half.end
    joined = merge(second, first)
    assert (joined.id, joined.start, joined.end, joined.question) == (
        segment.id, segment.start, segment.end, segment.question,
    )  # fmt: skip


def test_kinds_are_not_merged() -> None:
    with pytest.raises(InvalidInput):
        merge(BASE, replace(BASE, kind=CHAPTER))


def test_chapters_that_touch_stay_together() -> None:
    one, two, three = (
        Segment(CHAPTER, 100.0 * n, 100.0 * n + 100, str(n), id=f"e:chapter:{n}") for n in range(3)
    )
    moved = replace(two, start=120.0, end=180.0)
    assert tiled([one, two, three], two, moved) == [replace(one, end=120.0), replace(three, start=180.0)]
    assert tiled([one, two, three], two, replace(two, start=0.2)) == []
    assert tiled([BASE], BASE, replace(BASE, end=50)) == []


def test_answers_that_share_much_are_told() -> None:
    late = replace(BASE, start=30.0, end=60.0)
    assert overlapping([late, BASE]) == [(BASE, late, 10.0)]
    assert overlapping([BASE, replace(BASE, start=36.0, end=60.0)]) == []


@given(segments(), st.lists(segments(), max_size=4))
def test_what_others_cover_is_no_more_than_there_is(segment: Segment, others: list[Segment]) -> None:
    total = covered(segment, others)
    assert -1e-6 <= total <= segment.end - segment.start + 1e-6
    assert math.isclose(covered(segment, [*others, segment]), segment.end - segment.start, abs_tol=1e-6)


# --- deciding


def test_a_change_of_what_was_seen_is_taken_and_counted() -> None:
    wanted = replace(BASE, title="Hai?")
    (done,) = decide("e", {BASE.id: BASE}, {}, [SegmentChange(BASE.id, 1, wanted)])
    assert done.after is not None and (done.after.title, done.after.version, done.idle) == (
        "Hai?",
        2,
        False,
    )


def test_all_clashes_are_told_together() -> None:
    other = replace(BASE, id="e:answer:2", version=3)
    changes = [
        SegmentChange(BASE.id, 7, replace(BASE, title="x")),
        SegmentChange(other.id, 1, None),
        SegmentChange("e:answer:9", 1, BASE),
    ]
    with pytest.raises(SegmentConflict) as caught:
        decide("e", {BASE.id: BASE, other.id: other}, {}, changes)
    assert caught.value.now == {BASE.id: BASE, other.id: other, "e:answer:9": None}
    assert isinstance(caught.value, Conflict)


def test_what_is_so_already_is_no_clash() -> None:
    same = SegmentChange(BASE.id, None, replace(BASE))
    gone = SegmentChange("e:answer:5", 4, None)
    assert all(each.idle for each in decide("e", {BASE.id: BASE}, {}, [same, gone]))


def test_a_removed_one_comes_back_under_its_name_and_marks_stay() -> None:
    marked = replace(BASE, law_note="Luật mới", version=4)
    (done,) = decide("e", {}, {BASE.id: marked}, [SegmentChange(BASE.id, None, BASE)])
    assert done.after is not None and (done.after.law_note, done.after.version) == ("Luật mới", 5)
    with pytest.raises(SegmentConflict):
        decide("e", {}, {BASE.id: marked}, [SegmentChange(BASE.id, 4, BASE)])


@pytest.mark.parametrize("key", ["andere:answer:1", "e:Ä", "e:" + "x" * 130, "e"])
def test_a_new_id_must_be_the_episodes_own(key: str) -> None:
    with pytest.raises(InvalidInput):
        decide("e", {}, {}, [SegmentChange(key, None, BASE)])


def test_each_segment_once_and_not_too_many() -> None:
    twice = [SegmentChange(BASE.id, 1, BASE)] * 2
    for changes in (twice, [SegmentChange("", None, BASE)] * 501, [SegmentChange("", None, None)]):
        with pytest.raises(InvalidInput):
            decide("e", {BASE.id: BASE}, {}, changes)


# --- what may be saved


def test_texts_and_times_are_made_fit() -> None:
    sent = replace(
        BASE, start=-3, end=1e6, title="a\x00b\nc\ud800", answerers=("", " x ", "x"), confidence=9
    )
    saved = check_segment(sent, 60.0, {"luong"})
    assert (saved.start, saved.end, saved.title) == (0, 60, "a b c?")
    assert saved.answerers == ("x",) and saved.confidence == 1


@pytest.mark.parametrize(
    "values",
    [{"end": 10.2}, {"start": math.nan}, {"end": math.inf}, {"topics": ("x",)}, {"question": "x" * 2001},
     {"answerers": ("x",) * 21}, {"start": 70.0, "end": 80.0}],
)  # fmt: skip
def test_what_cannot_be_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        check_segment(replace(BASE, **values), 60.0, {"luong"})  # type: ignore[arg-type]


@given(st.text())
def test_plain_text_can_be_stored_and_shown(text: str) -> None:
    made = plain_text(text, 10_000)
    assert made.encode() is not None and "\x00" not in made and plain_text(made, 10_000) == made


# --- the script


def as_js(segment: Segment) -> dict[str, object]:
    kept = ("id", "version", "kind", "start", "end", "answer_start", "title", "question", "asker", "answerers",
            "topics", "origin", "state", "confidence")  # fmt: skip
    return json.loads(json.dumps({name: asdict(segment)[name] for name in kept}))  # type: ignore[no-any-return]


@pytest.mark.skipif(not shutil.which("node"), reason="needs node to run the page's script")
def test_the_script_reckons_as_the_server_does() -> None:
    one = replace(BASE, origin=SegmentOrigin.EDITOR)
    two = replace(one, start=38.5, end=70, id="e:answer:2", topics=("thai-san", "luong"), answer_start=None)
    chapters = [Segment(CHAPTER, 50.0 * n, 50.0 * n + 50, str(n), id=f"e:chapter:{n}") for n in range(4)]
    moments = [0, 9.61, 9.59, 10.4, 10.41, 25.05, 3e3]
    edges = [10.0, 25.0, 25.1, 40.0]
    halves = split(one, 20.0)
    expected = {
        "snaps": [snap(each, edges) for each in moments],
        "split": [as_js(each) for each in halves],
        "merge": as_js(merge(two, one)),
        "tiled": [
            as_js(each) for each in tiled(chapters, chapters[1], replace(chapters[1], start=60, end=90))
        ],
        "short": None,
    }
    given = {"moments": moments, "edges": edges, "one": as_js(one), "two": as_js(two),
             "chapters": [as_js(each) for each in chapters]}  # fmt: skip
    code = f"""
        import {{ merge, snap, split, tiled }} from {json.dumps(SCRIPT.as_uri())};
        const {{ moments, edges, one, two, chapters }} = {json.dumps(given)};
        console.log(JSON.stringify({{
          snaps: moments.map((each) => snap(each, edges)),
          split: split(one, 20), merge: merge(two, one),
          tiled: tiled(chapters, chapters[1], {{ ...chapters[1], start: 60, end: 90 }}),
          short: split(one, 10.1),
        }}));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=code, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == expected

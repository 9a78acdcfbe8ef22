from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from transcribe.cues import Cue, Word
from transcribe.editing.diff import differences
from transcribe.editing.edits import CueEdit, Edited, apply, changed_cues, edits_between, key
from transcribe.editing.retiming import fits, retimed

WORDS = st.sampled_from(["xin", "chào", "anh", "chị", "thai", "sản", "Đồng", "Nai", "được", "không?"])
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


def spoken(start: float, end: float, text: str, confidence: float = 0.5) -> Cue:
    texts = text.split()
    step = (end - start) / len(texts)
    words = tuple(
        Word(t, round(start + n * step, 3), round(start + (n + 1) * step, 3), confidence)
        for n, t in enumerate(texts)
    )
    return Cue(start, end, text, words)


@st.composite
def transcripts(draw: st.DrawFn, least: int = 1) -> tuple[Cue, ...]:
    texts = draw(st.lists(TEXTS, min_size=least, max_size=12))
    return tuple(spoken(3.0 * n, 3.0 * n + 2.5, text) for n, text in enumerate(texts))


@st.composite
def edits_of(draw: st.DrawFn, cues: Sequence[Cue]) -> CueEdit:
    """Some neighbours become one to three cues in the time they had, or nothing."""
    begin = draw(st.integers(0, len(cues) - 1))
    end = draw(st.integers(begin + 1, min(len(cues), begin + 3)))
    old = tuple(cues[begin:end])
    count = draw(st.integers(0, 3))
    start, step = old[0].start, (old[-1].end - old[0].start) / max(1, count)
    after = tuple(
        Cue(round(start + n * step, 3), round(start + (n + 0.9) * step, 3), draw(TEXTS))
        for n in range(count)
    )
    return CueEdit(old, after, draw(st.booleans()))


def sound(cues: Sequence[Cue]) -> bool:
    ordered = all(a.end <= b.start + 1e-6 for a, b in pairwise(cues))
    return ordered and all(
        cue.end > cue.start and cue.text and (not cue.words or fits(cue)) for cue in cues
    )


@given(st.data())
def test_edits_keep_order_and_word_times_and_can_be_undone_and_repeated(data: st.DataObject) -> None:
    cues = data.draw(transcripts())
    edit = data.draw(edits_of(cues))
    done = apply(cues, [edit])
    assert isinstance(done, Edited)
    assert sound(done.cues)
    made = done.made[0]
    back = apply(done.cues, [CueEdit(made.after, made.before)])
    assert isinstance(back, Edited)
    assert back.cues == cues
    again = apply(done.cues, [edit])
    if isinstance(again, Edited):  # the cues named may be there again by chance
        assert [key(cue) for cue in again.cues] == [key(cue) for cue in done.cues] or sound(again.cues)


@given(transcripts(), transcripts(0))
def test_edits_between_lead_from_one_to_the_other(before: tuple[Cue, ...], after: tuple[Cue, ...]) -> None:
    done = apply(before, edits_between(before, after))
    assert isinstance(done, Edited)
    assert [key(cue) for cue in done.cues] == [key(cue) for cue in after]
    assert bool(differences(before, after)) == ([key(c) for c in before] != [key(c) for c in after])
    assert changed_cues(before, before) == 0


@given(TEXTS, TEXTS)
def test_unchanged_words_keep_their_times(old: str, new: str) -> None:
    cue = spoken(10, 14, old)
    made = retimed([cue], [Cue(10, 14, new)], confirms=False)[0]
    assert fits(made)
    if old == new:
        assert made.words == cue.words


def test_one_word_changed_leaves_the_others_times_and_doubts_alone() -> None:
    cue = spoken(0, 5, "nghỉ thay sản sáu tháng", 0.4)
    made = retimed([cue], [Cue(0, 5, "nghỉ thai sản sáu tháng")], confirms=False)[0]
    assert [w.start for w in made.words] == [w.start for w in cue.words]
    assert [w.confidence for w in made.words] == [0.4, 1.0, 0.4, 0.4, 0.4]
    read = retimed([cue], [Cue(0, 5, "nghỉ thai sản sáu tháng")], confirms=True)[0]
    assert {w.confidence for w in read.words} == {1.0}


def test_words_put_in_share_the_time_of_those_replaced_by_letters() -> None:
    cue = spoken(0, 3, "một hai ba")
    made = retimed([cue], [Cue(0, 3, "một abcdef abc ba")], confirms=True)[0]
    assert [(w.text, w.start, w.end) for w in made.words] == [
        ("một", 0, 1),
        ("abcdef", 1, 1.667),
        ("abc", 1.667, 2),
        ("ba", 2, 3),
    ]


def test_splitting_at_a_words_time_and_merging_lose_nothing() -> None:
    cue = spoken(0, 4, "xin chào anh chị")
    halves = (Cue(0, 2, "xin chào"), Cue(2, 4, "anh chị"))
    done = apply([cue], [CueEdit((cue,), halves, confirms=False)])
    assert isinstance(done, Edited)
    assert [word for each in done.cues for word in each.words] == list(cue.words)
    joined = apply(done.cues, [CueEdit(halves, (Cue(0, 4, "xin chào anh chị"),), confirms=False)])
    assert isinstance(joined, Edited)
    assert joined.cues == (cue,)


def test_an_edit_of_what_changed_meanwhile_is_a_clash_with_what_is_there() -> None:
    cues = (spoken(0, 2, "xin chào"), spoken(3, 5, "anh chị"))
    seen = replace(cues[0], text="Xin chào")
    clashes = apply(cues, [CueEdit((seen,), (replace(seen, text="Chào"),)), CueEdit((cues[1],), ())])
    assert not isinstance(clashes, Edited)
    assert [(clash.edit, clash.now) for clash in clashes] == [(0, cues[:1])]


def test_putting_in_and_taking_out() -> None:
    cues = (spoken(0, 2, "xin chào"), spoken(5, 7, "anh chị"))
    fresh = Cue(3, 4, "dạ")
    done = apply(cues, [CueEdit((), (fresh,))])
    assert isinstance(done, Edited)
    assert [cue.text for cue in done.cues] == ["xin chào", "dạ", "anh chị"]
    assert isinstance(apply(done.cues, [CueEdit((), (fresh,))]), Edited)
    over = apply(cues, [CueEdit((), (Cue(1, 4, "dạ"),))])
    assert not isinstance(over, Edited)
    gone = apply(cues, [CueEdit(cues[:1], ())])
    assert isinstance(gone, Edited)
    assert isinstance(apply(gone.cues, [CueEdit(cues[:1], ())]), Edited)


@pytest.mark.parametrize(
    "after",
    [
        (Cue(0, 4, "lấn sang câu sau"),),
        (Cue(1, 1, "không dài"),),
        (Cue(1.5, 0.5, "ngược"),),
        (Cue(0, 1.5, "một"), Cue(1, 2, "hai")),
        (Cue(0, 2, "x" * 1001),),
    ],
)
def test_what_fits_nowhere_is_refused(after: tuple[Cue, ...]) -> None:
    cues = (spoken(0, 2, "xin chào"), spoken(3, 5, "anh chị"))
    with pytest.raises(InvalidInput):
        apply(cues, [CueEdit(cues[:1], after)])


def test_texts_are_cleaned_and_laid_out_in_two_lines() -> None:
    cue = spoken(0, 5, "xin chào")
    hostile = "a\x00b\u202e <b>c</b>\r\n  d\u0301  👩‍🏭 "
    done = apply([cue], [CueEdit((cue,), (Cue(0, 5, hostile),))])
    assert isinstance(done, Edited)
    assert done.cues[0].text == "a b <b>c</b>\nd́ 👩‍🏭"
    long = "chúng ta nói về chế độ thai sản của lao động nữ trong khu công nghiệp"
    done = apply([cue], [CueEdit((cue,), (Cue(0, 5, long),))])
    assert isinstance(done, Edited)
    assert [len(line) <= 42 for line in done.cues[0].text.split("\n")] == [True, True]


def test_captions_over_each_other_can_still_be_edited() -> None:
    cues = (Cue(0, 4, "một"), Cue(3, 6, "hai"))
    done = apply(cues, [CueEdit(cues[:1], (Cue(0, 4, "MỘT"),))])
    assert isinstance(done, Edited)
    assert [cue.text for cue in done.cues] == ["MỘT", "hai"]


def test_a_comparison_marks_words() -> None:
    found = differences([spoken(0, 2, "nghỉ thay sản")], [spoken(0, 2, "nghỉ thai sản nhé")])
    assert [(p.text, p.changed) for p in found[0].before] == [
        ("nghỉ", False),
        ("thay", True),
        ("sản", False),
    ]
    assert [p.text for p in found[0].after if p.changed] == ["thai", "nhé"]
    assert differences([Cue(0, 2, "a")], [Cue(0, 2.5, "a")])[0].moved

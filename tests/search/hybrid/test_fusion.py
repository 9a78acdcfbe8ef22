"""Fusing two lists of hits."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from search.hybrid.fusion import fused
from search.index import Hit
from search.passages.passage import Passage, PassageKind


def hit(
    name: str, score: float, closeness: float | None = None, spans: tuple[tuple[int, int], ...] = ()
) -> Hit:
    found = Passage(name, name, PassageKind.SPEECH, "", name, 0.0, 9.0, "p", "", date(2026, 1, 1), "vi")
    return Hit(found, score, text_spans=spans, closeness=closeness)


def names(hits: list[Hit]) -> list[str]:
    return [each.passage.id for each in hits]


def test_meaning_decides_between_hits_that_words_like_as_well() -> None:
    words = [hit("a", 10.0, 0.80), hit("b", 9.9, 0.90)]
    assert names(fused(words, [], 1.0)) == ["b", "a"]
    assert names(fused(words, [], 0.0)) == ["a", "b"]


def test_words_that_fit_far_better_stay_first() -> None:
    assert names(fused([hit("a", 10.0, 0.85), hit("b", 1.0, 0.87)], [hit("c", 0.88, 0.88)], 1.0))[0] == "a"


def test_each_hit_comes_once_and_keeps_its_spans() -> None:
    (one,) = fused([hit("a", 3.0, None, ((0, 1),))], [hit("a", 0.9, 0.9)], 1.0)
    assert one.text_spans == ((0, 1),)
    assert one.closeness == 0.9


def test_without_words_the_nearest_is_first() -> None:
    assert names(fused([], [hit("a", 0.9, 0.9), hit("b", 0.8, 0.8)], 1.0)) == ["a", "b"]


def test_without_closeness_the_order_is_that_of_words() -> None:
    assert names(fused([hit("a", 2.0), hit("b", 1.0)], [], 1.0)) == ["a", "b"]


def test_what_is_not_embedded_yet_is_not_pushed_down() -> None:
    words = [hit("new", 10.0), hit("a", 9.0, 0.91), hit("b", 8.0, 0.80)]
    assert names(fused(words, [], 1.0)) == ["new", "a", "b"]
    words = [hit("a", 10.0, 0.92), hit("new", 9.0), hit("b", 8.0, 0.80)]
    assert names(fused(words, [], 1.0)) == ["a", "new", "b"]


closenesses = st.one_of(st.none(), st.floats(-1, 1))
lists = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 200), closenesses), max_size=8)


@given(lists, lists, st.floats(0, 1))
def test_all_are_there_best_first(
    words: list[tuple[str, float, float | None]], near: list[tuple[str, float, float | None]], trust: float
) -> None:
    one, two = [hit(*each) for each in words], [hit(*each) for each in near]
    found = fused(one, two, trust)
    assert sorted(names(found)) == sorted({*names(one), *names(two)})
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)

"""Moments of one stretch."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from search.index import Hit
from search.passages.passage import Passage, PassageKind
from search.query.spreading import STRETCH_SECONDS, spread


def hit(episode: str, kind: PassageKind, start: float) -> Hit:
    name = f"{episode}:{kind}:{start}"
    return Hit(
        Passage(name, episode, kind, "", "", start, start + 30, "p", "", date(2026, 1, 1), "vi"), 1.0
    )


SPEECH = PassageKind.SPEECH


def test_the_neighbours_of_a_moment_come_later() -> None:
    best, beside, far = (hit("a", SPEECH, at) for at in (100.0, 130.0, 100.0 + 2 * STRETCH_SECONDS))
    other = hit("b", SPEECH, 130.0)
    assert spread([best, beside, other, far]) == [best, other, far, beside]


def test_answers_stay_where_they_are() -> None:
    answers = [hit("a", PassageKind.ANSWER, at) for at in (0.0, 20.0, 40.0)]
    assert spread(answers) == answers


hits = st.builds(hit, st.sampled_from("ab"), st.sampled_from(PassageKind), st.floats(0, 900))


@given(st.lists(hits, max_size=12))
def test_nothing_is_lost_and_the_best_stays_first(found: list[Hit]) -> None:
    ordered = spread(found)
    assert sorted(map(id, ordered)) == sorted(map(id, found))
    assert ordered[:1] == found[:1]

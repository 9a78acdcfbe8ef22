"""Matters that are spoken of in many ways."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.synonyms.concepts import Concepts, concepts
from search.text.folding import words

TABLE = Concepts(
    [
        "mất điện: cúp điện; mất điện; trạm điện hư",
        "chờ việc: ngồi chơi; chờ việc; cúp điện; ế",
        "mang thai: mang thai; bụng bầu; bầu",
    ]
)
POWER, IDLE, PREGNANT = range(3)


def test_the_longest_phrase_says_what_is_asked() -> None:
    assert TABLE.asked("bụng bầu làm đêm", "bụng bầu làm đêm") == {PREGNANT: 1.0}
    assert TABLE.asked("Xưởng ế, ngồi chơi.", "Xưởng ế, ngồi chơi.") == {IDLE: 1.0}
    assert TABLE.asked("", "") == {}


def test_a_phrase_of_two_matters_speaks_for_each_a_little() -> None:
    assert TABLE.asked("cúp điện", "cúp điện") == {POWER: 0.5, IDLE: 0.5}
    assert TABLE.asked("cúp điện, ngồi chơi", "cúp điện, ngồi chơi") == {POWER: 0.5, IDLE: 1.0}


def test_without_diacritics_phrases_are_known_and_syllables_alone_are_not() -> None:
    assert TABLE.asked("mang thai bau", "mang thai bau") == {PREGNANT: 1.0}
    assert TABLE.asked("bau", "bau") == {}
    assert TABLE.asked("bầu", "bau") == {PREGNANT: 1.0}, "restored, it is"
    assert TABLE.asked("mạng thái", "mang thai") == {PREGNANT: 1.0}, "restored wrongly, it still is"


def test_what_title_and_text_speak_of_is_shared() -> None:
    asked = TABLE.asked("có bầu", "có bầu")
    passages = [
        ("Mang thai làm đêm?", "Bụng bầu thì thôi."),
        ("Mang thai?", ""),
        ("", "Bầu."),
        ("Lương", "lương"),
    ]
    assert TABLE.shared(asked, passages) == [2.0, 1.0, 2.0, 0.0], "what has no title is known by its text"
    assert TABLE.shared({}, passages) == [0.0] * 4
    assert TABLE.shared(asked, []) == []


def test_what_few_speak_of_weighs_more() -> None:
    asked = TABLE.asked("bầu mà chờ việc", "bầu mà chờ việc")
    common = ("", "Chờ việc.")
    found = TABLE.shared(asked, [common, common, common, ("", "Mang thai.")])
    assert found[3] > found[0] > 0


@given(st.lists(st.sampled_from(" ".join(concepts().phrases()).split()[:400]), max_size=12).map(" ".join))
def test_anything_may_be_asked(text: str) -> None:
    table = concepts()
    asked = table.asked(text, text)
    assert all(0 < weight <= 1 for weight in asked.values())
    assert all(
        0 <= value <= 2 + 1e-9 for value in table.shared(asked, [(text, text), ("", text), ("", "")])
    )


def test_every_line_has_a_name_and_phrases_of_its_own() -> None:
    phrases = list(concepts().phrases())
    assert len(phrases) > 4000
    assert len(phrases) == len(set(phrases))
    assert all(words(phrase) for phrase in phrases)
    assert concepts().asked("cúp điện cả xưởng nằm nhà", "cúp điện cả xưởng nằm nhà")

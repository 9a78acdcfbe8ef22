from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.folding import fold
from search.text.sounds import cut, sound
from search.text.syllables import SYLLABLES


def key(syllable: str) -> str:
    return sound(fold(syllable))


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("lương", "nường"),  # tones, l/n
        ("xin", "sinh"),
        ("trà", "chà"),
        ("giữ", "dữ"),
        ("rành", "danh"),
        ("vàng", "dàn"),
        ("tiếng", "tiền"),
        ("bác", "bát"),
        ("cách", "cát"),
        ("kỹ", "kí"),
        ("suất", "xuất"),
        ("nghỉ", "ngỉ"),
        ("gì", "dì"),
    ],
)
def test_what_is_misheard_for_each_other_sounds_alike(said: str, heard: str) -> None:
    assert key(said) == key(heard)


@pytest.mark.parametrize(
    ("one", "other"),
    [("lương", "thương"), ("tăng", "tâm"), ("ca", "cai"), ("sáp", "sát"), ("nhà", "nga"), ("phép", "khép")],
)
def test_others_stay_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("word", ["bhxh", "2026", "washington", "wifi", "", "zalo"])
def test_what_is_no_syllable_stays_as_it_is(word: str) -> None:
    assert sound(word) == word


@pytest.mark.parametrize(
    ("syllable", "parts"),
    [
        ("nghiêng", ("ngh", "iê", "ng")),
        ("đinh", ("đ", "i", "nh")),
        ("gi", ("gi", "i", "")),
        ("gin", ("gi", "i", "n")),
        ("giương", ("gi", "ươ", "ng")),
        ("quôc", ("qu", "ô", "c")),
        ("oanh", ("", "oa", "nh")),
        ("y", ("", "y", "")),
    ],
)
def test_a_syllable_is_cut_into_its_parts(syllable: str, parts: tuple[str, str, str]) -> None:
    assert cut(syllable) == parts


@given(st.sampled_from(sorted(SYLLABLES)))
def test_no_letter_is_lost_in_cutting(syllable: str) -> None:
    onset, nucleus, final = cut(syllable)
    assert nucleus
    ways = [onset + nucleus + final]
    if onset == "gi":
        ways.append("g" + nucleus + final)  # in gì the i is also the vowel
    assert syllable in ways


def test_few_syllables_share_a_sound() -> None:
    assert len({sound(syllable) for syllable in SYLLABLES}) > len(SYLLABLES) // 3

"""Reading words whose keystrokes went wrong."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.text.folding import exact, fold
from search.text.syllables import SYLLABLES, allows_tone, is_syllable
from search.text.telex import meant, splits

RIGHT = [
    "người",
    "lao",
    "động",
    "nữ",
    "mang",
    "thai",
    "được",
    "nghỉ",
    "thai",
    "sản",
    "sáu",
    "tháng",
    "quyền",
    "lợi",
    "hoà",
    "giải",
    "thuỷ",
    "quý",
    "giá",
    "giết",
    "nghiệp",
    "huyện",
    "khuya",
    "khuỷu",
    "thuở",
    "quốc",
    "rượu",
    "yêu",
    "oái",
    "oăm",
    "ước",
    "đường",
    "chuyển",
    "loạt",
    "xoong",
    "hươu",
]


@pytest.mark.parametrize(
    ("typed", "syllable"),
    [
        ("sarn", "sản"),
        ("sanr", "sản"),
        ("sa3n", "sản"),
        ("san3", "sản"),
        ("hie63m", "hiểm"),
        ("hieemr", "hiểm"),
        ("dduwowcj", "được"),
        ("dduocwj", "được"),
        ("d9uo75c", "được"),
        ("ca61p", "cấp"),
        ("caaps", "cấp"),
        ("nghieepj", "nghiệp"),
        ("tieenf", "tiền"),
        ("luwowng", "lương"),
        ("lu7o7ng", "lương"),
        ("ddi", "đi"),
        ("hoaf", "hoà"),
        ("thuys", "thuý"),
        ("giaf", "già"),
        ("quar", "quả"),
        ("thangs", "tháng"),
        ("uwowcs", "ước"),
        ("nhaan", "nhân"),
        ("thaii", "thai"),
        ("sảnn", "sản"),
        ("đượccc", "được"),
    ],
)
def test_slips_are_read(typed: str, syllable: str) -> None:
    assert meant(typed) == syllable


@pytest.mark.parametrize(
    "word",
    [
        *RIGHT,
        *map(fold, RIGHT),
        "as", "a1", "t7", "b2", "covid19", "overtime", "online", "bhxh", "kcx", "samsung", "decnet", "2026",
        "box1984", "", "s", "w", "dd", "maxt", "đ" * 48,
    ],
)  # fmt: skip
def test_other_words_are_left_alone(word: str) -> None:
    assert meant(exact(word)) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("thaisan", ("thai", "san")),
        ("baohiem", ("bao", "hiem")),
        ("bảohiểmxãhội", ("bảo", "hiểm", "xã", "hội")),
        ("nghỉviệc", ("nghỉ", "việc")),
    ],
)
def test_joined_words_are_cut(typed: str, first: tuple[str, ...]) -> None:
    assert next(splits(typed)) == first


@pytest.mark.parametrize("word", ["congan", "danang"])
def test_all_cuts_are_offered(word: str) -> None:
    assert {("cong", "an"), ("con", "gan")} <= set(splits("congan"))
    assert all("".join(parts) == word for parts in splits(word))


@pytest.mark.parametrize("word", ["thai", "overtime", "covid19", "x" * 40, "", "anan" * 12])
def test_what_is_not_joined_is_not_cut(word: str) -> None:
    assert list(splits(word)) == []


def test_the_orthography_has_what_is_written() -> None:
    assert all(is_syllable(exact(word)) for word in RIGHT)
    assert not {"f", "w", "sarn", "thaii", "ki3", "ceo", "ngi", "kha1", "qu", ""} & SYLLABLES
    assert not allows_tone("cap", "\u0300")
    assert allows_tone("cap", "\u0301")


VIETNAMESE = st.sampled_from(sorted(SYLLABLES))
TONES = {"": "", "s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}


@given(VIETNAMESE)
def test_a_syllable_is_never_changed(syllable: str) -> None:
    assert meant(syllable) is None
    assert list(splits(syllable)) == []


@given(VIETNAMESE, st.sampled_from(sorted(TONES)[1:]))
def test_a_tone_key_at_the_end_is_that_tone(syllable: str, key: str) -> None:
    assume(len(syllable) > 1 and "oo" not in syllable and allows_tone(syllable, TONES[key]))
    read = meant(syllable + key)
    assert read is not None
    assert fold(read) == syllable
    assert TONES[key] in unicodedata.normalize("NFD", read)


@given(st.text(st.characters(), max_size=20))
def test_any_word_gives_syllables_or_nothing(word: str) -> None:
    word = exact(unicodedata.normalize("NFC", word))
    read = meant(word)
    assert read is None or is_syllable(read)
    for parts in splits(word):
        assert "".join(parts) == word
        assert all(map(is_syllable, parts))

"""Understanding what was typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Topic
from search.query.understanding import TEXT_LIMIT, WORD_LIMIT, clean, understand
from search.synonyms.lexicon import lexicon_of
from search.text.numbers import number_words


def said(text: str) -> dict[str, set[str]]:
    """The required terms of a query and the other ways to say them."""
    return {
        " ".join(w.exact for w in term.words): {" ".join(w.exact for w in other) for other in term.others}
        for term in understand(text).required
    }


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("BHXH", "bảo hiểm xã hội"),
        ("bao hiem xa hoi", "bhxh"),
        ("bảo hiem xã hội", "bhxh"),
        ("hdld", "hợp đồng lao động"),
        ("HĐLĐ", "hợp đồng lao động"),
        ("tăng ca", "làm thêm giờ"),
        ("lam them gio", "tăng ca"),
        ("me bau", "mang thai"),
        ("mang thai", "mẹ bầu"),
        ("đuổi việc", "sa thải"),
        ("sa thai", "đuổi việc"),
        ("nghi de", "nghỉ thai sản"),
        ("cty", "công ty"),
        ("6 tháng", "sáu tháng"),
        ("sáu tháng", "6 tháng"),
        ("sau thang", "6 tháng"),
        ("Điều 139", "điều một trăm ba mươi chín"),
        ("dieu 105", "điều một trăm lẻ năm"),
        ("khoản ba", "khoản 3"),
        ("15 ngày", "mười lăm ngày"),
        ("hai mươi mốt ngày", "21 ngày"),
    ],
)
def test_other_ways_to_say_it(typed: str, also: str) -> None:
    ((_, others),) = said(typed).items()
    assert also in others


@pytest.mark.parametrize(
    "typed", ["bảo hiểm", "de", "năm 2026", "sau khi nghỉ", "bão hiểm xã hội", "ca đem"]
)
def test_nothing_is_read_into_other_words(typed: str) -> None:
    assert not any(said(typed).values())


def test_one_short_form_may_mean_two_things() -> None:
    assert said("cn")["cn"] == {"công nhân", "chủ nhật"}


@pytest.mark.parametrize(
    ("typed", "required"),
    [
        ("mẹ bầu được nghỉ mấy tháng vậy ạ?", ["mẹ bầu", "nghỉ", "tháng"]),
        ("me bau duoc nghi may thang", ["me bau", "nghi", "thang"]),
        ("tại sao công ty không trả lương", ["công", "ty", "trả", "lương"]),
        ("thai sản bao lau", ["thai", "sản"]),
        ("bao hiem that nghiep la gi", ["bao hiem that nghiep"]),
        ("con sốt", ["con", "sốt"]),
        ("con ốm", ["con ốm"]),
        ("là gì", ["là gì"]),
    ],
)
def test_words_that_carry_the_meaning_are_required(typed: str, required: list[str]) -> None:
    assert list(said(typed)) == required


def test_a_long_question_keeps_its_meaning() -> None:
    filler = "dạ em chào anh chị cho em hỏi là " * 6
    understanding = understand(filler + "nghỉ thai sản")
    assert len(understanding.words) <= WORD_LIMIT
    assert {"thai", "sản"} <= {word.exact for word in understanding.words}


def test_cleaning() -> None:
    assert clean("  thai\x00 sa\u0309n \ud800\u200b ") == "thai sản"
    assert len(clean("chữ " * 5000)) <= TEXT_LIMIT
    assert clean("nghỉ " * 100).endswith("nghỉ")


def test_typing_needs_a_word_that_may_go_on() -> None:
    assert understand("thai sa", typing=True).typing
    assert not understand("thai sản ", typing=True).terms[-1].weak
    assert not understand("thai sản?", typing=True).typing
    assert not understand("", typing=True).typing


def test_topics_bring_their_synonyms() -> None:
    lexicon = lexicon_of(topics=[Topic("nha-tro", "Nhà trọ", "Housing", ("phòng thuê",))])
    (term,) = understand("nha tro", lexicon).terms
    assert {" ".join(w.exact for w in other) for other in term.others} == {"housing", "phòng thuê"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (30, "ba mươi"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (139, "một trăm ba mươi chín"),
        (215, "hai trăm mười lăm"),
    ],
)
def test_numbers_as_read(number: int, words: str) -> None:
    assert number_words(number) == words


@given(st.text(st.characters()), st.booleans())
def test_anything_can_be_understood(text: str, typing: bool) -> None:
    understanding = understand(text, typing=typing)
    assert len(understanding.text) <= TEXT_LIMIT
    assert len(understanding.words) <= WORD_LIMIT
    assert 1 <= understanding.least <= len(understanding.required) or not understanding.terms
    understanding.text.encode()
    assert clean(understanding.text) == understanding.text


@given(
    st.lists(
        st.sampled_from(
            [
                "bảo",
                "hiểm",
                "xã",
                "hội",
                "mẹ",
                "bầu",
                "được",
                "nghỉ",
                "6",
                "sáu",
                "tháng",
                "BHXH",
                "tăng",
                "ca",
                "k",
                "dc",
            ]
        )
    )
)
def test_no_word_is_lost(words: list[str]) -> None:
    text = " ".join(words[:WORD_LIMIT])
    assert [word.exact for word in understand(text).words] == text.lower().split()


class Few:
    """A vocabulary of a few words and pairs."""

    def __init__(self, *texts: str) -> None:
        self._texts = [text.split() for text in texts]

    def has(self, word: str, *, begins: bool = False) -> bool:
        return any(said == word or (begins and said.startswith(word)) for t in self._texts for said in t)

    def together(self, first: str, second: str) -> int:
        return sum((first, second) in pairwise(text) for text in self._texts)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("thai sarn", "thai sản"),
        ("baohiem xahoi", "bao hiem xa hoi"),
        ("congan", "cong an"),
        ("mix has panama", "mix has panama"),
        ("dduwowcj nghir maays thasng", "được nghỉ mấy tháng"),
        ("HĐLĐ bhxh cty t7", "hđlđ bhxh cty t7"),
        ("Samsung covid19 overtime", "samsung covid19 overtime"),
    ],
)
def test_slips_are_read_with_what_the_index_knows(typed: str, read: str) -> None:
    known = Few("bao hiem xa hoi", "cong an", "cong an", "con gan", "has mix thai san", "pa na x ma")
    assert " ".join(word.exact for word in understand(typed, vocabulary=known).words) == read


def test_what_was_typed_stays_another_way() -> None:
    (term,) = understand("sarn").terms
    assert [[word.exact for word in other] for other in term.others] == [["sarn"]]


def test_a_word_still_being_typed_may_become_known() -> None:
    known = Few("mixture")
    assert understand("mix", vocabulary=known, typing=True).words[0].exact == "mix"
    assert understand("mix", vocabulary=known).words[0].exact == "mĩ"


@pytest.mark.parametrize(
    ("typed", "required"),
    [
        ("k dc nghi ntn", ["nghi"]),
        ("lg vs thưởng bn", ["lg", "thưởng"]),
        ("bị ốm trc tết", ["ốm", "trc", "tết"]),
    ],
)
def test_hurried_spelling_carries_no_more_than_what_it_stands_for(typed: str, required: list[str]) -> None:
    assert list(said(typed)) == required

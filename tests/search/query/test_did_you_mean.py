"""Did you mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index import SearchQuery, SearchResults
from search.passages.passage import Passage, PassageKind
from search.query.did_you_mean import corrected, suggestion
from search.query.fitting import covered
from search.query.understanding import understand
from search.text.folding import fold
from tests.fakes.index_memory import MemoryIndex

SAID = [
    "Lao động nữ được nghỉ thai sản sáu tháng, bảo hiểm xã hội trả trợ cấp thai sản.",
    "Rút bảo hiểm xã hội một lần thì mất quyền lợi. Công ty nợ bảo hiểm xã hội.",
    "Trợ cấp thất nghiệp tính theo tháng đóng; sa thải trái luật phải bồi thường.",
    "Thấp nhất là mức lương tối thiểu vùng.",
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bỏa hiểm", "bảo hiểm"),
        ("boa hiem xa hoi", "bảo hiểm xã hội"),
        ("tro cap thap nghiep", "trợ cấp thất nghiệp"),
        ("trợ cấp thấp nghiệp", "trợ cấp thất nghiệp"),
        ("bồi thươn", "bồi thường"),
        ("thaisanr", None),
        ("thaisan 6 thág", "thai sản 6 tháng"),
        ("nghỉ tai sản", "nghỉ thai sản"),
    ],
)
def test_the_spelling_of_the_archive(typed: str, meant: str | None) -> None:
    assert corrected(typed, SAID) == meant


@pytest.mark.parametrize(
    "typed", ["bảo hiểm xã hội", "thai san", "thất nghiệp", "DECnet", "", "?", "6 2026"]
)
def test_what_is_right_is_left(typed: str) -> None:
    assert corrected(typed, SAID) is None
    assert corrected(typed, []) is None


def test_no_half_of_it_is_left_wrong() -> None:
    assert corrected("bỏa hiểm ngoẹo", SAID) is None
    assert corrected("bỏa hiểm BHXH", SAID) == "bảo hiểm bhxh"


def test_a_word_is_not_changed_for_any_common_one() -> None:
    said = [
        "Chậm lương nhiều lần. Để lại đầu ca.",
        "Trả lại nhiêu đó, ở đầu chuyền.",
        "Công ty chậm lương.",
    ]
    assert corrected("khieu nai cham luong o dau", said) is None
    assert corrected("khiếu nại chậm lương", said) is None


ARCHIVE = MemoryIndex()
ARCHIVE.rebuild(
    [
        (
            f"tap-{n}",
            [
                Passage(
                    f"{n}", f"tap-{n}", PassageKind.SPEECH, "", text, 0, 9, "p", "", date(2026, 1, 1), "vi"
                )
            ],
        )
        for n, text in enumerate(SAID)
    ]
)
words_typed = st.sampled_from(sorted({word for text in SAID for word in text.replace(",", "").split()}))
typed_so = st.lists(
    st.tuples(words_typed, st.booleans(), st.integers(0, 5), st.sampled_from("aehinqty")),
    min_size=1,
    max_size=6,
)


def mistyped(words: list[tuple[str, bool, int, str]]) -> str:
    """Words of the archive without their marks, a letter of some of them another."""
    return " ".join(
        fold(word) if right else fold(word[:at]) + letter + fold(word[at + 1 :])
        for word, right, at, letter in words
    )


@given(typed_so)
def test_what_is_offered_is_found_better(words: list[tuple[str, bool, int, str]]) -> None:
    def score(text: str) -> float:
        found: SearchResults = ARCHIVE.search(SearchQuery(text, plain=True))
        return covered(understand(text), found.rarity, found.hits)

    query = SearchQuery(mistyped(words))
    offered = suggestion(ARCHIVE, query, [ARCHIVE.search(query)])
    assert offered is None or score(offered) > score(query.text)


@given(st.text(st.characters(), max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_anything_may_be_typed_and_said(text: str, near: list[str]) -> None:
    found = corrected(text, near)
    assert found is None or found.strip()

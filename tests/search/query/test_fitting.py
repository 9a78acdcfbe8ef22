"""Saying that nothing fits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index import Hit
from search.passages.passage import Passage, PassageKind
from search.query.fitting import Evidence, Weights, evidence, fits
from search.query.understanding import understand

RARITY = {
    "nghi": 1.0,
    "thai": 4.0,
    "san": 4.0,
    "may": 1.5,
    "thang": 1.0,
    "phu": 3.0,
    "cap": 2.0,
    "xang": 6.0,
}


def hit(title: str, text: str, closeness: float | None = None) -> Hit:
    passage = Passage("a", "a", PassageKind.ANSWER, title, text, 0, 9, "p", "", date(2026, 1, 1), "vi")
    return Hit(passage, 1.0, closeness=closeness)


LEAVE = hit("Nghỉ thai sản mấy tháng?", "Lao động nữ được nghỉ thai sản sáu tháng.")


@pytest.mark.parametrize("query", ["nghỉ thai sản mấy tháng", "nghi thai san", "thai san may thang"])
@pytest.mark.parametrize("closeness", [None, 0.9])
def test_an_answer_with_the_words_fits(query: str, closeness: float | None) -> None:
    found = hit(LEAVE.passage.title, LEAVE.passage.text, closeness)
    assert fits(understand(query), RARITY, [found])


@pytest.mark.parametrize("query", ["phụ cấp xăng mấy tháng", "phu cap xang", "visa đi Nhật"])
@pytest.mark.parametrize("closeness", [None, 0.8])
def test_the_nearest_without_the_words_does_not(query: str, closeness: float | None) -> None:
    found = hit(LEAVE.passage.title, LEAVE.passage.text, closeness)
    assert not fits(understand(query), RARITY, [found])
    assert not fits(understand(query), RARITY, [])


def test_one_of_the_first_is_enough() -> None:
    other = hit("Lương", "Lương trả ngày mười.")
    asked = understand("nghỉ thai sản")
    assert fits(asked, RARITY, [other, other, LEAVE])
    assert not fits(asked, RARITY, [other] * 3 + [LEAVE]), "further down nobody looks"


def test_rare_words_weigh_more() -> None:
    one, other = (evidence(understand("thai tháng"), RARITY, hit("", text)) for text in ("thai", "tháng"))
    assert one.words > other.words > 0


texts = st.text(st.sampled_from("nghỉ thai sản mấy tháng.?"), max_size=60)


@given(texts, texts, texts)
def test_shares_are_shares(query: str, title: str, text: str) -> None:
    found = evidence(understand(query), RARITY, hit(title, text))
    assert all(0 <= share <= 1 + 1e-9 for share in (found.words, found.pairs))


def test_more_evidence_is_never_less_sure() -> None:
    weights = Weights(-1.0, 1.0, 1.0, 1.0, 1.0)
    assert weights.log_odds(Evidence(1, 0, 0, 0.9)) > weights.log_odds(Evidence(0, 0, 0, 0.9))

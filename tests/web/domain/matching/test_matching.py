from __future__ import annotations

import pytest

from media.errors import Unavailable
from search.diacritics.learning import base
from search.diacritics.restorer import NgramRestorer
from search.synonyms.lexicon import LEXICON
from web.domain.matching.matching import ENOUGH, QuestionMatching
from web.domain.matching.similarity import likeness, read

NOTICE = "Nghỉ việc phải báo trước bao nhiêu ngày?"


@pytest.fixture(scope="module")
def matching() -> QuestionMatching:
    """By words alone: the embedder is measured by bench/merging.py."""
    return QuestionMatching(restorer=NgramRestorer(base()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NOTICE, "nghi viec phai bao truoc may ngay vay ad"),
        ("Tăng ca một tháng tối đa bao nhiêu giờ?", "Làm thêm giờ một tháng nhiều nhất mấy tiếng ạ?"),
        ("Rút bảo hiểm xã hội một lần cần giấy tờ gì?", "rut bhxh 1 lan can giay to gi"),
        ("Công ty nợ lương thì phải làm sao?", "Công ty chậm lương thì làm thế nào?"),
    ],
)
def test_the_same_in_other_words(matching: QuestionMatching, one: str, other: str) -> None:
    assert matching.score(one, other) >= ENOUGH
    assert matching.score(one, other) == pytest.approx(matching.score(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nghỉ thai sản 6 tháng có lương không?", "Nghỉ thai sản 12 tháng có lương không?"),
        ("Nghỉ việc được trợ cấp thất nghiệp bao nhiêu?", "Nghỉ việc được trợ cấp thôi việc bao nhiêu?"),
        ("Tăng ca ngày lễ được trả bao nhiêu tiền?", "Tăng ca ngày lễ ở đâu trả?"),
        ("Lương tối thiểu vùng là bao nhiêu?", "Lương tối đa đóng bảo hiểm là bao nhiêu?"),
        ("Công ty không trả lương thì kiện ở đâu?", "Con tôi mấy tuổi thì được đi học?"),
        (NOTICE, ""),
        ("?", "!"),
    ],
)
def test_other_questions_in_the_same_words(matching: QuestionMatching, one: str, other: str) -> None:
    assert matching.score(one, other) < ENOUGH


def test_articles_of_law_are_no_numbers() -> None:
    one, two = (read(text, text, LEXICON) for text in ("Theo khoản 2 Điều 42 là gì?", "Nghỉ sáu tháng?"))
    assert one.numbers == frozenset()
    assert two.numbers == {("6", "thang")}
    assert likeness(one, two, None).numbers == 0.5


def test_similar_gives_the_best_first(matching: QuestionMatching) -> None:
    others = [("a", "Lương tháng 13 khi nào có?"), ("b", "nghi viec bao truoc may ngay"), ("c", NOTICE)]
    found = matching.similar(NOTICE, others)
    assert [key for key, _ in found] == ["c", "b"]
    assert matching.similar(NOTICE, others, limit=1) == found[:1]
    assert matching.similar(NOTICE, []) == []


def test_groups_have_each_question_once_in_the_order_given(matching: QuestionMatching) -> None:
    board = [
        ("1", NOTICE),
        ("2", "Tăng ca chủ nhật được trả bao nhiêu phần trăm lương?"),
        ("3", "nghi viec phai bao truoc may ngay"),
        ("4", "Tăng ca chủ nhật trả bao nhiêu phần trăm?"),
        ("5", "Con ốm nghỉ mấy ngày?"),
        ("6", "Nghỉ việc báo trước bao lâu ạ"),
    ]
    assert matching.groups(board) == [("1", "3", "6"), ("2", "4")]
    assert matching.groups(board[:1]) == matching.groups([]) == []


def test_a_failing_embedder_is_no_failure() -> None:
    def dead() -> None:
        raise Unavailable("It is not there.")

    plain = QuestionMatching()
    assert QuestionMatching(dead).score(NOTICE, NOTICE) == plain.score(NOTICE, NOTICE) >= ENOUGH  # type: ignore[arg-type]

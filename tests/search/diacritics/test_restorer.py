from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.diacritics.counts import WordCounts, counted
from search.diacritics.learning import base
from search.diacritics.restorer import NgramRestorer, is_foreign, tokens
from search.synonyms.lexicon import Lexicon
from search.text.folding import fold, nfc, words

HEARD = (
    "Chị em hỏi nghỉ thai sản được bao lâu. Lao động nữ sinh con được nghỉ sáu tháng. "
    "Đoàn viên công đoàn ở Đồng Nai được vay vốn lãi suất thấp để mua xe máy trả góp. "
    "Lương tháng mười ba là tiền thưởng, có năm có, có năm không. Người thân đưa đám tang thì được nghỉ ba ngày."
)


@pytest.fixture(scope="module")
def restorer() -> NgramRestorer:
    return NgramRestorer(base().plus(counted([HEARD])))


def bare(text: str) -> str:
    return "".join(f.upper() if c.isupper() else f for c, f in zip(nfc(text), fold(nfc(text)), strict=True))


@pytest.mark.parametrize(
    "meant",
    [
        "mẹ bầu được nghỉ mấy tháng",
        "tăng ca chủ nhật",
        "rút bảo hiểm một lần",
        "vay vốn mua xe máy trả góp",
        "đoàn viên công đoàn ở Đồng Nai",
        "Công ty nợ bảo hiểm thì phải làm sao?",
        "BẢO HIỂM XÃ HỘI",
        "nghỉ 6 tháng",
    ],
)
def test_diacritics_come_back(restorer: NgramRestorer, meant: str) -> None:
    assert restorer.restored(bare(meant)).text == meant


def test_what_has_diacritics_is_kept_and_is_context(restorer: NgramRestorer) -> None:
    assert restorer.restored("thai sản bao lau").text == "thai sản bao lâu"
    assert restorer.restored("sa thải, hòa giải").text == "sa thải, hòa giải"
    toned = restorer.restored("nghỉ thai sản được bao lâu")
    assert toned.text == "nghỉ thai sản được bao lâu" and toned.confidence > 0.95


def test_half_of_a_syllables_marks_are_enough(restorer: NgramRestorer) -> None:
    assert restorer.restored("đuoc nghi bao lâu").text == "được nghỉ bao lâu"


def test_a_word_without_marks_in_a_marked_query_is_likelier_meant_so() -> None:
    counts = WordCounts().plus(counted(["nghỉ lễ, nghỉ lê, nghỉ lề", *["nghỉ lễ"] * 4, *["nghỉ le"] * 3]))
    assert NgramRestorer(counts).restored("nghi le").text == "nghỉ lễ"
    assert NgramRestorer(counts).restored("nghỉ lễ nghỉ lề nghỉ lê nghỉ le").text.endswith("nghỉ le")


def test_abbreviations_stay_and_are_context(restorer: NgramRestorer) -> None:
    assert restorer.restored("cty no bhxh").text == "cty nợ bhxh"
    assert restorer.restored("BHXH 1 lan").text == "BHXH 1 lần"
    own = NgramRestorer(base(), lambda: Lexicon([("qhx", "tử tuất")]))
    assert own.restored("qhx tu tuat").text == "qhx tử tuất"


@pytest.mark.parametrize(
    "text",
    [
        "how can i get paid on time",
        "can i work on sunday",
        "maternity leave",
        "overtime pay",
        "union",
        "minimum wage in 2026",
        "my boss does not pay me",
        "café latte",
        "",
        "2026 – 13,5 %",
        "k",
    ],
)
def test_other_languages_and_numbers_stay(restorer: NgramRestorer, text: str) -> None:
    assert restorer.restored(text).text == text


def test_a_foreign_word_in_a_vietnamese_query_stays(restorer: NgramRestorer) -> None:
    assert restorer.restored("lam them gio overtime").text == "làm thêm giờ overtime"
    assert restorer.restored("bonus tet").text.startswith("bonus ")
    assert not is_foreign(list(tokens("lam them gio overtime")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nghi thaii san duoc bao lau", "nghỉ thai sản được bao lâu"),
        ("nghỉ thai sarn được bao lâu", "nghỉ thai sản được bao lâu"),
        ("nghỉ htai sản đợưc bao lâu", "nghỉ thai sản được bao lâu"),
        ("Bảo hiể xã hội", "Bảo hiểm xã hội"),
        ("BAOR HIEMR XA HOOI", "BẢO HIỂM XÃ HỘI"),
    ],
)
def test_a_misspelt_word_is_mended(restorer: NgramRestorer, typed: str, meant: str) -> None:
    assert restorer.restored(typed).text == meant


def test_an_unknown_syllable_is_skipped(restorer: NgramRestorer) -> None:
    unknown = restorer.restored("nghi queo duoc bao lau")
    assert unknown.text == "nghỉ queo được bao lâu"
    assert unknown.confidence < restorer.restored("nghi duoc bao lau").confidence


def test_the_tone_mark_is_where_most_texts_have_it() -> None:
    restorer = NgramRestorer(WordCounts().plus(counted(["hoà giải ở toà, quý hoá, thuỷ thủ, hoàn thuế"])))
    assert restorer.restored("HOA giai o toa, quy hoa, thuy thu, hoan thue").text == (
        "HÒA giải ở tòa, quý hóa, thủy thủ, hoàn thuế"
    )


def test_decomposed_text_and_capitals(restorer: NgramRestorer) -> None:
    assert restorer.restored(unicodedata.normalize("NFD", "thai sản Bao LAU")).text == "thai sản Bao LÂU"


def test_confidence_falls_with_what_is_not_known(restorer: NgramRestorer) -> None:
    sure = restorer.restored("bao hiem xa hoi").confidence
    guess = restorer.restored("la to mo ha do").confidence
    assert 0 <= guess < 0.5 < sure <= 1


def test_without_anything_learnt_all_stays() -> None:
    found = NgramRestorer(WordCounts()).restored("nghi bao lau")
    assert found.text == "nghi bao lau" and found.confidence < 0.1


def test_long_text_is_restored_in_its_beginning(restorer: NgramRestorer) -> None:
    found = restorer.restored("bao hiem " * 5_000)
    assert found.text.startswith("bảo hiểm bảo hiểm") and found.text.endswith("bao hiem ")


@given(st.text(max_size=60) | st.lists(st.sampled_from(sorted(words(HEARD))), max_size=12).map(" ".join))
def test_words_stay_apart(restorer: NgramRestorer, text: str) -> None:
    found = restorer.restored(text)
    assert 0 <= found.confidence <= found.words_right <= 1
    assert len(words(found.text)) == len(words(text))

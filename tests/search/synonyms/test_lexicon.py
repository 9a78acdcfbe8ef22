"""The lexicon: the seed, its rules, composition, the live copy, and its file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Topic
from media.errors import InvalidInput, Unavailable
from search.query.understanding import understand
from search.synonyms.current import LiveLexicon
from search.synonyms.entries import EntryKind, LexiconEntry, in_order
from search.synonyms.lexicon import LEXICON, Lexicon, lexicon_of
from search.synonyms.rules import ENTRY_LIMIT, GROUP_LIMIT, SynonymTable, cleaned, dangers, grown
from search.synonyms.tsv import read, written
from search.text.numbers import LIMIT, otherwise, readings
from tests.fakes.lexicons_memory import MemoryLexicons

EQUAL, NARROWER, SHORT = EntryKind.EQUIVALENT, EntryKind.NARROWER, EntryKind.ABBREVIATION
TYPHOON = LexiconEntry(EQUAL, "bão", "áp thấp")


def others(text: str, lexicon: Lexicon = LEXICON) -> dict[str, set[str]]:
    """The terms of a query and the other ways to say them."""
    return {
        " ".join(w.exact for w in term.words): {" ".join(w.exact for w in other) for other in term.others}
        for term in understand(text, lexicon).terms
    }


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("cty nợ bhxh", "chậm đóng bảo hiểm xã hội"),
        ("BHXH 1 lần", "bảo hiểm xã hội một lần"),
        ("hưởng bhxh 1 lần", "rút bảo hiểm"),
        ("CĐCS", "công đoàn cơ sở"),
        ("chủ tịch CĐ", "chủ tịch công đoàn"),
        ("công ty xù lương", "không trả lương"),
        ("giựt nợ lương", "quỵt lương"),
        ("nhảy việc", "chuyển việc"),
        ("phu cap doc hai", "nặng nhọc độc hại"),
        ("khám bầu", "khám thai"),
        ("TNLĐ-BNN", "tai nạn lao động bệnh nghề nghiệp"),
        ("từ 01/7/2025", "1 tháng 7 năm 2025"),
        ("ngày 1 tháng 7 năm 2025", "01 07 2025"),
        ("nghỉ lễ 2/9", "2 tháng 9"),
        ("mùng hai tháng chín", "2 9"),
        ("tháng 7/2025", "tháng 7 năm 2025"),
        ("tuổi nghỉ hưu sáu mươi hai tuổi", "62 tuổi"),
        ("300 giờ", "ba trăm giờ"),
        ("24 tháng", "hai mươi tư tháng"),
    ],
)
def test_workers_words_lead_to_the_laws(typed: str, also: str) -> None:
    assert also in set().union(*others(typed).values())


@pytest.mark.parametrize(
    "typed", ["sau tháng 7", "nghị định 12/2022/NĐ-CP", "135/2020", "năm 2025", "ca sau"]
)
def test_what_only_looks_like_a_number_or_date_is_left(typed: str) -> None:
    assert not any(" tháng " in way or " 6" in way for ways in others(typed).values() for way in ways)


@pytest.mark.parametrize(
    "ambiguous", ["CĐ", "TT", "BNN", "NĐ", "QĐ", "DN", "công ty", "phạt tiền", "lương cơ bản"]
)
def test_what_means_too_many_things_is_no_entry(ambiguous: str) -> None:
    assert not any(others(ambiguous).values())


def test_what_stands_for_the_whole_stands_for_each_part() -> None:
    found = others("tăng ca chủ nhật")
    assert list(found) == ["tăng ca", "chủ", "nhật"]
    assert "làm thêm giờ" in found["tăng ca"]
    assert all("làm thêm vào ngày nghỉ" in ways for ways in found.values())


def test_equivalents_join_and_the_narrower_goes_one_way() -> None:
    lexicon = lexicon_of(
        [TYPHOON, LexiconEntry(EQUAL, "giông", "bão"), LexiconEntry(NARROWER, "bão", "mưa to")]
    )
    assert others("giông", lexicon)["giông"] == {"bão", "áp thấp"}
    assert others("bão", lexicon)["bão"] == {"giông", "áp thấp", "mưa to"}
    assert not any(others("mưa to", lexicon).values())


def test_topics_lead_to_their_synonyms_but_these_not_to_each_other() -> None:
    lexicon = lexicon_of((), [Topic("luong", "Tiền lương", "Wages", ("thang lương", "bonus"))])
    assert others("tiền lương", lexicon)["tiền lương"] == {"wages", "thang lương", "bonus"}
    assert not any(others("bonus", lexicon).values())
    assert others("wages", lexicon)["wages"] == {"tiền lương"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "x"),
        ("!?", "x"),
        ("a" * 101, "x"),
        ("a b c d e f g h i", "x"),
        ("Bão", "bão "),
        ("a\u200bb", "x"),
    ],
)
def test_a_phrase_that_breaks_a_rule_is_refused(said: str, meant: str) -> None:
    with pytest.raises(InvalidInput):
        cleaned(LexiconEntry(EQUAL, said, meant))


def test_groups_and_fans_are_bounded() -> None:
    table = SynonymTable()
    for number in range(1, GROUP_LIMIT):
        table.add(LexiconEntry(EQUAL, f"chữ {number}", f"chữ {number - 1}"))
    with pytest.raises(InvalidInput, match=str(GROUP_LIMIT)):
        table.add(LexiconEntry(EQUAL, "chữ mới", "chữ 0"))
    for number in range(GROUP_LIMIT):
        table.add(LexiconEntry(NARROWER, "gió", f"gió {number}"))
    with pytest.raises(InvalidInput, match=str(GROUP_LIMIT)):
        table.add(LexiconEntry(NARROWER, "gió", "gió mới"))


def test_a_table_takes_as_many_entries_as_it_may_hold() -> None:
    """In about a second: to compare each entry with all others would take hours, in a transaction."""
    equal = [LexiconEntry(EQUAL, f"chữ {n}", f"lời {n}") for n in range(ENTRY_LIMIT // 2)]
    wider = [LexiconEntry(NARROWER, f"gió {n}", "bão") for n in range(ENTRY_LIMIT // 2)]
    assert grown([], [*equal, *wider, TYPHOON]) == [*equal, *wider]


def test_dangerous_entries_are_named() -> None:
    assert dangers(TYPHOON, lambda _: 0.0) == []
    assert "letter" in dangers(LexiconEntry(SHORT, "q", "quý"), lambda _: 0.0)[0]
    (common,) = dangers(LexiconEntry(NARROWER, "sếp", "công ty"), lambda text: 0.5 * (text == "công ty"))
    assert "50%" in common


class Away(MemoryLexicons):
    away = False

    def version(self) -> int:
        if self.away:
            raise Unavailable("away")
        return super().version()


def test_a_change_is_live_within_a_second_and_told_once() -> None:
    lexicons, time, told = Away(), [0.0], list[Lexicon]()
    live = LiveLexicon(lexicons, lambda: (), lambda: time[0])
    assert live() is LEXICON or live().digest == LEXICON.digest
    live.listen(told.append)
    live()
    lexicons.change([TYPHOON], [], author="Lan")
    assert not any(others("bão", live()).values()), "not asked again so soon"
    time[0] = 1.0
    assert others("bão", live())["bão"] == {"áp thấp"}
    time[0] = 2.0
    lexicons.away = True
    assert live() is told[-1] and len(told) == 2


def test_a_file_comes_back_as_it_went() -> None:
    entries = [
        TYPHOON,
        LexiconEntry(NARROWER, "bão", "mưa to", '=1+1 "x"'),
        LexiconEntry(SHORT, "-5", "'+số âm"),
        LexiconEntry(SHORT, "'a", "b"),
    ]
    data = written(entries, 7)
    assert b"\t'=1" in data.replace(b'"', b"") and b"\n=" not in data
    assert read(data) == (in_order(entries), 7)
    assert read(data.decode("utf-8-sig").encode("utf-16")) == (in_order(entries), 7)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=40))
def test_whatever_keeps_the_rules_can_be_exported(said: str, meant: str, note: str) -> None:
    try:
        entry = cleaned(LexiconEntry(EQUAL, said, meant, note))
    except InvalidInput:
        return
    assert cleaned(entry) == entry
    assert read(written([entry], 1)) == ([entry], 1)


def test_every_bad_line_of_a_file_is_named() -> None:
    bad = "kind\tsaid\tmeant\tnote\nequivalent\tbão\táp thấp\t\nwrong\ta\tb\n\nnarrower\tx\t\t\nnarrower\tbão\tÁp thấp\n"
    with pytest.raises(InvalidInput, match=r"line 3: .*\nline 5: .*\nline 6: .*already"):
        read(bad.encode())
    for data in (b"", b"\xff\x00\xfe", b"said\tmeant\na\tb\n", b"\x00" * 6_000_000):
        with pytest.raises(InvalidInput):
            read(data)


@given(st.integers(1, LIMIT))
def test_every_reading_of_a_number_is_understood(number: int) -> None:
    for reading in readings(number):
        length, ways = otherwise([*reading.split(), "giờ"])
        assert length == len(reading.split()) + 1 and f"{number} giờ" in ways
    assert f"{readings(number)[0]} giờ" in otherwise([str(number), "giờ"])[1]


@given(
    st.lists(
        st.sampled_from(["1", "31", "12", "2025", "ngày", "tháng", "nam", "sau", "trăm", "mười", "linh"])
    )
)
def test_any_words_are_read_without_losing_any(words: list[str]) -> None:
    length, ways = otherwise(words)
    assert 0 <= length <= len(words)
    assert bool(length) == bool(ways) or length > 0

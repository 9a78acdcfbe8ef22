"""The contract of `Lexicons`, over the fake and SQLite."""

from __future__ import annotations

import pytest

from infra.db.search.synonyms import SqlLexicons
from media.errors import InvalidInput, NotFound
from search.synonyms.entries import EntryKind, LexiconEntry
from search.synonyms.port import LexiconChanged, Lexicons, difference
from search.synonyms.seed import SEED
from tests.fakes.lexicons_memory import MemoryLexicons
from tests.stores import Stores

BHXH = LexiconEntry(EntryKind.ABBREVIATION, "BHXH", "bảo hiểm xã hội")
OVERTIME = LexiconEntry(EntryKind.EQUIVALENT, "tăng ca", "làm thêm giờ", "hay dùng")
SACKED = LexiconEntry(EntryKind.NARROWER, "đuổi việc", "cho thôi việc")


@pytest.fixture
def lexicons(stores: Stores) -> Lexicons:
    return MemoryLexicons() if stores.database is None else SqlLexicons(stores.database)


def test_an_empty_one_has_no_version(lexicons: Lexicons) -> None:
    assert lexicons.version() == 0
    assert lexicons.entries() == []
    assert lexicons.history() == []
    with pytest.raises(NotFound):
        lexicons.entries(1)


def test_every_change_is_a_version_and_none_is_lost(lexicons: Lexicons) -> None:
    assert lexicons.change([BHXH, OVERTIME], [], author="Lan") == 1
    assert lexicons.change([SACKED], [OVERTIME], author="Hoa", note="thử", expected=1) == 2
    assert lexicons.entries(1) == [BHXH, OVERTIME]
    assert lexicons.entries() == lexicons.entries(2) == [BHXH, SACKED]
    assert [(v.number, v.author, v.note) for v in lexicons.history()] == [(2, "Hoa", "thử"), (1, "Lan", "")]
    assert lexicons.history(1)[0].at >= lexicons.history()[1].at
    assert lexicons.change([], [], author="Lan") == 2


def test_a_version_comes_back_as_a_new_one(lexicons: Lexicons) -> None:
    lexicons.change([BHXH, OVERTIME], [], author="Lan")
    lexicons.change([SACKED], [OVERTIME], author="Lan")
    assert lexicons.restore(1, author="Hoa") == 3
    assert lexicons.entries() == lexicons.entries(1)
    assert lexicons.entries(2) == [BHXH, SACKED]
    assert lexicons.restore(1, author="Hoa") == 3, "nothing to do"
    for number in (0, 9):
        with pytest.raises(NotFound):
            lexicons.restore(number, author="Hoa")


def test_a_changed_note_is_a_change(lexicons: Lexicons) -> None:
    lexicons.change([OVERTIME], [], author="Lan")
    said = LexiconEntry(OVERTIME.kind, OVERTIME.said, OVERTIME.meant, "khác")
    assert lexicons.change([said], [OVERTIME], author="Lan") == 2
    assert lexicons.entries() == [said] and lexicons.entries(1) == [OVERTIME]


def test_somebody_else_was_faster(lexicons: Lexicons) -> None:
    lexicons.change([BHXH], [], author="Lan")
    lexicons.change([OVERTIME], [], author="Lan", expected=1)
    with pytest.raises(LexiconChanged, match=r"Lan.*version 2.*tăng ca") as caught:
        lexicons.change([SACKED], [], author="Hoa", expected=1)
    assert caught.value.theirs.added == (OVERTIME,)
    assert caught.value.yours.added == (SACKED,)
    with pytest.raises(LexiconChanged):
        lexicons.restore(1, author="Hoa", expected=1)
    with pytest.raises(NotFound):
        lexicons.change([SACKED], [], author="Hoa", expected=7)
    assert lexicons.version() == 2


def test_nothing_is_saved_when_one_entry_is_refused(lexicons: Lexicons) -> None:
    lexicons.change([BHXH], [], author="Lan")
    with pytest.raises(InvalidInput, match="already"):
        lexicons.change(
            [SACKED, LexiconEntry(EntryKind.NARROWER, "Bảo  hiểm xã hội", "bhxh")], [], author="Lan"
        )
    with pytest.raises(NotFound):
        lexicons.change([SACKED], [OVERTIME], author="Lan")
    assert lexicons.version() == 1 and lexicons.entries() == [BHXH]


def test_new_entries_of_the_program_leave_the_editors_choices(lexicons: Lexicons) -> None:
    assert lexicons.grow([BHXH, OVERTIME]) == 2
    assert lexicons.grow([BHXH, OVERTIME]) == 0 and lexicons.version() == 1
    lexicons.change([], [OVERTIME], author="Lan")
    other = LexiconEntry(EntryKind.EQUIVALENT, "sa thải", "đuổi việc")
    mine = LexiconEntry(EntryKind.EQUIVALENT, "phép năm", "nghỉ hằng năm")
    lexicons.change([mine], [], author="Lan")
    seed = [BHXH, OVERTIME, other, LexiconEntry(EntryKind.NARROWER, "nghỉ hằng năm", "Phép năm")]
    assert lexicons.grow(seed) == 1
    assert lexicons.entries() == [BHXH, mine, other]
    assert lexicons.history()[0].author == "tualai"


@pytest.mark.slow
def test_the_seed_is_what_an_archive_begins_with(lexicons: Lexicons) -> None:
    assert lexicons.grow(SEED) == len(SEED), "every row keeps the rules"
    assert not difference(lexicons.entries(), SEED)

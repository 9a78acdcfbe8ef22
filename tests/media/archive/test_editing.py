from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.editing import Facts, a_line, checked, some_lines
from media.archive.episodes import Guest
from media.errors import InvalidInput

FACTS = Facts("thang-ba", "Số tháng Ba", date(2026, 3, 15), "dh")


@given(st.text(st.characters(), max_size=400))
def test_kept_text_is_one_line_that_can_be_stored_and_is_kept_again_as_it_is(text: str) -> None:
    kept = a_line(text, "The title", 0, 2000)
    assert "\n" not in kept and "\0" not in kept
    assert not {"\u202e", "\u200f", "\ufeff"} & set(kept)
    kept.encode("utf-8")
    assert a_line(kept, "The title", 0, 2000) == kept


def test_lines_stay_and_so_do_families_of_emoji() -> None:
    assert some_lines("Một  dòng\r\n\r\nhai\u202e \x00dòng \n", "The description") == "Một dòng\n\nhai dòng"
    assert a_line("👩‍👩‍👧 <b>", "The title", 1, 20) == "👩‍👩‍👧 <b>"


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"title": "\u202e \x00"},
        {"title": "x" * 100_000},
        {"description": "x" * 100_000},
        {"notice": "x" * 100_000},
        {"language": "xx"},
        {"slug": "Không phải"},
        {"slug": "x" * 100_000},
        {"date": date(1, 1, 1)},
        {"guests": (Guest(" "),)},
        {"guests": (Guest("x" * 100_000),)},
        {"guests": (Guest("A"),) * 41},
        {"topics": tuple(map(str, range(21)))},
    ],
)
def test_what_cannot_be_kept_is_said(changed: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked(replace(FACTS, **changed), FACTS)  # type: ignore[arg-type]
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 400


def test_a_language_that_was_heard_stays() -> None:
    heard = replace(FACTS, language="km")
    assert checked(heard, heard).language == "km"

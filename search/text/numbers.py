"""Numbers and dates as written and as read aloud: 6 tháng is sáu tháng, 01/7/2025 is 1 tháng 7 năm 2025.

A number alone is left as it is: năm is also a year, ba a father, sau means after. It is read before
what is counted, and after điều, khoản and the like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from search.text.folding import fold

Words = tuple[str, ...]
"""Words of a phrase, lower case with diacritics."""

LIMIT = 999
YEARS = range(1900, 2100)

_ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# fmt: off
_UNITS = (
    "tháng", "ngày", "năm", "tuần", "giờ", "tiếng", "phút", "lần", "tuổi", "triệu", "nghìn",
    "ngàn", "trăm", "tỷ", "đồng", "người", "ca", "buổi", "khoản", "điều", "phần",
)
# fmt: on
_NUMBERED = ("điều", "khoản", "chương", "mục")
_DAY = ("ngày", "mùng", "mồng")
# After these two numbers are a document's, as in Nghị định 12/2022/NĐ-CP.
_DOCUMENT = frozenset(("nđ", "tt", "qđ", "qh13", "qh14", "qh15", "nq", "ttlt", "ct", "cv"))
_LONGEST = 6


def number_words(number: int, zero: str = "linh") -> str:
    """How a number from 0 to 999 is read: 15 is mười lăm, 21 hai mươi mốt, 105 một trăm linh (or lẻ) năm."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        gap = f"{zero} " if 0 < rest < 10 else ""
        return f"{_ONES[hundreds]} trăm {gap}{number_words(rest) if rest else ''}".strip()
    tens, ones = divmod(rest, 10)
    if not tens:
        return _ONES[ones]
    head = "mười" if tens == 1 else f"{_ONES[tens]} mươi"
    tail = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, _ONES[ones])
    return f"{head} {tail}".strip()


def readings(number: int) -> list[str]:
    """All usual ways to read a number from 0 to 999, the usual one first: 24 is also hai mươi tư."""
    found = [number_words(number, zero) for zero in ("linh", "lẻ")]
    tens, ones = divmod(number % 100, 10)
    if ones == 4 and tens > 1:
        found += [reading.removesuffix("bốn") + "tư" for reading in found]
    if ones == 0 and tens > 1 and number < 100:
        found.append(f"{_ONES[tens]} chục")
    return list(dict.fromkeys(found))


def year_words(year: int) -> str:
    """How a year is read: 2025 is hai nghìn không trăm hai mươi lăm."""
    thousands, rest = divmod(year, 1000)
    if not rest:
        return f"{_ONES[thousands]} nghìn"
    low = "không trăm " + ("linh " if rest < 10 else "") if rest < 100 else ""
    return f"{_ONES[thousands]} nghìn {low}{number_words(rest)}"


_READ: dict[Words, list[tuple[Words, int]]] = {}
for _number in range(1, LIMIT + 1):
    for _reading in readings(_number):
        _READ.setdefault(tuple(fold(_reading).split()), []).append((tuple(_reading.split()), _number))

NUMBER_WORDS = frozenset(word for folded in _READ for word in folded) | {fold(unit) for unit in _UNITS}
"""Folded words that are part of a number or counted by one."""


def otherwise(words: Sequence[str]) -> tuple[int, list[str]]:
    """How many of `words` (exact forms) a number or date at their beginning takes, and other ways to say it.

    (0, []) when they begin with none.
    """
    for read in (_date, _counted, _numbered):
        length, others = read(words)
        if length:
            own = " ".join(words[:length])
            return length, [other for other in dict.fromkeys(others) if other != own]
    return 0, []


class Number(NamedTuple):
    """A number at the beginning of some words: how many it takes, whether in digits, whether as spelled."""

    length: int
    value: int
    digits: bool
    exact: bool


def _number_at(words: Sequence[str]) -> Iterator[Number]:
    """Numbers at the beginning of `words`, longest first."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for reading, number in _READ.get(tuple(map(fold, words[:length])), ()):
            if all(_is(word, known) for word, known in zip(words, reading, strict=False)):
                yield Number(length, number, digits=False, exact=tuple(words[:length]) == reading)
    if words and words[0].isascii() and words[0].isdigit() and len(words[0]) <= 3 and int(words[0]):
        yield Number(1, int(words[0]), digits=True, exact=True)


def _is(word: str, known: str) -> bool:
    """Whether `word` may stand for `known`: with its diacritics or with none."""
    return word in (known, fold(known))


def _known(word: str, known: Collection[str]) -> str | None:
    """Which of the known ones `word` may stand for."""
    return next((one for one in known if _is(word, one)), None)


def _fits(number: Number, beside: str) -> bool:
    """Whether it is that number beside this word: beside one with diacritics, sau is not sáu."""
    return number.exact or beside == fold(beside)


def _counted(words: Sequence[str]) -> tuple[int, list[str]]:
    for number in _number_at(words):
        unit = words[number.length] if number.length < len(words) else ""
        known = _known(unit, _UNITS)
        if known and _fits(number, unit):
            return number.length + 1, [f"{other} {known}" for other in _others(number)]
    return 0, []


def _numbered(words: Sequence[str]) -> tuple[int, list[str]]:
    known = _known(words[0], _NUMBERED) if words else None
    if known:
        for number in _number_at(words[1:]):
            if _fits(number, words[0]):
                return number.length + 1, [f"{known} {other}" for other in _others(number)]
    return 0, []


def _others(number: Number) -> list[str]:
    """The readings of what is in digits; the digits and other readings of what is in words."""
    return readings(number.value) if number.digits else [str(number.value), *readings(number.value)]


def _date(words: Sequence[str]) -> tuple[int, list[str]]:
    """Day, month and year; the year may be missing, or the day."""
    skip = 1 if words and _known(words[0], _DAY) else 0
    rest = words[skip:]
    for parts, named in ((_named(rest), True), (_figures(rest), False)):
        if parts is None:
            continue
        length, day, month, year = parts
        after = rest[length] if length < len(rest) else ""
        counts = _known(after, _UNITS) and not (named and _is(after, "năm"))
        if after in _DOCUMENT or (year is None and counts):
            continue
        if day is not None or (year is not None and not skip):
            return skip + length, _dates(day, month, year)
    return 0, []


Parts = tuple[int, int | None, int, int | None]
"""Words taken, day, month, year."""


def _figures(words: Sequence[str]) -> Parts | None:
    """01/7/2025, 1/7, 7/2025, tháng 7/2025: the marks between are no words."""
    skip = 1 if words and _is(words[0], "tháng") else 0
    numbers = [
        int(w) if w.isascii() and w.isdigit() and len(w) <= 4 else -1 for w in words[skip : skip + 3]
    ]
    match [*numbers, -1, -1, -1][:3]:
        case [day, month, year] if not skip and 1 <= day <= 31 and 1 <= month <= 12 and year in YEARS:
            return 3, day, month, year
        case [month, year, _] if 1 <= month <= 12 and year in YEARS:
            return skip + 2, None, month, year
        case [day, month, _] if not skip and 1 <= day <= 31 and 1 <= month <= 12:
            return 2, day, month, None
    return None


def _named(words: Sequence[str]) -> Parts | None:
    """1 tháng 7 năm 2025, mùng một tháng bảy, tháng 7 năm 2025; months and days also in words."""
    day, at = None, 0
    for number in _number_at(words):
        beside = words[number.length] if number.length < len(words) else ""
        if number.value <= 31 and _is(beside, "tháng") and _fits(number, beside):
            day, at = number.value, number.length
            break
    if at >= len(words) or not _is(words[at], "tháng"):
        return None
    for number in _number_at(words[at + 1 :]):
        if number.value > 12 or not _fits(number, words[at]):
            continue
        end = at + 1 + number.length
        tail = list(words[end : end + 2])
        if (
            len(tail) == 2
            and _is(tail[0], "năm")
            and tail[1].isascii()
            and tail[1].isdigit()
            and int(tail[1]) in YEARS
        ):
            return end + 2, day, number.value, int(tail[1])
        return end, day, number.value, None
    return None


def _dates(day: int | None, month: int, year: int | None) -> list[str]:
    """The ways a date is written and read."""
    of_year = "" if year is None else f" năm {year}"
    if day is None:
        return [f"tháng {month}{of_year}", f"{month} {year}", f"{month:02} {year}"]
    usual = ((str(day), str(month)), (f"{day:02}", str(month)), (f"{day:02}", f"{month:02}"))
    found = [f"{d} tháng {m}{of_year}" for d, m in usual]
    found += [f"{d} {m}" + (f" {year}" if year else "") for d in _written(day) for m in _written(month)]
    read = f"{number_words(day)} tháng {'tư' if month == 4 else number_words(month)}"
    found.append(read if year is None else f"{read} năm {year_words(year)}")
    return found


def _written(number: int) -> list[str]:
    return list(dict.fromkeys((str(number), f"{number:02}")))

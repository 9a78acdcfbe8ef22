"""Cutting out of a text what could tell who somebody is, or leads elsewhere. Pure.

Found in the folded text (untoned, full-width digits as plain ones), which keeps every character's place, and cut
out of the text as written. Vietnamese numbers: phones have 10 digits from 0 (or +84 and 9), identity cards 9 or 12,
social insurance 10, bank accounts 8 to 19; so from nine digits on a run is private unless it is plainly something
else: money, dates, years, articles of a law.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from search.text.folding import fold

MASK = "[…]"
Span = tuple[int, int]

_DIGITS_PRIVATE = 9
_DIGITS_NAMED = 6
"""So many are enough after a word such as “tài khoản”."""
_RUN = re.compile(r"\+?\d(?:[ .\-–/()_·]{0,3}\d|,\d)*")
_DAY = r"(?:0?[1-9]|[12]\d|3[01])[/.\-](?:0?[1-9]|1[0-2])[/.\-](?:19|20)\d\d"
_DATES = re.compile(rf"(?:{_DAY})(?: ?[-–] ?(?:{_DAY}))?")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s*[ \-–/,]\s*(?:19|20)\d\d)*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+")
_ROUND = re.compile(r"[1-9]\d{0,4}000")
_UNIT = re.compile(r"\)? ?(?:dong|d|vnd|k|trieu|tr|nghin|ngan|ty|usd)\b")
_AMOUNT = re.compile(r"[1-9][\d.,]*")
_ARTICLE = re.compile(r"\b(?:dieu|khoan|diem|chuong|muc|trang|cau|phu luc)\s+$")
_NAMED = re.compile(
    r"\b(?:stk|tk|tai khoan|so tk|cmnd|cmt|cccd|can cuoc(?: cong dan)?|chung minh(?: nhan dan| thu)?|ho chieu|bhxh|bhyt"
    r"|ma so thue|mst|zalo|sdt|so dien thoai|dien thoai|dt|phone|hotline|alo)[\s:.,]*(?:la|so|cua \w+|:)?[\s:.,]*$"
)
_MAIL = re.compile(r"[\w.+\-]+ ?(?:@|[(\[]at[)\]]) ?[\w\-]+(?: ?\. ?[\w\-]{2,})+|\S+@\S+")
_DIGIT = "khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|linh|le"
_SPELLED = re.compile(rf"\b(?:{_DIGIT})(?:[ ,.\-]+(?:{_DIGIT})){{8,}}\b")
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.\-]{1,20}://\S+|\bwww\.\S+"
    r"|(?<![@\w.])(?:[\w\-]+\.)+(?:com|net|org|info|xyz|site|online|vn|shop|store|click)\b(?:[/?#:]\S*)?"
    r"|(?<![@\w.])(?:[\w\-]+\.)+[a-z]{2,10}/\S*",
    re.ASCII,
)


def tidy_text(text: str) -> str:
    """One line: single spaces, NFC, nothing invisible (which could stand between digits)."""
    kept = "".join(" " if _breaks(c) else c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", kept).split())


_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}


def _breaks(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp", "Zs")


def has_link(text: str) -> bool:
    """Whether it leads elsewhere."""
    return next(_links(tidy_text(text)), None) is not None


def without_links(text: str) -> str:
    """A tidy text without what leads elsewhere."""
    plain = tidy_text(text)
    return tidy_text(cut(plain, _links(plain), ""))


def masked(text: str) -> str:
    """A tidy text in which numbers of people and addresses of mail are MASK."""
    plain = tidy_text(text)
    return cut(plain, _private(fold(plain)), MASK)


def cut(text: str, spans: Iterable[Span], mark: str) -> str:
    """`text` with `mark` in the place of each span (characters); spans may touch and overlap."""
    kept, place = [], 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        kept += [text[place:start], mark] if start >= place else []
        place = end
    return "".join([*kept, text[place:]])


def found_in(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Where `pattern`, written for folded text, is in `text`."""
    return (found.span() for found in pattern.finditer(fold(text)))


def _links(plain: str) -> Iterator[Span]:
    """Not in folded text: there “bố.mẹ” would be an address in Montenegro."""
    lower = plain.lower()
    return (found.span() for found in _LINK.finditer(lower if len(lower) == len(plain) else plain))


def _private(folded: str) -> Iterator[Span]:
    for pattern in (_MAIL, _SPELLED):
        yield from (found.span() for found in pattern.finditer(folded))
    for run in _RUN.finditer(folded):
        yield from _private_in(folded, run)


def _private_in(folded: str, run: re.Match[str]) -> Iterator[Span]:
    """The private parts of a run of digits: what is left of it between dates."""
    start = run.start()
    for date in _DATES.finditer(run[0]):
        if _stands_alone(run[0], date):
            yield from _judged(folded, start, run.start() + date.start())
            start = run.start() + date.end()
    yield from _judged(folded, start, run.end())


def _stands_alone(run: str, date: re.Match[str]) -> bool:
    """Not a part of a number written with dots: 09.12.2024.56."""
    before, after = run[: date.start()], run[date.end() :]
    return not re.search(r"\d[ ./\-]?$", before) and not re.match(r"[./\-]?\d", after)


def _judged(folded: str, start: int, end: int) -> Iterator[Span]:
    text = folded[start:end]
    digits = sum(c.isdigit() for c in text)
    if (digits >= _DIGITS_NAMED and _NAMED.search(folded[max(0, start - 40) : start])) or (
        digits >= _DIGITS_PRIVATE and not _is_plain(folded, start, end)
    ):
        yield start, end


def _is_plain(folded: str, start: int, end: int) -> bool:
    """Whether so many digits are plainly no person's: money, years, articles."""
    text = folded[start:end].strip(" .-–/()_·")
    parts = [each for each in re.split(r"\s+|\s*[-–]\s*", text) if each]
    with_unit = _UNIT.match(folded[end : end + 10]) is not None
    tests: list[Callable[[], bool]] = [
        lambda: _YEARS.fullmatch(text) is not None,
        lambda: all(_is_sum(each) for each in parts),
        lambda: with_unit and all(_AMOUNT.fullmatch(each) for each in parts) and len(parts) <= 2,
        lambda: (
            text[0] != "0"
            and all(len(each) <= 3 for each in parts)
            and _ARTICLE.search(folded[max(0, start - 12) : start]) is not None
        ),
    ]
    return any(test() for test in tests)


def _is_sum(text: str) -> bool:
    """“4.680.000”, “5000000”; nine digits and more only when they end in 000."""
    if _GROUPED.fullmatch(text):
        return sum(c.isdigit() for c in text) < _DIGITS_PRIVATE or text.endswith("000")
    return _ROUND.fullmatch(text) is not None

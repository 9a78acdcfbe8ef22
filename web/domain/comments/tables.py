"""Comments in a table (CSV) of whatever making: which column is the text, the id, the time. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from search.text.folding import fold, nfc

FIELD_MOST = 200_000
"""Characters of a cell."""
_TEXT = ("noi dung", "binh luan", "cau hoi", "comment", "message", "text", "content", "question", "body")
_ID = ("id", "ma", "comment id", "ma binh luan", "key")
_TIME = ("giay", "offset", "seconds", "second", "time offset", "video offset", "vi tri", "luc trong video")
_SEEN = 200
_DELIMITERS = ",;\t|"


def read_table(text: str) -> list[tuple[str, str, str]]:
    """(text, id, time) of each row, "" for what there is not.

    Without a header that names the text, it is the column with the most words.
    """
    rows = _rows(text)
    if not rows:
        return []
    width = max(len(row) for row in rows[:_SEEN])
    header = [_name(cell) for cell in rows[0]]
    said = _column(header, _TEXT)
    if said is None:
        said = max(range(width), key=lambda at: _words(rows, at))
        body, key, time = rows, None, None
    else:
        body, key, time = rows[1:], _column(header, _ID), _column(header, _TIME)
    return [(_cell(row, said), _cell(row, key), _cell(row, time)) for row in body]


def _rows(text: str) -> list[list[str]]:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    before = csv.field_size_limit(FIELD_MOST)
    try:
        found = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
        return [row for row in found if any(cell.strip() for cell in row)]
    except csv.Error:  # an unclosed quotation mark: then each line is a row, its cells as they are
        lines = (line[:FIELD_MOST] for line in text.replace("\0", "").splitlines())
        return [[cell.strip(' "') for cell in line.split(delimiter)] for line in lines if line.strip()]
    finally:
        csv.field_size_limit(before)


def _name(cell: str) -> str:
    """A header's words, folded: “Nội_dung ” is noi dung."""
    return " ".join(fold(nfc(cell)).replace("_", " ").replace("-", " ").split())[:80]


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    """The column with one of the names, else the one whose header begins or ends with one."""
    for name in names:
        if name in header:
            return header.index(name)
    for name in names:
        for at, cell in enumerate(header):
            if len(cell) <= 40 and (cell.startswith(f"{name} ") or cell.endswith(f" {name}")):
                return at
    return None


def _words(rows: Sequence[Sequence[str]], at: int) -> int:
    return sum(len(_cell(row, at).split()) for row in rows[:_SEEN])


def _cell(row: Sequence[str], at: int | None) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    text = row[at].strip() if at is not None and at < len(row) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text

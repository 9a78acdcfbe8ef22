"""The lexicon as a table for spreadsheets: UTF-8, one entry a line, cells parted by tabs.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, “CSV Injection”),
which is taken off again when the file comes back. The head names the version it was made of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from media.errors import InvalidInput
from search.synonyms.entries import EntryKind, LexiconEntry, in_order
from search.synonyms.rules import SynonymTable

COLUMNS = ("kind", "said", "meant", "note")
SIZE_LIMIT = 5_000_000
"""Bytes of a file that are read."""
SHOWN_LIMIT = 20
_VERSION = "version "
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "\t", "\r")


def written(entries: Iterable[LexiconEntry], version: int) -> bytes:
    """The file. It begins with a byte order mark, by which spreadsheets know UTF-8."""
    text = io.StringIO()
    out = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    out.writerow([*COLUMNS, f"{_VERSION}{version}"])
    for entry in in_order(entries):
        out.writerow([_safe(cell) for cell in (entry.kind, entry.said, entry.meant, entry.note)])
    return text.getvalue().encode("utf-8-sig")


def read(data: bytes) -> tuple[list[LexiconEntry], int | None]:
    """The entries of a file and the version it was made of, None where it does not say.

    Raises `InvalidInput` naming every line that cannot be used, at most 20.
    """
    rows = list(_rows(data))
    head = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    if tuple(head[: len(COLUMNS)]) != COLUMNS:
        raise InvalidInput(
            "The first line must name the columns %(columns)s, parted by tabs; begin with an export.",
            columns=", ".join(COLUMNS),
        )
    table, wrong = SynonymTable(), []
    for number, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            table.add(_entry(cells))
        except InvalidInput as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        more = f"\n… and {len(wrong) - SHOWN_LIMIT} more" if len(wrong) > SHOWN_LIMIT else ""
        raise InvalidInput("Nothing was imported.\n%(lines)s", lines="\n".join(wrong[:SHOWN_LIMIT]) + more)
    return in_order(table.entries), _version(head)


def _rows(data: bytes) -> Iterable[tuple[int, list[str]]]:
    """Line numbers and cells."""
    if len(data) > SIZE_LIMIT:
        raise InvalidInput(
            "The file is larger than %(most)s MB; it can't be a lexicon.", most=SIZE_LIMIT // 1000000
        )
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        lines = csv.reader(io.StringIO(data.decode(encoding), newline=""), dialect="excel-tab", strict=True)
        for cells in lines:
            yield lines.line_num, cells
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "The file is not UTF-8; save it as tab separated text in UTF-8 or Unicode."
        ) from error
    except csv.Error as error:
        raise InvalidInput("The file is no table of cells parted by tabs (%(why)s).", why=error) from error


def _entry(cells: Sequence[str]) -> LexiconEntry:
    kind, said, meant, note = (_plain(cell) for cell in [*cells, "", "", "", ""][:4])
    kinds = {str(known): known for known in EntryKind}
    if kind.casefold() not in kinds:
        raise InvalidInput("“%(kind)s” is no kind; use %(kinds)s.", kind=kind[:40], kinds=", ".join(kinds))
    return LexiconEntry(kinds[kind.casefold()], said, meant, note)


def _version(head: Sequence[str]) -> int | None:
    cells = [cell.removeprefix(_VERSION) for cell in head[len(COLUMNS) :] if cell.startswith(_VERSION)]
    return int(cells[0]) if cells and cells[0].isascii() and cells[0].isdigit() else None


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell

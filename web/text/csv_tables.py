"""Tables as CSV for spreadsheet programs. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def sheet(header: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> str:
    """CSV (RFC 4180) with a byte-order mark, so that spreadsheets read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def cell(text: str) -> str:
    """A spreadsheet must not take what a stranger typed for a formula (OWASP, CSV injection)."""
    text = text.replace("\0", "")
    return f"'{text}" if text.lstrip(" \u00a0\u200b\u200e\u200f\ufeff").startswith(_FORMULA) else text

"""Reading the Range header: one range of bytes (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.IGNORECASE | re.ASCII)


class Unsatisfiable(Exception):
    """The range lies wholly outside the file; the answer is 416."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte and the number of bytes asked for, cut to `size`.

    None means the whole file: without a header, and for one that is malformed, in another unit or of
    several ranges, which section 14.2 lets a server ignore.

    Raises:
        Unsatisfiable: when no byte of the range exists.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, length
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end - start + 1

"""ETags of answers (RFC 9110). Pure."""

from __future__ import annotations


def matches(header: str | None, tag: str) -> bool:
    """Whether If-None-Match names `tag`, compared weakly (RFC 9110, section 13.1.2)."""
    if header is None:
        return False
    plain = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") in (plain, "*") for each in header.split(","))

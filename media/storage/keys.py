"""Storage keys. Pure."""

from __future__ import annotations

import re

from media.errors import InvalidInput

PART = re.compile(r"[A-Za-z0-9._-]{1,200}")
KEY_LENGTH = 800


def is_key(key: str) -> bool:
    """Whether `key` is made of parts of ASCII letters, digits, `.`, `_`, `-`, joined by `/`."""
    parts = key.split("/")
    return len(key) <= KEY_LENGTH and all(PART.fullmatch(p) and p not in (".", "..") for p in parts)


def check_key(key: str) -> str:
    """Return `key` when it is one.

    Raises:
        InvalidInput: otherwise; nothing outside the store can be named by a key.
    """
    if not is_key(key):
        raise InvalidInput(
            "“%(key)s” cannot name a stored file; use letters, digits, “.”, “_” and “-”, parts joined by"
            " “/”.",
            key=key[:100],
        )
    return key

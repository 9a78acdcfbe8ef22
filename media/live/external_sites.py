"""Addresses of broadcasts on other sites. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from media.errors import InvalidInput

LONGEST = 500


def check_address(url: str) -> str:
    """Return `url`, trimmed, when it is a public https address. Raises `InvalidInput`."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = not (parts.username or parts.password or port) and not re.search(r"\s", text)
    if parts.scheme != "https" or not plain or "." not in (parts.hostname or "") or len(text) > LONGEST:
        raise InvalidInput("Give the broadcast's address as its page shows it, beginning with https://.")
    return text

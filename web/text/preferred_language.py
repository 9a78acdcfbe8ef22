"""Which language a program asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MOST_LANGUAGES = 20


def preferred(accept_language: str, codes: Iterable[str]) -> str | None:
    """The language of `codes` that an Accept-Language header (RFC 9110, 12.5.4) likes best; None for none of them.

    A regional tag (vi-VN) asks for its language. What can't be read counts as not asked for.
    """
    known, liked = set(codes), []
    for place, part in enumerate(accept_language.split(",")[:_MOST_LANGUAGES]):
        tag, _, weight = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if code in known and quality > 0:
            liked.append((-quality, place, code))
    return min(liked)[2] if liked else None


def _quality(parameter: str) -> float:
    """The weight in “q=0.8”; 1 without one, 0 for what is none."""
    name, _, number = parameter.strip().lower().partition("=")
    if not name:
        return 1.0
    return float(number) if name == "q" and re.fullmatch(r"[01](\.\d{0,3})?", number) else 0.0

"""Meilisearch's filter language: what a passage must have, as one expression.

Nothing typed ever reaches it raw: values are coded first, into characters that mean nothing there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from search.index import SearchQuery, exact_filters

NOTHING = 'again = "never"'
_LISTED = re.compile(r"(\w+) IN \[([^\[\]]*)\]")
_CODED = re.compile(r"\^(.)|\{([0-9a-f]+)\}|(_)", re.DOTALL)


def coded(value: str) -> str:
    """`value` so that only its equal equals it: Meilisearch compares without case and compatibility forms."""
    return "".join(map(_coded, value))


def decoded(value: str) -> str:
    """The value again."""
    return _CODED.sub(lambda m: " " if m[3] else m[1].upper() if m[1] else chr(int(m[2], 16)), value)


@cache
def _coded(character: str) -> str:
    if character == " ":
        return "_"
    lower = character.lower()
    if lower != character and len(lower) == 1 and lower.upper() == character and _plain(lower):
        return f"^{lower}"
    return character if _plain(character) else f"{{{ord(character):x}}}"


def _plain(character: str) -> bool:
    canonical = unicodedata.normalize("NFD", character)
    return character == "-" or (
        character.isalnum()
        and character.lower() == character
        and unicodedata.normalize("NFKD", character) == canonical
        and unicodedata.normalize("NFC", canonical) == character
    )


def equals(field: str, *values: str) -> str:
    """Passages that have one of the values in the field."""
    listed = ", ".join(f'"{value}"' for value in values)
    return f"{field} IN [{listed}]" if values else NOTHING


def begins(field: str, value: str) -> str:
    """Passages that have a value that begins so."""
    return f'{field} STARTS WITH "{value}"'


def every(parts: Iterable[str]) -> str:
    """All of the expressions; without any, everything."""
    found = [part for part in parts if part]
    return found[0] if len(found) == 1 else " AND ".join(map(_bracketed, found))


def some(parts: Iterable[str]) -> str:
    """One of the expressions; without any, nothing. Lists of one field become one, which is quicker."""
    values: dict[str, dict[str, None]] = {}
    rest: dict[str, None] = {}
    for part in parts:
        listed = _LISTED.fullmatch(part)
        if listed:
            values.setdefault(listed[1], {}).update(dict.fromkeys(listed[2].split(", ")))
        elif part and part != NOTHING:
            rest[part] = None
    lists = [f"{name} IN [{', '.join(found)}]" for name, found in values.items()]
    return " OR ".join([*lists, *rest]) or NOTHING


def least(count: int, parts: Sequence[str]) -> str:
    """At least `count` of the expressions.

    Of two that differ, the numbers differ in some binary digit: so two of n takes 2 log n lists.
    """
    if count <= 1:
        return some(parts)
    if count >= len(parts):
        return every(parts) if count == len(parts) else NOTHING
    if count == 2:
        return some(
            every(
                some(part for n, part in enumerate(parts) if bool(n >> bit & 1) is one)
                for one in (False, True)
            )
            for bit in range((len(parts) - 1).bit_length())
        )
    first, rest = parts[0], parts[1:]
    return some([every([first, least(count - 1, rest)]), least(count, rest)])


def heavy(weight: int, parts: Sequence[tuple[int, str]]) -> str:
    """Expressions whose weights, 1 or more each, add up to `weight` at least; for up to some eight of them.

    What the first half of them may have, and the rest of the second.
    """
    if weight <= min(each for each, _ in parts):
        return some(part for _, part in parts)
    if weight > sum(each for each, _ in parts):
        return NOTHING
    first, second = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    sums = {0}
    for each, _ in first:
        sums |= {known + each for known in sums}
    most = sum(each for each, _ in second)
    useful = [have for have in sorted(sums) if weight - have <= most]
    last = next((n for n, have in enumerate(useful) if have >= weight), len(useful))
    return some(
        every(
            heavy(need, half) if need > 0 else "" for need, half in ((have, first), (weight - have, second))
        )
        for have in useful[: last + 1]
    )


def _bracketed(part: str) -> str:
    return f"({part})" if " OR " in part else part


def chosen(query: SearchQuery) -> list[str]:
    """The query's filters. Over episodes, runs of cues that an answer repeats are left out."""
    found = [equals(name, coded(value)) for name, value in exact_filters(query).items()]
    if query.kinds:
        found.append(equals("kind", *(str(kind) for kind in query.kinds)))
    elif query.episode is None:
        found.append(equals("again", "no"))
    return found

"""What is asked of a big archive, and how times are told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bench.retrieval import typo, untoned
from bench.scale_data import SEED, BigArchive
from search.index import DEPTH_LIMIT, SearchQuery
from search.passages.passage import PassageKind

QUERIES = 300
Figures = dict[str, Any]


def asked(archive: BigArchive, count: int = QUERIES) -> dict[str, list[SearchQuery]]:
    """Queries by what they are like, taken from what is said in the archive."""
    chance = random.Random(SEED)
    short, long = (list(phrases(archive, chance, count, *sizes)) for sizes in ((2, 4), (7, 12)))
    topic = {"topic": "chu-de-3", "year": 2018}
    kinds = list(PassageKind)
    return {
        "as typed": [SearchQuery(begun(text, chance), typing=True) for text in short],
        "one letter": [SearchQuery(text[0], typing=True) for text in short],
        "full": [SearchQuery(text) for text in short],
        "untoned": [SearchQuery(untoned(text, chance)) for text in short],
        "typo": [SearchQuery(typo(text, chance)) for text in short],
        "question": [SearchQuery(text) for text in long],
        "facets": [SearchQuery(text, facets=True) for text in short],
        "facets and filters": [SearchQuery(text, facets=True, **topic) for text in short],  # type: ignore[arg-type]
        "one kind": [SearchQuery(t, kinds=(kinds[n % 3],)) for n, t in enumerate(short)],
        "deep page": [SearchQuery(text, offset=DEPTH_LIMIT - 100, limit=100) for text in short],
        "10,000 characters": [SearchQuery((text * 10_000)[:10_000]) for text in short],
        "words with closeness": [SearchQuery(t, vector=archive.vector(n)) for n, t in enumerate(short)],
        "nearest": [SearchQuery("", vector=archive.vector(n)) for n in range(count)],
        "nearest of a kind": [
            SearchQuery("", vector=archive.vector(n), kinds=(kinds[n % 3],)) for n in range(count)
        ],
        "nearest filtered": [SearchQuery("", vector=archive.vector(n), **topic) for n in range(count)],  # type: ignore[arg-type]
    }


def phrases(archive: BigArchive, chance: random.Random, count: int, least: int, most: int) -> Iterator[str]:
    """Words that follow each other somewhere."""
    while count:
        for passage in chance.sample(archive.made(chance.randrange(archive.count)).passages, 8):
            said, length = passage.text.rstrip(".").lower().split(), chance.randint(least, most)
            if len(said) >= length and count:
                start = chance.randrange(len(said) - length + 1)
                yield " ".join(said[start : start + length])
                count -= 1


def begun(text: str, chance: random.Random) -> str:
    """The text with its last word not finished."""
    *before, last = text.split()
    return " ".join([*before, last[: chance.randint(1, len(last))]])


def spread(seconds: list[float]) -> Figures:
    """Milliseconds at the middle and towards the end."""
    ordered = sorted(seconds)
    found: Figures = {f"p{k}": round(ordered[len(ordered) * k // 100] * 1000, 2) for k in (50, 95, 99)}
    return {**found, "count": len(ordered)}

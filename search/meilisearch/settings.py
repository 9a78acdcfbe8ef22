"""What a Meilisearch index is told, and its name. Another version is another index.

Meilisearch keeps and counts; words are cut, folded and understood here, as for every engine. So it needs
no synonyms and no stop words of its own: the lexicon is looked up when a query is read, and an editor's
new entry works at once, without a rebuild.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from media.errors import InvalidInput
from search.index import FACETS

VERSION = 2
"""Of what is written into documents; raise it and every index is rebuilt. Settings are told by themselves."""

VALUES_LIMIT = 200_000
"""Distinct words that are known of an archive, the most frequent first."""

TITLE, TEXT = "title", "text"
WORDS, EXACT, TITLED = "words", "exact", "titled"
"""The words of a passage in folded and in exact form; numbers of the articles its title names."""

SIZE = "size"
"""How many numbers a passage's vectors have."""

ROOMS = (384, 1024, 4096, 8192)
"""Vectors are kept in the smallest that fits, filled up with zeros, which changes no angle: an index must
know its embedders, and every document must say which it does without, before any vector comes."""

_WORDS_FILTER = {"facetSearch": False, "filter": {"equality": True, "comparison": False}}

SETTINGS: dict[str, Any] = {
    "searchableAttributes": [TITLE, TEXT],
    "filterableAttributes": [
        {
            "attributePatterns": [WORDS, EXACT, TITLED, *FACETS, "episode", "language", "again", SIZE],
            "features": _WORDS_FILTER,
        }
    ],
    "sortableAttributes": ["merit"],
    "rankingRules": ["words", "typo", "proximity", "attribute", "exactness", "sort", "merit:desc"],
    "typoTolerance": {"minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8}, "disableOnNumbers": True},
    "localizedAttributes": [{"attributePatterns": [TITLE, TEXT], "locales": ["vie"]}],
    "stopWords": [],
    "synonyms": {},
    "pagination": {"maxTotalHits": 10_000_000},  # counts are cut there too, so more than can be paged
    "faceting": {"maxValuesPerFacet": VALUES_LIMIT, "sortFacetValuesBy": {"*": "count"}},
    "embedders": {f"e{room}": {"source": "userProvided", "dimensions": room} for room in ROOMS},
    "searchCutoffMs": 500,
}

_NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def place_of(url: str) -> tuple[str, str]:
    """The server's address and the archive's name in it, of an URL such as `http://host:7700/tualai`.

    Raises `InvalidInput` for a name that cannot be one.
    """
    parts = urlsplit(url)
    path, _, name = unquote(parts.path).rstrip("/").rpartition("/")
    name = name or "tualai"
    if not parts.netloc or not _NAME.fullmatch(name) or len(name) > 200:
        raise InvalidInput(
            "“%(url)s” can't be a search server; write http://host:7700/name, the name in plain letters,"
            " digits and single hyphens.",
            url=url,
        )
    scheme = "https" if parts.scheme == "https" else "http"
    return f"{scheme}://{parts.netloc}{path}", name


def uid_of(name: str) -> str:
    """The index of the archive `name` with these settings."""
    digest = hashlib.sha256(json.dumps(SETTINGS, sort_keys=True).encode()).hexdigest()
    return f"{name}--{VERSION}-{digest[:8]}"


def is_of(name: str, uid: str) -> bool:
    """Whether the index `uid` belongs to the archive `name`, in any version."""
    return re.fullmatch(rf"{re.escape(name)}--\d+-[0-9a-f]{{8}}(--next)?", uid) is not None

"""The port of the search index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from search.passages import Passage, PassageKind

Span = tuple[int, int]
"""Start and end of a highlight, in characters (code points) of the text it belongs to."""

PAGE_LIMIT = 100
DEPTH_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for. Filters are exact; `typing` matches the last word as a prefix.

    `offset + limit` is at most DEPTH_LIMIT, `limit` at most PAGE_LIMIT.
    """

    text: str
    kinds: tuple[PassageKind, ...] = ()
    programme: str | None = None
    topic: str | None = None
    year: int | None = None
    episode: str | None = None
    language: str | None = None
    typing: bool = False
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches. Spans are ordered and do not overlap."""

    passage: Passage
    score: float
    title_spans: tuple[Span, ...] = ()
    text_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`total` counts all matches, `seconds` is the time the engine took."""

    total: int
    hits: tuple[Hit, ...]
    engine: str
    seconds: float


class SearchIndex(Protocol):
    """An index of passages. It holds only what is public; it can be thrown away and rebuilt."""

    engine: str
    """Name of the engine, such as `tantivy`."""

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        """Make `passages` the only ones of `episode`, in one step; none removes the episode.

        Visible to every process as soon as this returns. Raises `Unavailable` when another writer is
        at work or the engine is away; then nothing has changed.
        """
        ...

    def rebuild(self, episodes: Sequence[tuple[str, Sequence[Passage]]]) -> None:
        """Replace the whole index; searches go on over the old one until it is done. Raises `Unavailable`."""
        ...

    def search(self, query: SearchQuery) -> SearchResults:
        """Best hits first. Raises `InvalidInput` for paging beyond the limits, `Unavailable`."""
        ...

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        """Titles of answers and chapters that continue `text`, best first. Raises `Unavailable`."""
        ...

    def counts(self) -> dict[str, int]:
        """Number of passages by episode slug. Raises `Unavailable`."""
        ...

    def current(self) -> bool:
        """Whether the index was built with the settings this program uses. Raises `Unavailable`."""
        ...

"""The port of the search index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from media.errors import InvalidInput
from search.embedder import Vector
from search.passages.passage import Passage, PassageKind

Span = tuple[int, int]
"""Start and end of a highlight, in characters (code points) of the text it belongs to."""

FACETS = ("kind", "topic", "programme", "organisation", "year")
Facets = Mapping[str, Mapping[str, int]]
"""By facet and value: how many passages match, under all filters but those of the facet itself."""

PAGE_LIMIT = 100
DEPTH_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for. Filters are exact; `typing` matches the last word as a prefix.

    `offset + limit` is at most DEPTH_LIMIT, `limit` at most PAGE_LIMIT. `facets`: whether to count them.
    `vector` is the meaning looked for, None where it does not matter. `plain`: hits come without spans, for who
    shows few of them and has `SearchResults.mark` put them on those.
    """

    text: str
    kinds: tuple[PassageKind, ...] = ()
    programme: str | None = None
    topic: str | None = None
    organisation: str | None = None
    year: int | None = None
    episode: str | None = None
    language: str | None = None
    typing: bool = False
    offset: int = 0
    limit: int = 20
    facets: bool = False
    plain: bool = False
    vector: Vector | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches. Spans are ordered and do not overlap. `closeness` is the cosine similarity
    of the query's vector and the nearest of the passage's, None where one of them has none. `shared`, 0 to 2: how
    much of what is asked it speaks of, in whichever words (see `search.synonyms.concepts`); engines do not judge it.
    """

    passage: Passage
    score: float
    title_spans: tuple[Span, ...] = ()
    text_spans: tuple[Span, ...] = ()
    closeness: float | None = None
    shared: float = 0.0


def _as_it_is(hit: Hit) -> Hit:
    return hit


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`total` counts all matches, `seconds` is the time the engine took; `facets` has every one of
    FACETS when they were asked for, values without matches left out. `partial`: no passage has all
    words (or there is none at all), so the query may have been meant otherwise (see `search.query.did_you_mean`);
    never for long questions, of which most words will do. `rarity` is the inverse document frequency of each
    word looked for, by its folded form; `fits`: whether one of the best hits probably answers what is asked, or they
    are only the nearest there are; engines do not judge it (see `search.hybrid`); `mark` puts the spans on a hit of this search.
    """

    total: int
    hits: tuple[Hit, ...]
    engine: str
    seconds: float
    facets: Facets = field(default_factory=dict)
    partial: bool = False
    fits: bool = True
    rarity: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)
    mark: Callable[[Hit], Hit] = field(default=_as_it_is, compare=False, repr=False)


def exact_filters(query: SearchQuery) -> dict[str, str]:
    """The values that passages must have, by field; kinds are not among them."""
    values = {
        "programme": query.programme,
        "topic": query.topic,
        "organisation": query.organisation,
        "year": None if query.year is None else str(query.year),
        "episode": query.episode,
        "language": query.language,
    }
    return {name: value for name, value in values.items() if value is not None}


def without(query: SearchQuery, facet: str) -> SearchQuery:
    """The query without the filter of a facet; where it asked for some kinds, for all of them."""
    if facet == "kind":
        return replace(query, kinds=tuple(PassageKind) if query.kinds else ())
    return replace(query, **{facet: None})  # type: ignore[arg-type]


def check_paging(query: SearchQuery) -> None:
    """Raises `InvalidInput` for a page outside the limits."""
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise InvalidInput("A page holds 1 to %(most)s hits; ask for that many.", most=PAGE_LIMIT)
    if query.offset < 0 or query.offset + query.limit > DEPTH_LIMIT:
        raise InvalidInput(
            "Only the first %(most)s hits can be paged through; narrow the search.", most=DEPTH_LIMIT
        )


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

    def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """Replace the whole index; searches go on over the old one until it is done. Raises `Unavailable`.

        `episodes` may be made while they are read, once, to their end, before the new index is in place.
        """
        ...

    def search(self, query: SearchQuery) -> SearchResults:
        """Best hits first: passages with all words, with few of these also those with most, and where
        there are none in any kind those with some. Words alone decide; with `query.vector` each hit
        also tells its closeness. Raises `InvalidInput` for paging beyond the limits,
        `Unavailable`.
        """
        ...

    def nearest(self, query: SearchQuery) -> list[Hit]:
        """The passages nearest to `query.vector` in meaning, under the same filters, nearest first.

        Words need not match; `score` is the closeness. Empty without a vector, or when no passage has
        one of that size. Raises like `search`.
        """
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

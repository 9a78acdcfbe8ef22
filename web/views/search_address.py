"""What the address of a search asks for: one address for one search. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import QueryParams

from search.index import DEPTH_LIMIT
from search.passages.passage import PassageKind

QUERY_LENGTH = 200
PAGE_SIZE = 20
_FILTER_LENGTH = 200
FILTERS = ("topic", "programme", "organisation", "year", "episode")


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What to look for. `page` counts from 1; all else is "" where it does not matter."""

    text: str
    kind: str = ""
    topic: str = ""
    programme: str = ""
    organisation: str = ""
    year: str = ""
    episode: str = ""
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the search, its kind aside."""
        return any(getattr(self, name) for name in FILTERS)

    @property
    def whole(self) -> bool:
        """Whether this is the search itself, not a page or a part of it."""
        return not self.filtered and not self.kind and self.page == 1

    def url(self, **changes: object) -> str:
        """The address of this search, changed; another page only where `page` says so."""
        names = ("kind", *FILTERS)
        values = {"q": self.text} | {name: getattr(self, name) for name in names}
        values |= {name: str(value) for name, value in changes.items()}
        if values.get("page") == "1":
            del values["page"]
        kept = {name: value for name, value in values.items() if value}
        return "/search" + ("?" + urlencode(kept) if kept else "")

    @property
    def unfiltered(self) -> str:
        """The address of the search without what narrows it."""
        return self.url(**dict.fromkeys(FILTERS, ""))


def read_params(values: QueryParams) -> SearchParams:
    """Read the address; what makes no sense in it counts as not asked, of repeated values the last counts."""
    kind, year = values.get("kind", ""), values.get("year", "")
    kind = kind if kind in {each.value for each in PassageKind} else ""
    return SearchParams(
        text=tidy(values.get("q", ""))[:QUERY_LENGTH].strip(),
        kind=kind,
        topic=_filter(values, "topic"),
        programme=_filter(values, "programme"),
        organisation=_filter(values, "organisation"),
        year=year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        episode=_filter(values, "episode"),
        page=_page(values.get("page", "1")),
    )


def tidy(text: str) -> str:
    """One space between words, no control characters, no halves of surrogate pairs; NFC."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def canonical(values: QueryParams, params: SearchParams) -> str:
    """The one address of what `values` ask for, "" when they are that already. `lang` stays beside it."""
    url = params.url(page=params.page)
    language = [("lang", values["lang"])] if "lang" in values else []
    wanted = [*parse_qsl(urlsplit(url).query), *language]
    if [*values.multi_items()] == wanted:
        return ""
    return "/search" + ("?" + urlencode(wanted) if wanted else "")


def _filter(values: QueryParams, name: str) -> str:
    return tidy(values.get(name, "")[:_FILTER_LENGTH])


def _page(text: str) -> int:
    """A page's number from 1; whatever is no number is the first."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:9]), DEPTH_LIMIT // PAGE_SIZE))

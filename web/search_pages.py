"""`/search`: the page, and the fragment that is fetched while typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from media.catalogue import Catalogue
from media.errors import Unavailable
from search.correcting import suggestion
from search.index import DEPTH_LIMIT, FACETS, SearchIndex, SearchQuery, SearchResults
from search.passages import PassageKind
from web.language import Language
from web.presenting import Link, topic_link
from web.search_hits import Choice, Facet, Group, facet_of, moments_of, spans_of
from web.shelf import Shelf
from web.site import Site, language_of, site_of
from web.templating import render

QUERY_LENGTH = 200
PAGE_SIZE = 20
SHOWN = {PassageKind.ANSWER: 10, PassageKind.CHAPTER: 5, PassageKind.SPEECH: 12}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `page` counts from 1; `kind`, `topic`, `programme` and `year` are ""
    where they do not matter."""

    text: str
    kind: str = ""
    topic: str = ""
    programme: str = ""
    year: str = ""
    page: int = 1

    def url(self, **changes: object) -> str:
        """The address of this search, changed."""
        values = {
            "q": self.text,
            "kind": self.kind,
            "topic": self.topic,
            "programme": self.programme,
            "year": self.year,
        }
        values |= {name: str(value) for name, value in changes.items()}
        if values.get("page") == "1":
            del values["page"]
        return "/search?" + urlencode(
            {name: value for name, value in values.items() if value or name == "q"}
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The results to show. `count` is a sentence; `groups` lack those that found nothing; `meant` is a
    better spelling; `unfiltered` leads to the search without filters ("" where there are none); `previous`
    and `following` lead to other pages ("" for none); `away`: the search engine does not answer."""

    asked: Asked
    count: str
    groups: tuple[Group, ...] = ()
    kinds: tuple[Choice, ...] = ()
    facets: tuple[Facet, ...] = ()
    meant: Link | None = None
    unfiltered: str = ""
    previous: str = ""
    following: str = ""
    away: bool = False


def read_asked(request: Request) -> Asked:
    """Read the address; what makes no sense in it counts as not asked."""
    values = request.query_params
    kind, year, page = values.get("kind", ""), values.get("year", ""), values.get("page", "1")
    return Asked(
        text=" ".join(values.get("q", "").split())[:QUERY_LENGTH],
        kind=kind if kind in {each.value for each in PassageKind} else "",
        topic=values.get("topic", "")[:100],
        programme=values.get("programme", "")[:100],
        year=year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        page=_page(page),
    )


def _page(text: str) -> int:
    """A page's number from 1; whatever is no number is the first."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:9]), DEPTH_LIMIT // PAGE_SIZE))


def search(request: Request) -> Response:
    """The page of results; with `fragment`, only the results (while typing)."""
    site, language, asked = site_of(request), language_of(request), read_asked(request)
    shelf = Shelf(site.services)
    typing = "typing" in request.query_params
    try:
        found = find(site, shelf, asked, language, typing=typing) if asked.text else None
        status = 200
    except Unavailable:
        found, status = Found(asked, language.say("Tìm kiếm đang nghỉ"), away=True), 503
    if "fragment" in request.query_params:
        return render(request, "_results.html", status, found=found, search_text=asked.text)
    return render(
        request,
        "search.html",
        status,
        found=found,
        asked=asked,
        search_text=asked.text,
        topics=[topic_link(topic, language) for topic in shelf.topics().values()],
    )


def find(site: Site, shelf: Shelf, asked: Asked, language: Language, *, typing: bool) -> Found:
    """Search for what is asked, one search for each kind. Raises `Unavailable`.

    Facets and a better spelling wait until somebody stops typing.
    """
    index, filtered = site.services.index, bool(asked.topic or asked.programme or asked.year)
    counting = filtered or not typing
    every = {kind: index.search(_query(asked, kind, typing, counting)) for kind in PassageKind}
    results = {kind: found for kind, found in every.items() if asked.kind in ("", kind.value)}
    groups = [_group(kind, found, asked, shelf, language) for kind, found in results.items() if found.total]
    total = sum(each.total for each in results.values())
    last_page = -(-min(total, DEPTH_LIMIT) // PAGE_SIZE) if asked.kind else 1
    return Found(
        asked,
        language.many("%(num)s kết quả", total),
        tuple(groups),
        tuple(_kind_choices(asked, every, language)),
        tuple(_facets(site.services.catalogue, shelf, asked, results, language)) if counting else (),
        meant=None if typing else _meant(index, asked, list(results.values())),
        unfiltered=asked.url(topic="", programme="", year="") if filtered else "",
        previous=asked.url(page=asked.page - 1) if asked.kind and asked.page > 1 else "",
        following=asked.url(page=asked.page + 1) if asked.page < last_page else "",
    )


def _query(asked: Asked, kind: PassageKind, typing: bool, counting: bool) -> SearchQuery:
    """The search for one kind; of a kind that is not shown only the total is wanted."""
    shown = asked.kind in ("", kind.value)
    return SearchQuery(
        text=asked.text,
        kinds=(kind,),
        programme=asked.programme or None,
        topic=asked.topic or None,
        year=int(asked.year) if asked.year else None,
        typing=typing,
        offset=(asked.page - 1) * PAGE_SIZE if asked.kind and shown else 0,
        limit=(PAGE_SIZE if asked.kind else SHOWN[kind]) if shown else 1,
        facets=counting and shown,
    )


def _meant(index: SearchIndex, asked: Asked, found: Sequence[SearchResults]) -> Link | None:
    query = _query(asked, PassageKind(asked.kind or PassageKind.ANSWER), False, False)
    text = suggestion(index, query if asked.kind else replace(query, kinds=()), found)
    return Link(text, asked.url(q=text)) if text else None


def _group(
    kind: PassageKind, results: SearchResults, asked: Asked, shelf: Shelf, language: Language
) -> Group:
    more = "" if asked.kind or results.total <= SHOWN[kind] else asked.url(kind=kind.value)
    heading = _kind_name(kind, language)
    if kind == PassageKind.SPEECH:
        moments = tuple(moments_of(results.hits, shelf, language))
        return Group(kind.value, heading, results.total, more, episodes=moments)
    return Group(kind.value, heading, results.total, more, tuple(spans_of(results.hits, shelf, language)))


def _kind_name(kind: PassageKind, language: Language) -> str:
    names = {
        PassageKind.ANSWER: language.say("Câu trả lời"),
        PassageKind.CHAPTER: language.say("Các phần"),
        PassageKind.SPEECH: language.say("Lời thoại"),
    }
    return names[kind]


def _kind_choices(
    asked: Asked, found: Mapping[PassageKind, SearchResults], language: Language
) -> list[Choice]:
    total = sum(each.total for each in found.values())
    everything = Choice(language.say("Tất cả"), asked.url(kind=""), language.number(total), not asked.kind)
    return [everything] + [
        Choice(
            _kind_name(kind, language),
            asked.url(kind=kind.value),
            language.number(found[kind].total),
            asked.kind == kind.value,
        )
        for kind in PassageKind
    ]


def _facets(
    catalogue: Catalogue,
    shelf: Shelf,
    asked: Asked,
    found: Mapping[PassageKind, SearchResults],
    language: Language,
) -> list[Facet]:
    """Topics, programmes and years that narrow the search, with what each would leave."""
    counts = {
        name: sum((Counter(r.facets.get(name, {})) for r in found.values()), Counter()) for name in FACETS
    }
    topics = {slug: topic_link(topic, language).name for slug, topic in shelf.topics().items()}
    programmes = {each.slug: each.title for each in catalogue.programmes()}
    years = {year: year for year in sorted({*counts["year"], asked.year} - {""}, reverse=True)}
    sorts = (
        (language.say("Chủ đề"), "topic", topics, asked.topic),
        (language.say("Chương trình"), "programme", programmes, asked.programme),
        (language.say("Năm"), "year", years, asked.year),
    )
    facets = (
        facet_of(heading, names, counts[name], chosen, partial(_narrowed, asked, name), language)
        for heading, name, names, chosen in sorts
    )
    return [each for each in facets if each is not None]


def _narrowed(asked: Asked, facet: str, value: str) -> str:
    return asked.url(**{facet: value})

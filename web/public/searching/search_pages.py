"""`/search`: the page, and the fragment that is fetched while typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from media.archive.catalogue import Catalogue
from media.errors import Unavailable
from search.index import DEPTH_LIMIT, FACETS, SearchIndex, SearchQuery, SearchResults
from search.passages.passage import PassageKind
from search.query.did_you_mean import suggestion
from web.access.published_episodes import PublishedEpisodes
from web.public.searching.topics_named import topics_named
from web.rendering.context import language_of
from web.rendering.links import Link, topic_link
from web.rendering.templating import render
from web.services import ArchiveServices, services_of
from web.text.language import Language
from web.views.episodes import SpanView
from web.views.search_address import PAGE_SIZE, SearchParams, canonical, read_params
from web.views.search_hits import Facet, FacetChoice, Moments, facet_of, moments_of, spans_of

SHOWN_TYPING = 10
"""Hits shown while somebody types."""
_ROBOTS = ("bot", "crawl", "spider", "slurp", "preview", "facebookexternalhit")


@dataclass(frozen=True, slots=True)
class ResultsView:
    """The results to show. `count` is a sentence; `spans` are hits, the best first, but moments of speech asked for
    alone are in `episodes`; `fits`: whether the best of them probably answer; `meant` is a better spelling;
    `topics` are those named by what was asked; `unfiltered` leads to the search without filters ("" where there are
    none); `previous` and `following` lead to other pages ("" for none); `last` is the last page; `away`: the search
    engine does not answer."""

    params: SearchParams
    count: str
    spans: tuple[SpanView, ...] = ()
    episodes: tuple[Moments, ...] = ()
    fits: bool = True
    kinds: tuple[FacetChoice, ...] = ()
    facets: tuple[Facet, ...] = ()
    topics: tuple[Link, ...] = ()
    meant: Link | None = None
    unfiltered: str = ""
    previous: str = ""
    following: str = ""
    last: int = 1
    away: bool = False


def search(request: Request) -> Response:
    """The page of results; with `fragment`, only the results (while typing)."""
    services, language, params = (
        services_of(request),
        language_of(request),
        read_params(request.query_params),
    )
    fragment, typing = "fragment" in request.query_params, "typing" in request.query_params
    if not fragment and (better := canonical(request.query_params, params)):
        return RedirectResponse(better, 301)
    published = PublishedEpisodes(services, live=True)
    try:
        found = find(services.archive, published, params, language, typing=typing) if params.text else None
        status = 200
    except Unavailable:
        found, status = ResultsView(params, language.say("Tìm kiếm đang nghỉ"), away=True), 503
    if fragment:
        return render(request, "_results.html", status, found=found, search_text=params.text)
    if found and params.page > found.last:
        return RedirectResponse(params.url(page=found.last), 302)
    if found and not found.away and params.whole and is_person(request):
        services.counter.searched(params.text, empty=not (found.spans or found.episodes))
    return render(
        request,
        "search.html",
        status,
        found=found,
        params=params,
        search_text=params.text,
        topics=[topic_link(topic, language) for topic in published.topics().values()],
    )


def is_person(request: Request) -> bool:
    """Whether somebody seems to look: no robot by its own name, nothing fetched in advance."""
    agent = request.headers.get("user-agent", "").lower()
    early = request.headers.get("sec-purpose", "") or request.headers.get("purpose", "")
    return "prefetch" not in early and not any(name in agent for name in _ROBOTS)


def find(
    archive: ArchiveServices,
    published: PublishedEpisodes,
    params: SearchParams,
    language: Language,
    *,
    typing: bool,
) -> ResultsView:
    """Search for what is asked. Raises `Unavailable`.

    Numbers, facets and a better spelling wait until somebody stops typing.
    """
    index = archive.index
    counting = params.filtered or not typing
    found = index.search(_query(params, typing, counting))
    last = max(1, -(-min(found.total, DEPTH_LIMIT) // PAGE_SIZE))
    gathered = params.kind == PassageKind.SPEECH
    return ResultsView(
        params,
        language.many("%(num)s kết quả", found.total),
        () if gathered else tuple(spans_of(found.hits, published, language)),
        tuple(moments_of(found, published, language, params)) if gathered else (),
        found.fits,
        tuple(_kind_choices(params, _totals(index, params, found, counting), language)),
        tuple(_facets(archive.catalogue, published, params, found, language)) if counting else (),
        tuple(topics_named(params.text, published.topics().values(), language)) if params.whole else (),
        meant=None if typing else _meant(index, params, found),
        unfiltered=params.unfiltered if params.filtered else "",
        previous=params.url(page=params.page - 1) if params.page > 1 else "",
        following=params.url(page=params.page + 1) if params.page < last else "",
        last=last,
    )


def _query(params: SearchParams, typing: bool, counting: bool) -> SearchQuery:
    return SearchQuery(
        text=params.text,
        kinds=(PassageKind(params.kind),) if params.kind else (),
        programme=params.programme or None,
        topic=params.topic or None,
        organisation=params.organisation or None,
        year=int(params.year) if params.year else None,
        episode=params.episode or None,
        typing=typing,
        offset=(params.page - 1) * PAGE_SIZE,
        limit=SHOWN_TYPING if typing else PAGE_SIZE,
        facets=counting,
    )


def _totals(
    index: SearchIndex, params: SearchParams, found: SearchResults, counting: bool
) -> Mapping[str, int]:
    """How many hits each kind has, and all ("") together; nothing while typing.

    Over all kinds a moment within an answer counts for the answer, among moments for itself: so what is not
    shown is searched for, too.
    """
    if not counting:
        return {}
    other = replace(_query(params, False, True), offset=0, limit=1, plain=True)
    other = replace(other, kinds=() if params.kind else tuple(PassageKind))
    rest = index.search(other)
    every, kinds = (rest, found) if params.kind else (found, rest)
    return {**kinds.facets.get("kind", {}), "": every.total}


def _meant(index: SearchIndex, params: SearchParams, found: SearchResults) -> Link | None:
    text = suggestion(index, _query(params, False, False), [found])
    return Link(text, params.url(q=text)) if text else None


def _kind_name(kind: PassageKind, language: Language) -> str:
    names = {
        PassageKind.ANSWER: language.say("Câu trả lời"),
        PassageKind.CHAPTER: language.say("Các phần"),
        PassageKind.SPEECH: language.say("Lời thoại"),
    }
    return names[kind]


def _kind_choices(params: SearchParams, totals: Mapping[str, int], language: Language) -> list[FacetChoice]:
    names = {"": language.say("Tất cả"), **{kind.value: _kind_name(kind, language) for kind in PassageKind}}
    return [
        FacetChoice(
            name,
            params.url(kind=kind),
            language.number(totals.get(kind, 0)) if totals else "",
            params.kind == kind,
        )
        for kind, name in names.items()
    ]


def _facets(
    catalogue: Catalogue,
    published: PublishedEpisodes,
    params: SearchParams,
    found: SearchResults,
    language: Language,
) -> list[Facet]:
    """What narrows the search: topics, programmes, organisations, years, with what each would leave."""
    counts = {name: Counter(found.facets.get(name, {})) for name in FACETS}
    topics = {slug: topic_link(topic, language).name for slug, topic in published.topics().items()}
    programmes = {each.slug: each.title for each in catalogue.programmes()}
    speaking = [name for name, _ in counts["organisation"].most_common()]
    organisations = {name: name for name in [*speaking, params.organisation] if name}
    years = {year: year for year in sorted({*counts["year"], params.year} - {""}, reverse=True)}
    counts["episode"] = Counter({params.episode: found.total})
    inside = published.find(params.episode) if params.episode else None
    episodes = {params.episode: inside.episode.title} if inside else {}
    sorts = (
        (language.say("Trong tập"), "episode", episodes, params.episode),
        (language.say("Chủ đề"), "topic", topics, params.topic),
        (language.say("Chương trình"), "programme", programmes, params.programme),
        (language.say("Cơ quan trả lời"), "organisation", organisations, params.organisation),
        (language.say("Năm"), "year", years, params.year),
    )
    facets = (
        facet_of(heading, names, counts[name], chosen, partial(_narrowed, params, name), language)
        for heading, name, names, chosen in sorts
    )
    return [each for each in facets if each is not None]


def _narrowed(params: SearchParams, facet: str, value: str) -> str:
    return params.url(**{facet: value})

"""`/search`: the page, and the fragment that is fetched while typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
from web.views.search_address import PAGE_SIZE, SearchParams, canonical, read_params
from web.views.search_hits import Facet, FacetChoice, Group, facet_of, moments_of, spans_of

SHOWN = {PassageKind.ANSWER: 10, PassageKind.CHAPTER: 5, PassageKind.SPEECH: 12}
MOMENTS_GATHERED = 40
"""Moments looked at to count those of an episode; of each episode only the best are shown."""
_ROBOTS = ("bot", "crawl", "spider", "slurp", "preview", "facebookexternalhit")


@dataclass(frozen=True, slots=True)
class ResultsView:
    """The results to show. `count` is a sentence; `groups` lack those that found nothing; `meant` is a
    better spelling; `topics` are those named by what was asked; `unfiltered` leads to the search without
    filters ("" where there are none); `previous` and `following` lead to other pages ("" for none); `last`
    is the last page; `away`: the search engine does not answer."""

    params: SearchParams
    count: str
    groups: tuple[Group, ...] = ()
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
        services.counter.searched(params.text, empty=not found.groups)
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
    """Search for what is asked, one search for each kind. Raises `Unavailable`.

    Facets and a better spelling wait until somebody stops typing.
    """
    index = archive.index
    counting = params.filtered or not typing
    every = {kind: index.search(_query(params, kind, typing, counting)) for kind in PassageKind}
    results = {kind: found for kind, found in every.items() if params.kind in ("", kind.value)}
    groups = [
        _group(kind, found, params, published, language) for kind, found in results.items() if found.total
    ]
    total = sum(each.total for each in results.values())
    last = max(1, -(-min(total, DEPTH_LIMIT) // PAGE_SIZE)) if params.kind else 1
    return ResultsView(
        params,
        language.many("%(num)s kết quả", total),
        tuple(groups),
        tuple(_kind_choices(params, every, language)),
        tuple(_facets(archive.catalogue, published, params, results, language)) if counting else (),
        tuple(topics_named(params.text, published.topics().values(), language)) if params.whole else (),
        meant=None if typing else _meant(index, params, list(results.values())),
        unfiltered=params.unfiltered if params.filtered else "",
        previous=params.url(page=params.page - 1) if params.page > 1 else "",
        following=params.url(page=params.page + 1) if params.page < last else "",
        last=last,
    )


def _query(params: SearchParams, kind: PassageKind, typing: bool, counting: bool) -> SearchQuery:
    """The search for one kind; of a kind that is not shown only the total is wanted."""
    shown = params.kind in ("", kind.value)
    most = MOMENTS_GATHERED if kind == PassageKind.SPEECH and not typing else SHOWN[kind]
    return SearchQuery(
        text=params.text,
        kinds=(kind,),
        programme=params.programme or None,
        topic=params.topic or None,
        organisation=params.organisation or None,
        year=int(params.year) if params.year else None,
        episode=params.episode or None,
        typing=typing,
        offset=(params.page - 1) * PAGE_SIZE if params.kind and shown else 0,
        limit=(PAGE_SIZE if params.kind else most) if shown else 1,
        facets=counting and shown,
    )


def _meant(index: SearchIndex, params: SearchParams, found: Sequence[SearchResults]) -> Link | None:
    query = _query(params, PassageKind(params.kind or PassageKind.ANSWER), False, False)
    text = suggestion(index, query if params.kind else replace(query, kinds=()), found)
    return Link(text, params.url(q=text)) if text else None


def _group(
    kind: PassageKind,
    results: SearchResults,
    params: SearchParams,
    published: PublishedEpisodes,
    language: Language,
) -> Group:
    more = "" if params.kind or results.total <= SHOWN[kind] else params.url(kind=kind.value)
    heading = _kind_name(kind, language)
    if kind == PassageKind.SPEECH:
        moments = tuple(moments_of(results, published, language, params))
        return Group(kind.value, heading, results.total, more, episodes=moments)
    return Group(
        kind.value, heading, results.total, more, tuple(spans_of(results.hits, published, language))
    )


def _kind_name(kind: PassageKind, language: Language) -> str:
    names = {
        PassageKind.ANSWER: language.say("Câu trả lời"),
        PassageKind.CHAPTER: language.say("Các phần"),
        PassageKind.SPEECH: language.say("Lời thoại"),
    }
    return names[kind]


def _kind_choices(
    params: SearchParams, found: Mapping[PassageKind, SearchResults], language: Language
) -> list[FacetChoice]:
    total = sum(each.total for each in found.values())
    everything = FacetChoice(
        language.say("Tất cả"), params.url(kind=""), language.number(total), not params.kind
    )
    return [everything] + [
        FacetChoice(
            _kind_name(kind, language),
            params.url(kind=kind.value),
            language.number(found[kind].total),
            params.kind == kind.value,
        )
        for kind in PassageKind
    ]


def _facets(
    catalogue: Catalogue,
    published: PublishedEpisodes,
    params: SearchParams,
    found: Mapping[PassageKind, SearchResults],
    language: Language,
) -> list[Facet]:
    """What narrows the search: topics, programmes, organisations, years, with what each would leave."""
    counts: dict[str, Counter[str]] = {
        name: sum((Counter(r.facets.get(name, {})) for r in found.values()), Counter()) for name in FACETS
    }
    topics = {slug: topic_link(topic, language).name for slug, topic in published.topics().items()}
    programmes = {each.slug: each.title for each in catalogue.programmes()}
    speaking = [name for name, _ in counts["organisation"].most_common()]
    organisations = {name: name for name in [*speaking, params.organisation] if name}
    years = {year: year for year in sorted({*counts["year"], params.year} - {""}, reverse=True)}
    counts["episode"] = Counter({params.episode: sum(each.total for each in found.values())})
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

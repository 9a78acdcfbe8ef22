"""The next programme: which topics are wanted, on a page, as CSV and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.archive.episodes import Topic
from media.errors import InvalidInput, NotFound
from web.access.signed_in import SignedInRequest, guarded, page
from web.domain.accounts.permissions import Action
from web.domain.demand.pdf import wanted_pdf
from web.domain.demand.sheets import TABLES, DemandBoard, column_names, how_counted, quarter_name, table
from web.domain.demand.topics import SORTS, quarters, wanted
from web.domain.statistics.period import CHOICES, read_period
from web.domain.statistics.search_report import merged
from web.rendering.context import language_of
from web.rendering.links import play_url
from web.services import companion_of, services_of, studio_of
from web.text.days import today
from web.text.language import Language

USUAL_DAYS = "90"


@guarded(Action.SEE_FIGURES)
def next_programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/next`: `days`, or `since` and `until`; `organisation`; `sort` (of SORTS)."""
    language, asked = language_of(request), request.query_params
    try:
        board, problem = _board(request), ""
    except (InvalidInput, NotFound):
        board = _board(request, plain=True)
        problem = language.say("Ngày hoặc đơn vị chưa đúng; dưới đây là 90 ngày qua của tất cả.")
    sort = asked.get("sort", "") if asked.get("sort", "") in SORTS else SORTS[0]
    kept = {"organisation": board.organisation} if board.organisation else {}
    span = {"since": board.period.since.isoformat(), "until": board.period.until.isoformat()}
    days = {"days": str(board.period.days)} if board.period.days else span
    return page(
        request,
        signed_in,
        "next.html",
        400 if problem else 200,
        board=board,
        names=column_names(language),
        counted=how_counted(language),
        quarters=[quarter_name(each, language) for each in board.quarters],
        most=max((count for row in board.rows for count in row.asked), default=0) or 1,
        choices=[
            (each, f"/studio/next?{urlencode({**kept, 'sort': sort, 'days': each})}") for each in CHOICES
        ],
        sorts={each: f"/studio/next?{urlencode({**kept, **days, 'sort': each})}" for each in SORTS},
        sort=sort,
        span=span,
        exports=f"?{urlencode({**kept, **days, 'sort': sort})}",
        play_url=play_url,
        problem=problem,
    )


@guarded(Action.SEE_FIGURES)
def next_csv(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /studio/next.csv`: the `table` (of TABLES) of what the page with this query shows."""
    name = request.query_params.get("table", TABLES[0])
    if name not in TABLES:
        raise InvalidInput("“table” is one of %(tables)s.", tables=", ".join(TABLES))
    text = table(name, _board(request), language_of(request))
    return Response(text, headers=_saved_as(f"{name}.csv"), media_type="text/csv; charset=utf-8")


@guarded(Action.SEE_FIGURES)
def next_pdf(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /studio/next.pdf`: what the page with this query shows. 503 where fpdf2 or its font is missing."""
    language = language_of(request)
    title = language.say("Chương trình tới nên nói gì")
    data = wanted_pdf(_board(request), language, f"{title} · {services_of(request).settings.site_name}")
    return Response(data, headers=_saved_as("topics.pdf"), media_type="application/pdf")


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="tualai-next-{today().isoformat()}-{name}"'}


def _board(request: Request, *, plain: bool = False) -> DemandBoard:
    """What the query asks for; `plain`: the usual. Raises `InvalidInput`, `NotFound`."""
    services, language = services_of(request), language_of(request)
    demand = companion_of(request).demand
    asked = {} if plain else dict(request.query_params)
    usual = "" if asked.get("since") or asked.get("until") else USUAL_DAYS
    period = read_period(
        asked.get("days", "") or usual, asked.get("since", ""), asked.get("until", ""), today()
    )
    made = {each.slug: each.name for each in studio_of(request).taxonomy.organisations()}
    organisation = asked.get("organisation", "")
    if organisation and organisation not in made:
        raise NotFound(
            "There is no organisation “%(organisation)s”; leave it out for all.",
            organisation=organisation[:80],
        )
    topics, last = services.archive.catalogue.topics(), quarters(today())
    sort = asked.get("sort", "")
    rows = wanted(
        topics,
        demand.questions(last[0].first_day, organisation),
        merged(services.archive.searches.searched(period.since, period.until)) if not organisation else [],
        demand.answers(period.since, period.until, organisation),
        today(),
        sort if sort in SORTS else SORTS[0],
    )
    return DemandBoard(rows, last, period, _names(topics, language), made, organisation)


def _names(topics: Sequence[Topic], language: Language) -> dict[str, str]:
    return {each.slug: each.name_vi if language.code == "vi" else each.name_en for each in topics}


ROUTES = [
    Route("/studio/next", next_programme, methods=["GET"]),
    Route("/studio/next.csv", next_csv, methods=["GET"]),
    Route("/studio/next.pdf", next_pdf, methods=["GET"]),
]

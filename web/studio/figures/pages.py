"""Figures: what is watched, played and searched for, by programme, period and episode."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.archive.episodes import Episode
from media.errors import InvalidInput, NotFound
from web.access.signed_in import SignedInRequest, guarded, page
from web.domain.accounts.permissions import Action
from web.domain.statistics.figures import Figures, Retention, gather, retention
from web.domain.statistics.period import CHOICES, EARLIEST, Period, read_period
from web.domain.statistics.views import StatisticsScope
from web.rendering.context import language_of
from web.services import services_of
from web.studio.figures.csv import TABLES, retention_table, table
from web.studio.figures.json_form import plain, plain_retention
from web.studio.figures.views import (
    answer_rows,
    chart,
    draw_curve,
    numbers,
    percent,
    series_names,
    step_name,
)
from web.text.days import today
from web.text.times import clock
from web.views.timeline import draw

ROWS = 50
EVERYTHING = 100_000


@guarded(Action.SEE_FIGURES)
def figures(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/figures`: of all programmes, or of one (`programme`)."""
    services, language = services_of(request), language_of(request)
    programmes, programme = (
        services.archive.catalogue.programmes(),
        request.query_params.get("programme", ""),
    )
    problem = "" if programme in ("", *(each.slug for each in programmes)) else "programme"
    period, wrong = _period_or_usual(request)
    found = gather(services.archive, period, "" if problem else programme)
    return page(
        request,
        signed_in,
        "figures.html",
        400 if problem or wrong else 200,
        **_shared(request, found, "/studio/figures", programme="" if problem else programme),
        programmes=programmes,
        programme="" if problem else programme,
        problem=language.say("Không có chương trình này; dưới đây là số liệu của tất cả.")
        if problem
        else wrong,
        rows=ROWS,
    )


@guarded(Action.SEE_FIGURES)
def episode_figures(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/figures/{slug}`: one episode, with its retention curve."""
    services, language = services_of(request), language_of(request)
    episode = services.archive.catalogue.episode(str(request.path_params["slug"]))
    period, wrong = _period_or_usual(request)
    found, kept = gather(services.archive, period, episode=episode.slug), _retention(request, episode)
    segments = services.archive.transcripts.segments(episode.slug)
    return page(
        request,
        signed_in,
        "figures_episode.html",
        400 if wrong else 200,
        **_shared(request, found, f"/studio/figures/{episode.slug}", episode=episode.slug),
        episode=episode,
        curve=draw_curve(kept, segments, language),
        timeline=draw(segments, kept.duration, language.many("%(num)s câu trả lời", len(found.answers))),
        kept=kept,
        clock=clock,
        answers=answer_rows(kept, segments, [each.answer for each in found.answers]),
        problem=wrong,
    )


@guarded(Action.SEE_FIGURES)
def figures_csv(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /studio/figures.csv`: the `table` (of TABLES, or retention) of what the page with this query shows."""
    services, language, asked = services_of(request), language_of(request), request.query_params
    name, slug = asked.get("table", "days"), asked.get("episode", "")
    if name == "retention" and slug:
        text = retention_table(_retention(request, services.archive.catalogue.episode(slug)), language)
    elif name in TABLES:
        found = gather(services.archive, _period(request), _programme(request), slug, EVERYTHING)
        text = table(name, found, language)
    else:
        raise InvalidInput(
            "“table” is one of %(tables)s, or retention with an “episode”.", tables=", ".join(TABLES)
        )
    headers = {"Content-Disposition": f'attachment; filename="tualai-{name}-{today().isoformat()}.csv"'}
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


@guarded(Action.SEE_FIGURES)
def figures_call(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/figures`."""
    return JSONResponse(plain(gather(services_of(request).archive, _period(request), _programme(request))))


@guarded(Action.SEE_FIGURES)
def episode_figures_call(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/figures/{slug}`."""
    services = services_of(request)
    episode = services.archive.catalogue.episode(str(request.path_params["slug"]))
    body = plain(gather(services.archive, _period(request), episode=episode.slug))
    del body["episodes"], body["searches"]
    return JSONResponse({**body, "retention": plain_retention(_retention(request, episode))})


def _retention(request: Request, episode: Episode) -> Retention:
    """Of all time: which parts are watched changes with the episode, not with the week."""
    archive = services_of(request).archive
    ever = archive.views.by_episode(StatisticsScope(EARLIEST, today(), episode=episode.slug)).get(
        episode.slug
    )
    try:
        recording = archive.catalogue.recording(episode.recording) if episode.recording else None
    except NotFound:
        recording = None
    duration = recording.info.duration if recording else 0.0
    return retention(archive.views.retention(episode.slug), ever.views if ever else 0, duration)


def _programme(request: Request) -> str:
    asked = request.query_params.get("programme", "")
    if asked and asked not in {each.slug for each in services_of(request).archive.catalogue.programmes()}:
        raise NotFound("There is no programme “%(programme)s”; leave it out for all.", programme=asked[:80])
    return asked


def _period(request: Request) -> Period:
    asked = request.query_params
    return read_period(asked.get("days", ""), asked.get("since", ""), asked.get("until", ""), today())


def _period_or_usual(request: Request) -> tuple[Period, str]:
    """The period asked for; the usual one with a sentence when that is none."""
    try:
        return _period(request), ""
    except InvalidInput:
        said = language_of(request).say(
            "Ngày chưa đúng: ngày đầu phải trước ngày cuối, không quá mười năm."
        )
        return read_period("", "", "", today()), said


def _shared(request: Request, found: Figures, url: str, **scope: str) -> dict[str, object]:
    """What both pages show: the totals, the chart, the table by day, links to other periods and to CSV."""
    language, period = language_of(request), found.period
    names = series_names(language)
    if "episode" in scope:  # nobody searches within an episode
        names = {key: names[key] for key in ("views", "minutes", "plays")}
    kept = {key: value for key, value in scope.items() if value}
    span = {"days": str(period.days)} if period.days else _dates(period)
    own = {} if "episode" in scope else kept
    return {
        "figures": found,
        "names": names,
        "totals": dict(zip(names, numbers(found.total, language, list(names)), strict=True)),
        "steps": [
            (step_name(day, language, monthly=period.monthly), numbers(each, language, list(names)))
            for day, each in reversed(found.steps)
        ],
        "chart": chart(found, language),
        "choices": [(days, f"{url}?{urlencode({**own, 'days': days})}") for days in CHOICES],
        "span": _dates(period),
        "query": urlencode(span),
        "csv": f"/studio/figures.csv?{urlencode({**kept, **span})}&table=",
        "percent": lambda share: percent(share, language),
    }


def _dates(period: Period) -> dict[str, str]:
    return {"since": period.since.isoformat(), "until": period.until.isoformat()}


ROUTES = [
    Route("/studio/figures", figures, methods=["GET"]),
    Route("/studio/figures.csv", figures_csv, methods=["GET"]),
    Route("/studio/figures/{slug}", episode_figures, methods=["GET"]),
    Route("/api/v1/figures", figures_call, methods=["GET"]),
    Route("/api/v1/figures/{slug}", episode_figures_call, methods=["GET"]),
]

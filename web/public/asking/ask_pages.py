"""`/ask`: where a question is sent, once the archive's own answers were offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, Conflict, Forbidden, NotFound, Unavailable
from search.index import SearchQuery
from search.passages.passage import PassageKind
from web.access.asker import asker_of, asking_of, device_of, keep_device, private, sent_form
from web.access.published_episodes import PublishedEpisodes
from web.domain.programme.target_programme import TargetProgramme, place_of
from web.domain.questions.asking import CONTACT_DAYS, read_id
from web.domain.questions.drafts import TRAP, Draft, NotSendable, Unfit, read_draft
from web.domain.questions.questions import NAME_LENGTH, TEXT_LENGTH, WORKPLACE_LENGTH, PublicQuestion
from web.domain.throttle import TooMany
from web.http.origins import safe_next
from web.rendering.context import language_of
from web.rendering.links import play_url, topic_link
from web.rendering.templating import render
from web.services import services_of
from web.text.days import today
from web.text.language import Language
from web.views.episodes import SpanView
from web.views.search_address import QUERY_LENGTH, tidy
from web.views.search_hits import spans_of

KEPT = ("text", "name", "workplace", "show_name", "show_workplace", "email", "phone", "episode")
"""Fields that stand in the form again when it comes back."""
OFFERED = 3
ASKED_MOST = 30
_KNOWING = 200


def ask(request: Request) -> Response:
    """`GET /ask?text=…&episode=…`: nothing is sent yet, and nothing is kept."""
    given = {name: tidy(request.query_params.get(name, ""))[:TEXT_LENGTH] for name in ("text", "episode")}
    response = _form(request, given)
    if services_of(request).companion is not None and not device_of(request):
        keep_device(request, response, asker_of(request))  # so that sending twice is one question
    return response


def answers(request: Request) -> Response:
    """`GET /ask/answers?text=…`: answers the archive has, as a piece of the page; while typing."""
    text = tidy(request.query_params.get("text", ""))
    return render(request, "_ask_answers.html", answers=known_answers(request, text), text=text[:_KNOWING])


async def send(request: Request) -> Response:
    """`POST /ask`: offers what the archive knows first, unless that was seen (`seen`); then takes the question."""
    form = await sent_form(request)
    return await run_in_threadpool(_send, request, form)


async def answered(request: Request) -> Response:
    """`POST /ask/answered`: an answer of the archive is what was wanted; it is counted and played."""
    form = await sent_form(request)
    return await run_in_threadpool(_answered, request, form)


async def vote(request: Request) -> Response:
    """`POST /ask/votes`: “me too” from a form, or taken back."""
    form = await sent_form(request)
    return await run_in_threadpool(_vote, request, form)


def known_answers(request: Request, text: str) -> list[SpanView]:
    """The best answers to a question, by words and meaning; none when search is away, or none fits."""
    services = services_of(request)
    if len(text) < 2:
        return []
    query = SearchQuery(text=text[:QUERY_LENGTH], kinds=(PassageKind.ANSWER,), limit=OFFERED)
    try:
        found = services.archive.index.search(query)
    except Unavailable:
        return []
    return [
        each
        for each in spans_of(
            found.hits if found.fits else (), PublishedEpisodes(services), language_of(request)
        )
        if each.segment
    ]


def _send(request: Request, form: Mapping[str, str]) -> Response:
    asking, asker = asking_of(request), asker_of(request)
    try:
        draft = read_draft(form)
        if "seen" not in form and (known := known_answers(request, draft.text)):
            return private(_offer(request, form, draft, known))
        place = _place(request, form.get("episode", ""))
        proof = form.get("challenge", ""), form.get("nonce", "")
        asked = asking.ask(draft, asker, place.episode.slug if place.episode else None, proof)
    except (NotSendable, TooMany, Forbidden, Conflict) as error:
        response = _form(request, form, problem=_told(request, error), status=_status(error))
        return private(keep_device(request, response, asker))
    response = RedirectResponse(f"/questions/{asked.code}?new=1", 303)
    return private(keep_device(request, response, asker))


def _offer(request: Request, form: Mapping[str, str], draft: Draft, known: Sequence[SpanView]) -> Response:
    sent = {name: form[name] for name in (*KEPT, TRAP, "challenge", "nonce") if form.get(name)}
    return render(request, "ask_known.html", text=draft.text, answers=known, sent=sent)


def _answered(request: Request, form: Mapping[str, str]) -> Response:
    services, segment = services_of(request), form.get("segment", "")
    answer = next(
        (
            a
            for a in PublishedEpisodes(services).episode(form.get("episode", "")).answers
            if a.id == segment
        ),
        None,
    )
    if answer is None:
        raise NotFound("There is no such answer; search for it again.")
    if services.companion is not None:
        services.companion.already_answered.count(answer.id, today())
    return private(RedirectResponse(play_url(form["episode"], answer.start, answer.end), 303))


def _vote(request: Request, form: Mapping[str, str]) -> Response:
    asker = asker_of(request)
    asking_of(request).vote(read_id(form.get("question")), asker, wanted="take_back" not in form)
    response = RedirectResponse(safe_next(form.get("next", "/ask")), 303)
    return private(keep_device(request, response, asker))


def _form(request: Request, given: Mapping[str, str], problem: str = "", status: int = 200) -> Response:
    services, language = services_of(request), language_of(request)
    asking = services.companion.asking() if services.companion else None
    place = _place(request, given.get("episode", ""))
    slug = place.episode.slug if place.episode else None
    asked: list[PublicQuestion] = asking.open(slug)[:ASKED_MOST] if asking else []
    return private(
        render(
            request,
            "ask.html",
            status,
            open=asking is not None,
            given={name: given.get(name, "") for name in KEPT},
            problem=problem,
            place=place,
            starts_at=_when(place.starts_at, services.settings.zone, language),
            challenge=asking.proofs.challenge() if asking else "",
            lengths={"text": TEXT_LENGTH, "name": NAME_LENGTH, "workplace": WORKPLACE_LENGTH},
            trap=TRAP,
            by_mail=services.mail is not None and bool(services.settings.base_url),
            kept_days=CONTACT_DAYS,
            asked=asked,
            voted=asking.voted([each.id for each in asked], device_of(request)) if asking else set(),
            contact=services.settings.contact,
            topics=[topic_link(topic, language) for topic in PublishedEpisodes(services).topics().values()],
        )
    )


def _told(request: Request, error: ArchiveError) -> str:
    """The sentence for people, in the page's language."""
    say = language_of(request).say
    if isinstance(error, NotSendable):
        return {
            Unfit.EMPTY: say("Anh chị chưa viết câu hỏi."),
            Unfit.LONG: say("Câu hỏi dài quá %(num)s ký tự. Anh chị viết gọn lại nhé.", num=TEXT_LENGTH),
            Unfit.LINK: say("Câu hỏi chỉ có đường dẫn. Anh chị viết bằng lời điều muốn hỏi nhé."),
            Unfit.EMAIL: say("Địa chỉ email chưa đúng. Anh chị xem lại, hoặc bỏ trống."),
            Unfit.PHONE: say("Số điện thoại chưa đúng. Anh chị xem lại, hoặc bỏ trống."),
        }[error.why]
    if isinstance(error, TooMany):
        return say(
            "Máy này vừa gửi nhiều câu. Câu của anh chị vẫn còn ở đây, đợi một phút rồi gửi lại nhé."
        )
    if isinstance(error, Conflict):
        return say("Chương trình vừa ngừng nhận câu hỏi. Anh chị bấm gửi lần nữa để gửi vào sổ chung.")
    return say("Lúc này chưa nhận câu hỏi từ máy này. Anh chị hỏi cán bộ công đoàn ở nơi làm việc.")


def _status(error: ArchiveError) -> int:
    match error:
        case TooMany():
            return 429
        case Forbidden():
            return 403
        case Conflict():
            return 409
    return 400


def _place(request: Request, wanted: str) -> TargetProgramme:
    services = services_of(request)
    return place_of(
        services.archive.catalogue,
        services.live.broadcasts if services.live else None,
        services.companion.questions if services.companion else None,
        wanted,
        datetime.now(UTC).replace(tzinfo=None),
    )


def _when(moment: datetime | None, zone: ZoneInfo, language: Language) -> str:
    """“19:30, 15/3/2026”, "" for none."""
    if moment is None:
        return ""
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    return f"{local:%H:%M}, {language.date(local.date())}"


ROUTES = [
    Route("/ask", ask, methods=["GET"]),
    Route("/ask", send, methods=["POST"]),
    Route("/ask/answers", answers, methods=["GET"]),
    Route("/ask/answered", answered, methods=["POST"]),
    Route("/ask/votes", vote, methods=["POST"]),
]

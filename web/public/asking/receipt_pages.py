"""`/questions/<code>`: how a question stands, for who has its receipt. Kept out of caches, robots and referrers."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, InvalidInput, NotFound
from web.access.asker import asker_of, asking_of, private, sent_form
from web.domain.questions.asking import CONTACT_DAYS, Receipt
from web.domain.questions.questions import QuestionState
from web.domain.questions.receipts import read_code, spoken
from web.domain.throttle import TooMany
from web.public.live.qr_code import qr_svg
from web.rendering.context import language_of
from web.rendering.templating import render
from web.services import services_of
from web.text.language import Language


async def find(request: Request) -> Response:
    """`POST /questions`: a code that was typed leads to its page."""
    form = await sent_form(request)
    return await run_in_threadpool(_find, request, form)


def receipt(request: Request) -> Response:
    """`GET /questions/{code}`."""
    return _receipt(request, str(request.path_params["code"]))


async def forget(request: Request) -> Response:
    """`POST /questions/{code}/forget`: delete how the asker is reached."""
    await sent_form(request)
    return await run_in_threadpool(_forget, request, str(request.path_params["code"]))


def _find(request: Request, form: Mapping[str, str]) -> Response:
    typed = form.get("code", "")
    try:
        code = read_code(typed)
        asking_of(request).by_code(code, asker_of(request))
    except (InvalidInput, NotFound, TooMany) as error:
        return _not_found(request, typed, error)
    return private(RedirectResponse(f"/questions/{code}", 303))


def _forget(request: Request, code: str) -> Response:
    asking_of(request).forget_contacts(code, asker_of(request))
    return private(RedirectResponse(f"/questions/{code}?forgotten=1", 303))


def _receipt(request: Request, code: str) -> Response:
    try:
        found = asking_of(request).receipt(code, asker_of(request))
    except (InvalidInput, NotFound, TooMany) as error:
        return _not_found(request, code, error)
    services, language = services_of(request), language_of(request)
    digits = read_code(code)
    address = f"{(services.settings.base_url or str(request.base_url)).rstrip('/')}/questions/{digits}"
    return private(
        render(
            request,
            "receipt.html",
            receipt=found,
            code=digits,
            spoken=spoken(digits),
            state=state_words(found, language),
            qr=qr_svg(address),
            new="new" in request.query_params,
            forgotten="forgotten" in request.query_params,
            kinds=[contact_words(kind, language) for kind in found.contacts],
            kept_days=CONTACT_DAYS,
            push_key=services.settings.push_key,
        )
    )


def state_words(receipt: Receipt, language: Language) -> tuple[str, str]:
    """How a question stands, in a few words and in a sentence."""
    say, question = language.say, receipt.question
    stands = receipt.merged.state if receipt.merged else question.state
    if question.state is QuestionState.REFUSED:
        return (
            say("Không nhận câu này"),
            say(
                "Câu này không hợp với chương trình. Anh chị cần giúp ngay thì liên hệ cán bộ công đoàn nhé."
            ),
        )
    if question.held:
        return (
            say("Đang chờ xem"),
            say("Người phụ trách sẽ xem câu của anh chị trước khi hiện lên cho mọi người."),
        )
    words = {
        QuestionState.INCOMING: (
            say("Đã nhận"),
            say("Câu của anh chị đã vào danh sách. Có trả lời thì xem được ở đây."),
        ),
        QuestionState.SHORTLISTED: (
            say("Đã chọn"),
            say("Câu của anh chị được chọn, chờ đến lượt trả lời."),
        ),
        QuestionState.ON_AIR: (say("Đang trả lời"), say("Câu của anh chị đang được trả lời trực tiếp.")),
        QuestionState.LATER: (
            say("Để trả lời sau"),
            say("Câu này chưa trả lời được trong buổi vừa rồi, còn giữ cho buổi sau."),
        ),
        QuestionState.REFUSED: (say("Đã nhận"), say("Câu của anh chị đã vào danh sách.")),
        QuestionState.ANSWERED: (
            say("Đã trả lời"),
            say("Anh chị nghe câu trả lời ở dưới đây.")
            if receipt.answer
            else say("Câu đã được trả lời. Đoạn ghi lại sẽ có ở đây khi chương trình được đăng."),
        ),
    }
    return words[stands]


def contact_words(kind: str, language: Language) -> str:
    """What a kind of contact is called."""
    say = language.say
    names = {"email": say("email"), "phone": say("số điện thoại"), "push": say("báo trên máy")}
    return names.get(kind, kind)


def _not_found(request: Request, typed: str, error: ArchiveError) -> Response:
    say = language_of(request).say
    if isinstance(error, TooMany):
        problem, status = say("Có nhiều mã sai quá. Anh chị đợi vài phút rồi thử lại nhé."), 429
    elif isinstance(error, NotFound):
        problem, status = say("Chưa thấy câu hỏi nào có mã này. Anh chị xem lại từng số nhé."), 404
    elif "has 11 digits" in str(error):
        problem, status = say("Mã có 11 số. Anh chị xem lại, có thể thiếu hoặc thừa số."), 400
    else:
        problem, status = say("Có số bị sai hoặc đổi chỗ. Anh chị xem lại từng số nhé."), 400
    return private(render(request, "receipt_missing.html", status, problem=problem, typed=typed[:40]))


ROUTES = [
    Route("/questions", find, methods=["POST"]),
    Route("/questions/{code}", receipt, methods=["GET"]),
    Route("/questions/{code}/forget", forget, methods=["POST"]),
]

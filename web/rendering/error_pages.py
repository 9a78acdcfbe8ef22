"""What is answered when something goes wrong: a page, or problem details (RFC 9457) for programs."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from media.errors import (
    ArchiveError,
    Cancelled,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    Unavailable,
    Withdrawn,
)
from web.domain.throttle import TooMany
from web.http.headers import SECURITY_HEADERS
from web.rendering.context import language_of, site_of
from web.rendering.templating import render
from web.text.language import CODES
from web.text.preferred_language import preferred

STATUSES: dict[type[ArchiveError], int] = {
    Withdrawn: 410,
    NotFound: 404,
    Conflict: 409,
    InvalidInput: 400,
    TooMany: 429,
    Forbidden: 403,
    Unavailable: 503,
    Cancelled: 409,
}
PROBLEM_TYPE = "application/problem+json"


def status_of(error: ArchiveError) -> int:
    """The HTTP status of an error, by the nearest class in the table; 500 for none."""
    return next((STATUSES[each] for each in type(error).__mro__ if each in STATUSES), 500)


def archive_problem(request: Request, error: Exception) -> Response:
    """Answer an `ArchiveError`."""
    assert isinstance(error, ArchiveError)  # noqa: S101 - what it is registered for
    status = status_of(error)
    headers = {"Retry-After": "30"} if status in (429, 503) else {}
    if isinstance(error, Withdrawn) and not demand_json(request):
        return _withdrawn(request, error.reason)
    if demand_json(request):
        return _details(status, told(request, error), headers)
    return _page(request, status, error, headers)


def told(request: Request, error: ArchiveError) -> str:
    """What an error says: in the page's language, and for a program in the one it asks for (`Accept-Language`),
    English where it asks for none."""
    if demand_json(request):
        return site_of(request).languages[_code(request)].error(error)
    return language_of(request).error(error)


def _code(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""), CODES) or "en"


def _withdrawn(request: Request, reason: str) -> Response:
    """The page at the address of what was taken back: why."""
    say = language_of(request).say
    title = say("Đã gỡ: %(reason)s", reason=reason) if reason else say("Chương trình này đã gỡ")
    advice = say("Anh chị tìm câu trả lời khác ở ô trên nhé.")
    response = render(request, "problem.html", 410, title=title, advice=advice)
    response.headers["Cache-Control"] = "no-store"
    return response


def http_problem(request: Request, error: Exception) -> Response:
    """Answer what the router refuses (no such address, wrong method)."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status in (204, 304):
        return Response(status_code=status, headers=headers)
    detail = HTTPStatus(status).phrase + "."
    return (
        _details(status, detail, headers) if demand_json(request) else _page(request, status, None, headers)
    )


def unexpected_problem(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's form
    """Answer a programming error, saying nothing of its inside. Outside all middleware: adds the headers."""
    detail = "Something went wrong here; try again, and tell the editors when it stays."
    headers = dict(SECURITY_HEADERS)
    return _details(500, detail, headers) if demand_json(request) else _page(request, 500, None, headers)


def demand_json(request: Request) -> bool:
    """Whether a program asks: under /api/, or it accepts JSON and no HTML."""
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def _details(status: int, detail: str, headers: dict[str, str]) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, {"Cache-Control": "no-store", **headers}, media_type=PROBLEM_TYPE)


def _page(request: Request, status: int, error: ArchiveError | None, headers: dict[str, str]) -> Response:
    title, advice = _words(request, status, error)
    response = render(request, "problem.html", status, title=title, advice=advice)
    response.headers.update({"Cache-Control": "no-store", **headers})
    return response


def _words(request: Request, status: int, error: ArchiveError | None) -> tuple[str, str]:
    """What happened, and what to do; that says the error itself where its status does not."""
    language = language_of(request)
    say = language.say
    by_status = {
        404: (
            say("Không tìm thấy trang này"),
            say("Có thể chương trình chưa đăng hoặc đã gỡ. Anh chị tìm thử câu hỏi của mình nhé."),
        ),
        429: (
            say("Gửi nhanh quá"),
            say("Không mất gì cả. Anh chị đợi một phút rồi gửi lại nhé."),
        ),
        503: (
            say("Trang đang bận"),
            say("Không mất gì cả. Anh chị đợi nửa phút rồi tải lại trang nhé."),
        ),
        500: (
            say("Trang bị lỗi"),
            say("Lỗi do trang, không phải do anh chị. Anh chị tải lại trang, hoặc tìm câu hỏi ở ô trên."),
        ),
    }
    if status in by_status:
        return by_status[status]
    if status == 403:
        title, advice = (
            say("Việc này không được phép"),
            say("Anh chị quay lại trang trước rồi thử lại nhé."),
        )
    elif request.method == "POST":
        title, advice = say("Việc này chưa làm được"), say("Anh chị quay lại trang trước rồi thử lại nhé.")
    else:
        title, advice = (
            say("Địa chỉ này không dùng được"),
            say("Anh chị về trang đầu hoặc tìm câu hỏi ở ô trên nhé."),
        )
    return title, language.error(error, advice) if error else advice

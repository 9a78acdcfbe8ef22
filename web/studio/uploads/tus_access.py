"""Who sends an upload: the guard's questions, asked before a body is read, for a body is gigabytes here."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.access.signed_in import SignedInRequest, check_csrf, signed_in_by
from web.domain.accounts.permissions import Action
from web.http.origins import check_origin
from web.rendering.error_pages import PROBLEM_TYPE


async def signed_in_of(request: Request, action: Action) -> SignedInRequest | Response:
    """The visit, or 401. A session's form token is asked for by every method here.

    Raises `Forbidden` for who may not, and for what does not come from this site's own pages.
    """
    signed_in = await run_in_threadpool(signed_in_by, request)
    if signed_in is None:
        return _unknown()
    signed_in.check(action)
    if signed_in.csrf:  # a bearer token has none, and no browser sends it by itself
        check_origin(request)
        check_csrf(request, signed_in)
    return signed_in


def _unknown() -> Response:
    body = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Sign in first; what has arrived of your files is kept.",
    }
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    return JSONResponse(body, 401, headers, media_type=PROBLEM_TYPE)

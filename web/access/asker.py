"""Who asks or votes: their device's cookie, what their pages and scripts send."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from media.errors import Forbidden, InvalidInput
from web.domain.questions.asking import Asker, Asking, check_device, new_device
from web.http.bodies import read_body, read_form, read_json
from web.http.client_address import sender
from web.http.origins import check_origin, same_origin
from web.rendering.context import language_of
from web.services import companion_of

DEVICE_COOKIE = "device"
_YEAR_SECONDS = 365 * 24 * 3600
_BODY_BYTES = 20_000


def asking_of(request: Request) -> Asking:
    """Raises `NotFound` where no questions are taken."""
    return companion_of(request).asking()


def asker_of(request: Request) -> Asker:
    """Who this is; a device seen for the first time gets a name, see `keep_device`."""
    return Asker(device_of(request) or new_device(), sender(request), language_of(request).code)


def device_of(request: Request) -> str:
    """The device's cookie, "" when it has none."""
    return check_device(request.cookies.get(DEVICE_COOKIE, ""))


def keep_device(request: Request, response: Response, asker: Asker) -> Response:
    """Let the browser remember the device: a random value that scripts cannot read."""
    if request.cookies.get(DEVICE_COOKIE) != asker.device:
        response.set_cookie(
            DEVICE_COOKIE,
            asker.device,
            _YEAR_SECONDS,
            path="/",
            samesite="lax",
            httponly=True,
            secure=request.url.scheme == "https",
        )
    return response


def private(response: Response) -> Response:
    """Keep it out of caches, search engines and other sites' logs: its address has a code in it, or its text
    is one's own."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def sent_form(request: Request) -> dict[str, str]:
    """What a form of this site sent. Raises `Forbidden`, `InvalidInput`."""
    check_origin(request)
    fields = read_form(await read_body(request, _BODY_BYTES))
    return {name: values[-1] for name, values in fields.items()}


def check_own_page(request: Request) -> None:
    """Raise `Forbidden` unless a browser says that a page of this site sends the request."""
    if not same_origin(request):
        raise Forbidden("Questions and votes are taken only from this site's own pages.")


async def sent_json(request: Request) -> Mapping[str, object]:
    """What a script of this site sent. Raises `Forbidden`, `InvalidInput`."""
    check_own_page(request)
    found = read_json(await read_body(request, _BODY_BYTES))
    if not isinstance(found, dict):
        raise InvalidInput("Send a JSON object.")
    return found


def texts_in(found: Mapping[str, object], names: tuple[str, ...]) -> dict[str, str]:
    """The texts called `names`, "" where there is none. Raises `InvalidInput`."""
    values = {name: found.get(name) or "" for name in names}
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise InvalidInput("“%(wrong)s” must be a text.", wrong=wrong[0])
    return {name: str(value) for name, value in values.items()}

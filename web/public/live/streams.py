"""Streams of events over HTTP, and the same by polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from media.errors import InvalidInput
from web.domain.events.frames import opening, plain
from web.domain.events.hub import Hub
from web.domain.events.listener import Listener
from web.http.client_address import sender
from web.services import live_of

RETRY_MILLISECONDS = 2000
CHECKING_SECONDS = 10.0
"""So often it is looked whether who listens still may."""
_DIGITS = 15
HEADERS = {
    "Cache-Control": "private, no-store, no-transform",
    "X-Accel-Buffering": "no",  # nginx passes it on as it comes
}

StillAllowed = Callable[[], bool]


def answer(
    request: Request,
    channels: Collection[str],
    viewer_of: str = "",
    still: StillAllowed | None = None,
) -> Response:
    """What happens on `channels`: a stream for who accepts `text/event-stream`, else what has happened, as JSON.

    Goes on after the event that the header Last-Event-ID names, else that of `?after=`, else from now on. `still` is
    asked now and then, in a thread, and ends the stream.

    Raises:
        InvalidInput: `after` is no id.
        Unavailable: too many streams are open (when it is sent), or the database does not answer.
        NotFound: nothing is broadcast here.
    """
    hub, after = live_of(request).hub, seen_by(request)
    if "text/event-stream" not in request.headers.get("accept", "") or request.method == "HEAD":
        found, last = hub.poll(channels, after, viewer_of)
        return JSONResponse({"events": [plain(each) for each in found], "last": last}, headers=HEADERS)
    return EventStream(hub, channels, after, viewer_of, sender(request), still)


def seen_by(request: Request) -> int | None:
    """The id of the newest event that the page has seen. A browser's own memory counts before the address."""
    for text in (request.headers.get("last-event-id", ""), request.query_params.get("after", "")):
        if text.isascii() and text.isdecimal() and len(text) <= _DIGITS:
            return int(text)
    if request.query_params.get("after", ""):
        raise InvalidInput("“after” must be the id of an event: a whole number, 0 for all that are kept.")
    return None


class EventStream(Response):
    """Sends what a listener is given, until either side ends it.

    Starlette's own streaming takes three tasks for each browser; this takes one that waits for it to go.
    """

    def __init__(
        self,
        hub: Hub,
        channels: Collection[str],
        after: int | None,
        viewer_of: str = "",
        address: str = "",
        still: StillAllowed | None = None,
    ) -> None:
        super().__init__(headers=HEADERS, media_type="text/event-stream")
        del self.headers["content-length"]
        self._hub = hub
        self._wanted = (channels, after, viewer_of, address)
        self._address = address
        self._still = still

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Raises `Unavailable` before anything is sent; nothing when the browser goes, or is dropped."""
        listener = await self._hub.listen(*self._wanted)
        task = cast("asyncio.Task[None]", asyncio.current_task())
        listener.dropped = task.cancel  # it may be stuck in sending
        watching = [asyncio.create_task(_until_gone(receive, listener))]
        if self._still is not None:
            watching.append(asyncio.create_task(_while_allowed(self._still, listener)))
        try:
            await self._send(send, listener)
        except OSError:
            pass
        except asyncio.CancelledError:
            if not listener.too_slow:
                raise
            task.uncancel()
        finally:
            for each in watching:
                each.cancel()
            self._hub.leave(listener, self._address)

    async def _send(self, send: Send, listener: Listener) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        content: bytes | None = opening(RETRY_MILLISECONDS)
        while content is not None:
            await send({"type": "http.response.body", "body": content, "more_body": True})
            content = await listener.next()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


async def _while_allowed(still: StillAllowed, listener: Listener) -> None:
    while await run_in_threadpool(still):
        await asyncio.sleep(CHECKING_SECONDS)
    listener.end()

"""Calls made once, however often they are sent: the Idempotency-Key header.

As in the IETF draft “The Idempotency-Key HTTP Header Field” (draft-ietf-httpapi-idempotency-key-header):
the first answer is kept and given again; the same key with something else is refused. An answer that says
`no-store` by itself has a secret in it (a token, a one-time link) and is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from media.errors import Conflict, InvalidInput
from web.domain.accounts.tokens import KEY_LENGTH, Replay, Tokens

KEY_HEADER = "Idempotency-Key"
KEPT_HEADERS = frozenset({"content-type", "location", "etag", "cache-control"})


def once(
    request: Request, tokens: Tokens, account: str, digest: str, make: Callable[[], Response]
) -> Response:
    """Make a call, or give the answer of the first time.

    `digest` is of all that was sent, see `begin_digest`. Only POST with the header; an error of ours is not kept,
    so that a mended call can be made again.

    Raises:
        InvalidInput: the key cannot be one.
        Conflict: it was used for something else, or the first call is still being made.
    """
    key = request.headers.get(KEY_HEADER, "")
    if not key or request.method != "POST":
        return make()
    if len(key) > KEY_LENGTH or not (key.isascii() and key.isprintable()):
        raise InvalidInput(
            "An Idempotency-Key has at most %(most)s printable ASCII characters.",
            most=KEY_LENGTH,
        )
    replay = tokens.begin(account, key, digest)
    if replay is not None:
        if not replay.status:
            raise Conflict("This call is being made at this moment; ask again shortly.")
        return Response(replay.body, replay.status, dict(replay.headers))
    kept: Replay | None = None
    try:
        response = make()
        secret = "no-store" in response.headers.get("cache-control", "")
        if not secret and response.status_code < 400 and isinstance(getattr(response, "body", None), bytes):
            headers = tuple((k, v) for k, v in response.headers.items() if k in KEPT_HEADERS)
            kept = Replay(response.status_code, bytes(response.body), headers)
        return response
    finally:
        tokens.finish(account, key, kept)


def begin_digest(request: Request) -> hashlib._Hash:
    """A digest (SHA-256) of a call: its method and address, to be updated with its body as that comes."""
    return hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())

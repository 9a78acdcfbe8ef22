"""How segments reach browsers: through the site, by nginx, or from elsewhere; see docs/decisions/storage.md.

Whatever the way, an address works only while the site says that its episode is public: it asks at each
request (`Streaming`, `Accel`, `Presigned`), when a CDN's copy is that old (`Cdn`), or when it writes the playlist
whose links expire (`Signed`). The store itself is never open to everybody: keys hold the SHA-256 of a recording,
which whoever has the file, or saw it while it was public, knows.
"""

from __future__ import annotations

import hashlib
import math
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from media.archive.episodes import renditions_prefix
from media.errors import InvalidInput
from media.storage.content_types import content_type
from media.storage.port import LinkingStorage

IMMUTABLE = "public, max-age=31536000, immutable"
LINKED_CACHING = "private, max-age=31536000, immutable"
Clock = Callable[[], float]
_BASE = re.compile(r"https?://[a-zA-Z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._/-]*)?")


class Delivery(Protocol):
    """A way for the segments of public episodes. `origin` is where browsers are sent, "" for nowhere else;
    `caching` the Cache-Control of what the site streams itself; `shared` whether pages of other origins may read
    it."""

    origin: str
    caching: str
    shared: bool

    def answer(self, recording: str, path: str) -> Response | None:
        """What the site answers for a segment instead of its bytes; None: the bytes."""
        ...

    def address(self, recording: str, path: str, seconds: float) -> str | None:
        """What a playlist of so many seconds names instead of the segment's own name; None: that name."""
        ...


class Streaming:
    """Every byte through the site."""

    origin, caching, shared = "", IMMUTABLE, False

    def answer(self, recording: str, path: str) -> Response | None:  # noqa: ARG002
        """See `Delivery.answer`."""
        return None

    def address(self, recording: str, path: str, seconds: float) -> str | None:  # noqa: ARG002
        """See `Delivery.address`."""
        return None


class Accel(Streaming):
    """nginx sends the file that the site names (`X-Accel-Redirect`), from a location of its own that nobody
    can ask for: a folder's file, or with `store` a link of an S3 store, which the location passes on to it."""

    def __init__(self, location: str, store: LinkingStorage | None = None) -> None:
        self._location, self._store = location.rstrip("/"), store

    def answer(self, recording: str, path: str) -> Response:
        """See `Delivery.answer`."""
        key = f"{renditions_prefix(recording)}/{path}"
        inside = f"/{key}"
        if self._store is not None:
            link = urlsplit(self._store.link(key, 60))
            inside = f"{link.path}?{link.query}"
        headers = {"X-Accel-Redirect": self._location + inside, "Cache-Control": self.caching}
        return Response(headers=headers, media_type=content_type(path))


class Presigned(Streaming):
    """The browser is sent to the store with a link that works for `seconds` at most, half of that at least."""

    def __init__(self, store: LinkingStorage, seconds: int, clock: Clock = time.time) -> None:
        self._store, self._seconds, self._clock = store, seconds, clock
        self.origin = store.link_origin()
        self._link = lru_cache(10_000)(
            self._sign
        )  # one link for a while, so that browsers keep what it leads to

    def answer(self, recording: str, path: str) -> Response:
        """See `Delivery.answer`."""
        half = self._seconds / 2
        window, gone = divmod(self._clock(), half)
        link = self._link(f"{renditions_prefix(recording)}/{path}", window)
        left = int(half - gone)
        return RedirectResponse(link, 307, headers={"Cache-Control": f"private, max-age={left}"})

    def _sign(self, key: str, _window: float) -> str:
        return self._store.link(key, self._seconds, content_type(key), LINKED_CACHING)


class Signed(Streaming):
    """Playlists name links under `base`, where nginx or a CDN checks them and reads the store.

    A link is as nginx's ngx_http_secure_link_module reads it: `secure_link_md5 "$secure_link_expires$uri
    <secret>"`. It works for twice `seconds` at most, and the playlist's length more, as a player fetches that once.
    """

    def __init__(self, base: str, secret: str, seconds: int, clock: Clock = time.time) -> None:
        if not secret:
            raise InvalidInput("TUALAI_DELIVERY=signed needs TUALAI_DELIVERY_SECRET, the same as nginx's.")
        self._base, self.origin = checked_base(base)
        self._secret, self._seconds, self._clock = secret, seconds, clock

    def address(self, recording: str, path: str, seconds: float) -> str:
        """See `Delivery.address`; the same for a while, so that the playlist does not change all the time."""
        expires = (int(self._clock() // self._seconds) + 2) * self._seconds + math.ceil(seconds)
        address = f"{self._base}/{renditions_prefix(recording)}/{path}"
        token = secure_link(urlsplit(address).path, expires, self._secret)
        return f"{address}?md5={token}&expires={expires}"


class Cdn(Streaming):
    """Playlists name a CDN that fetches `/media/` from this site, which so still decides; the CDN asks again
    after `seconds`."""

    shared = True

    def __init__(self, base: str, seconds: int) -> None:
        self._base, self.origin = checked_base(base)
        self.caching = f"public, max-age=31536000, s-maxage={seconds}, immutable"

    def address(self, recording: str, path: str, seconds: float) -> str:  # noqa: ARG002
        """See `Delivery.address`."""
        return f"{self._base}/media/{recording}/{path}"


def secure_link(uri: str, expires: int, secret: str) -> str:
    """The value of `md5` for nginx's secure_link (nginx documentation, ngx_http_secure_link_module)."""
    digest = hashlib.md5(f"{expires}{uri} {secret}".encode(), usedforsecurity=False).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def checked_base(base: str) -> tuple[str, str]:
    """A base address without its last slash, and its origin. Raises `InvalidInput`."""
    if not _BASE.fullmatch(base):
        raise InvalidInput(
            "TUALAI_DELIVERY_URL is “%(base)s”; this delivery needs a base address, such as"
            " https://cdn.example.",
            base=base,
        )
    parts = urlsplit(base)
    return base.rstrip("/"), f"{parts.scheme}://{parts.netloc}"

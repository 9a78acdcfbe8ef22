"""Where a request comes from, and where it may be sent on to: this site's own pages."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

from media.errors import Forbidden


def check_origin(request: Request) -> None:
    """Raise `Forbidden` when a browser says that another site sent the request."""
    came_from = request.headers.get("sec-fetch-site", "")
    origin = request.headers.get("origin", "")
    other = origin not in ("", "null") and _host(origin) != request.headers.get("host", "")
    if came_from in ("cross-site", "same-site") or (other and came_from != "same-origin"):
        raise Forbidden("This change was sent from another site, so nothing was done; do it on this one.")


def same_origin(request: Request) -> bool:
    """Whether a browser says that a page of this site sends this (Sec-Fetch-Site, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    host = _host(request.headers.get("origin", ""))
    return bool(host) and host == request.headers.get("host")


def _host(origin: str) -> str:
    """The host and port of an Origin; "" for what is no address at all, such as http://[."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def safe_next(target: str) -> str:
    """Return `target` when it is a path of this site (without its `lang`), else "/"."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return "/"
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return parts.path + ("?" + urlencode(kept) if kept else "")

"""A broadcast on another site: its name, and the frame that shows it here. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

FRAMES = ("https://www.youtube-nocookie.com", "https://www.facebook.com")
"""Where frames may come from, for the page's Content-Security-Policy."""
_VIDEO = re.compile(r"[A-Za-z0-9_-]{6,20}")


@dataclass(frozen=True, slots=True)
class Embed:
    """`url` opens it there; `frame` is the address to show within our page, "" where there is none."""

    url: str
    site: str
    frame: str


def elsewhere(url: str) -> Embed | None:
    """What an address of a broadcast elsewhere is; None for "" or one that is not https."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if parts.scheme != "https" or not host:
        return None
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com"):
        video = _youtube_video(host, parts.path, parts.query)
        return Embed(url, "YouTube", f"{FRAMES[0]}/embed/{video}?playsinline=1" if video else "")
    if host in ("facebook.com", "fb.watch", "fb.com"):
        shown = f"{FRAMES[1]}/plugins/video.php?href={quote(url, safe='')}&show_text=false"
        return Embed(url, "Facebook", shown)
    return Embed(url, host, "")


def _youtube_video(host: str, path: str, query: str) -> str:
    """The id in youtu.be/ID, /watch?v=ID, /live/ID, /embed/ID, /shorts/ID; "" for none."""
    parts = path.strip("/").split("/")
    named = parse_qs(query).get("v", [""])[0]
    if host == "youtu.be":
        found = parts[0]
    elif parts[0] in ("live", "embed", "shorts") and len(parts) > 1:
        found = parts[1]
    else:
        found = named
    return found if _VIDEO.fullmatch(found) else ""

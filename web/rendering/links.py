"""Names and addresses of the site's own pages, as templates and answers give them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from media.archive.episodes import Topic
from web.text.language import Language
from web.text.times import address_time


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads; `current` when that is this page."""

    name: str
    url: str
    current: bool = False


def topic_link(topic: Topic, language: Language) -> Link:
    """Link to a topic's page, named in `language`."""
    return Link(topic.name_en if language.code == "en" else topic.name_vi, f"/topics/{topic.slug}")


def play_url(slug: str, start: float, end: float | None = None) -> str:
    """Address of an episode's page that starts at `start` and, with `end`, stops there (seconds)."""
    values = {"t": address_time(start)} | ({"until": address_time(end)} if end is not None else {})
    return f"/episodes/{slug}?{urlencode(values)}"

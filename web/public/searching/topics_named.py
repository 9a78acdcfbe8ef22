"""Topics that what somebody types names, or begins to name. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from media.archive.episodes import Topic
from search.text.folding import tokens
from web.rendering.links import Link, topic_link
from web.text.language import Language

_TOPICS_MOST = 3
_LETTERS_LEAST = 2


def topics_named(text: str, topics: Iterable[Topic], language: Language) -> list[Link]:
    """Links to topics of which a name or synonym has the words of `text`, the last one perhaps unfinished."""
    typed = _plain(text)
    if len(typed) < _LETTERS_LEAST:
        return []
    named = (
        topic
        for topic in topics
        if any(
            f" {typed}" in f" {_plain(name)}" for name in (topic.name_vi, topic.name_en, *topic.synonyms)
        )
    )
    return [topic_link(topic, language) for topic in named][:_TOPICS_MOST]


def _plain(text: str) -> str:
    return " ".join(token.folded for token in tokens(text))

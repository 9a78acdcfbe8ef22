"""Keeping topics, programmes and organisations: what editors change by hand."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from media.archive.episodes import Organisation, Programme, Topic
from media.errors import InvalidInput, Message

NAME_LENGTH = 200
SYNONYM_LIMIT = 40


class Subject(StrEnum):
    """What has an address that others may have noted down."""

    TOPIC = "topic"
    PROGRAMME = "programme"
    EPISODE = "episode"


class Taxonomy(Protocol):
    """One method is one transaction, written to the audit log; episodes that it touches are marked
    changed for search. `seen` is what the editor saw when they began: `Conflict` is raised when it has
    changed meanwhile, and nothing is saved."""

    def organisations(self) -> list[Organisation]:
        """By name."""
        ...

    def save_organisation(self, organisation: Organisation, seen: Organisation | None) -> None:
        """Add (`seen` None) or change. Raises `InvalidInput`, `Conflict`."""
        ...

    def save_programme(self, programme: Programme, seen: Programme | None) -> None:
        """Add (`seen` None) or change. Raises `InvalidInput`, `Conflict`, `NotFound` (organisation)."""
        ...

    def save_topic(self, topic: Topic, seen: Topic | None) -> None:
        """Add (`seen` None) or change. Raises `InvalidInput`, `Conflict`."""
        ...

    def order_topics(self, slugs: Sequence[str], featured: Sequence[str]) -> None:
        """Show topics in this order, those not named after them; `featured` stand on the home page."""
        ...

    def merge_topics(self, slug: str, into: str) -> int:
        """Everything on topic `slug` is on `into` from now on, its names become synonyms there, and its
        address leads there. Returns how many episodes changed. Raises `NotFound`, `InvalidInput`.
        """
        ...

    def merge_programmes(self, slug: str, into: str) -> int:
        """As `merge_topics`, for the episodes of a programme."""
        ...

    def moved(self, subject: Subject, slug: str) -> str | None:
        """Where an address leads that was merged away."""
        ...


def check_text(text: str, what: str, least: int = 1, most: int = NAME_LENGTH) -> str:
    """A name or title without control characters and outer spaces.

    Raises:
        InvalidInput: naming `what` (a message id) is too short or too long.
    """
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not least <= len(cleaned) <= most:
        raise InvalidInput(
            "%(what)s has %(least)s to %(most)s characters; it has %(given)s.",
            what=Message(what),
            least=least,
            most=most,
            given=len(cleaned),
        )
    return cleaned

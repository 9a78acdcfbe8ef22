"""Editing episodes: what people change of them by hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Protocol

from media.archive.episodes import Episode, EpisodeState, Guest, check_slug
from media.errors import Conflict, InvalidInput, Message
from media.jobs import Job

TITLE_LENGTH = 300
TEXT_LENGTH = 5000
NAME_LENGTH = 200
REASON_LENGTH = 500
GUEST_LIMIT = 40
TOPIC_LIMIT = 20
YEARS = (1950, 2100)
LANGUAGES = ("vi", "en")
_JOINERS = "\u200c\u200d"  # hold emoji and some scripts together


class EpisodeChanged(Conflict):
    """Somebody else saved meanwhile; `current` is the episode as it is now. Nothing was saved."""

    def __init__(self, current: Episode) -> None:
        super().__init__(
            "“%(name)s” was changed by somebody else meanwhile; look at both versions, nothing was saved.",
            name=current.slug,
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an episode, as people write it; see `Episode`."""

    slug: str
    title: str
    date: date
    programme: str
    language: str = "vi"
    description: str = ""
    notice: str = ""
    guests: tuple[Guest, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EpisodeFilter:
    """Which episodes a list shows: None or "" for all. `programmes` are those somebody may see,
    `slugs` the only ones to look at, `text` is looked for in titles and addresses, without regard to diacritics."""

    state: EpisodeState | None = None
    programme: str = ""
    text: str = ""
    programmes: Collection[str] | None = None
    slugs: Collection[str] | None = None
    limit: int = 30
    offset: int = 0


class Editing(Protocol):
    """One method is one transaction, written to the audit log; what changes is marked for search.

    All raise `NotFound` for an unknown episode.
    """

    def listed(self, wanted: EpisodeFilter) -> tuple[list[Episode], int]:
        """A page of episodes, newest first, and how many there are in all."""
        ...

    def jobs_of(self, episodes: Sequence[str]) -> dict[str, Job]:
        """The newest job of each episode that has one."""
        ...

    def save_facts(self, episode: str, facts: Facts, version: int) -> Episode:
        """Save what was written over `version`; a new address leaves the old one leading there.

        Raises `EpisodeChanged` when another version is stored, `InvalidInput`, `Conflict` (the address is taken, or
        the episode is being processed), `NotFound` (programme, topic).
        """
        ...

    def publish(self, episode: str) -> Episode:
        """Make public now. Raises `Conflict` when that may not follow its state."""
        ...

    def schedule(self, episode: str, at: datetime | None) -> Episode:
        """Make public at `at` (UTC, without a zone), or no longer (None). Raises `Conflict`."""
        ...

    def withdraw(self, episode: str, reason: str) -> Episode:
        """Take from the public, which is told why. Raises `Conflict`, `InvalidInput`."""
        ...

    def publish_due(self) -> list[str]:
        """Publish what is scheduled for now or earlier, each exactly once however many ask; return which."""
        ...

    def note_captions_read(self, episode: str, transcript: int, read: bool) -> Episode:
        """A person has read this version of the transcript, or has not after all."""
        ...


def facts_of(episode: Episode) -> Facts:
    """The facts of an episode."""
    return Facts(**{each.name: getattr(episode, each.name) for each in fields(Facts)})


def checked(facts: Facts, before: Facts) -> Facts:
    """`facts` as they are kept: without control characters and outer spaces.

    Raises:
        InvalidInput: something cannot be kept; the sentence says what.
    """
    if facts.language not in (*LANGUAGES, before.language):
        raise InvalidInput("Choose the episode's language: Vietnamese or English.")
    if not YEARS[0] <= facts.date.year <= YEARS[1]:
        raise InvalidInput(
            "The date is of a year from %(first)s to %(last)s.", first=YEARS[0], last=YEARS[1]
        )
    topics = tuple(dict.fromkeys(facts.topics))
    if len(topics) > TOPIC_LIMIT or len(facts.guests) > GUEST_LIMIT:
        raise InvalidInput(
            "An episode has at most %(topics)s topics and %(guests)s guests.",
            topics=TOPIC_LIMIT,
            guests=GUEST_LIMIT,
        )
    return replace(
        facts,
        slug=check_slug(facts.slug[:200]),
        title=a_line(facts.title, "The title", 1, TITLE_LENGTH),
        description=some_lines(facts.description, "The description"),
        notice=a_line(facts.notice, "The notice", 0, REASON_LENGTH),
        guests=tuple(_guest(each) for each in facts.guests),
        topics=topics,
    )


def _guest(guest: Guest) -> Guest:
    return Guest(
        a_line(guest.name, "A guest's name", 1, NAME_LENGTH),
        a_line(guest.role, "A guest's role", 0, NAME_LENGTH),
        a_line(guest.organisation, "A guest's organisation", 0, NAME_LENGTH),
    )


def a_line(text: str, what: str, least: int, most: int) -> str:
    """Text of one line. Raises `InvalidInput` naming `what` (a message id) is too short or too long."""
    return _of_length(" ".join(_plain(text).split()), what, least, most)


def some_lines(text: str, what: str, least: int = 0, most: int = TEXT_LENGTH) -> str:
    """Text of several lines. Raises `InvalidInput` naming `what` (a message id) is too short or too long."""
    lines = (" ".join(_plain(line).split()) for line in text.splitlines())
    return _of_length("\n".join(lines).strip(), what, least, most)


def _plain(text: str) -> str:
    """Without controls, marks of direction and lone surrogates, which no reader means."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else " " for c in text)


def _of_length(text: str, what: str, least: int, most: int) -> str:
    if not least <= len(text) <= most:
        raise InvalidInput(
            "%(what)s has %(least)s to %(most)s characters; it has %(given)s.",
            what=Message(what),
            least=least,
            most=most,
            given=len(text),
        )
    return text

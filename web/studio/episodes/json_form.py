"""Episodes of the studio as JSON, and what its calls are sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Annotated, NotRequired

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from media.archive.editing import Facts, facts_of
from media.archive.episodes import Episode, EpisodeState, Guest
from media.archive.publishing import Need, PublishingCheck
from media.jobs import JobState
from transcribe.editing.review_marks import Marks, Placed
from web.domain.accounts.presence import PLACES
from web.http.json_schema import Version, said
from web.http.typed_json import closed, like


@dataclass(frozen=True, slots=True)
class ListedEpisode:
    """An episode's facts and state."""

    slug: str
    title: str
    date: dt.date
    programme: str
    language: str
    description: str
    notice: str
    guests: tuple[Guest, ...]
    topics: tuple[str, ...]
    state: EpisodeState
    version: int
    publish_at: datetime | None
    withdrawn_reason: str
    captions_read: Annotated[int, said("the version of the transcript that a person has read")]


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a need is met; one that is `blocking` must be before the episode is public."""

    need: Need
    met: bool
    blocking: bool


@dataclass(frozen=True, slots=True)
class StudioEpisode(ListedEpisode):
    """An episode's facts, state and check list."""

    checks: list[Check]


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """A page of the list."""

    total: int
    page: int
    limit: int
    episodes: list[ListedEpisode]


@dataclass(frozen=True, slots=True)
class JobJson:
    """The processing of one episode's recording."""

    id: str
    episode: str
    state: JobState
    step: str
    step_number: int
    step_count: int
    fraction: Annotated[float, said("0–1 of the whole")]
    note: str
    seconds_left: float | None
    error: Annotated[str | None, said("a sentence for people, when it failed")]
    created_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """Where an episode's processing stands."""

    job: str | None
    state: JobState | None


@dataclass(frozen=True, slots=True)
class PresentPerson:
    """Who else is at an episode."""

    name: str
    what: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MarksJson(Marks):
    """The marks on an answer, and whether it is outdated now."""

    outdated: bool = False


@dataclass(frozen=True, slots=True)
class PlacedAnswer:
    """An answer, and of which episode it is."""

    id: str
    question: str
    title: str
    start: float
    end: float
    episode: str
    episode_title: str


@closed
class FactsChange(TypedDict, total=False):
    """Some of the facts."""

    slug: str
    title: str
    date: dt.date
    programme: str
    language: Annotated[str, said("BCP 47, such as vi")]
    description: str
    notice: str
    guests: tuple[Guest, ...]
    topics: tuple[str, ...]


class Schedule(TypedDict):
    """When an episode becomes public by itself."""

    at: Annotated[str | None, said("ISO 8601; without an offset in the archive's zone")]


class Withdrawal(TypedDict):
    """Why an episode is taken from the public."""

    reason: str


class CaptionsRead(TypedDict):
    """Whether a person has read a version of the transcript."""

    version: Version
    read: NotRequired[Annotated[bool, Field(json_schema_extra={"default": True})]]


class Presence(TypedDict):
    """Where somebody is."""

    what: Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(PLACES)})]


@closed
class SentMarks(TypedDict, total=False):
    """All marks on an answer; what is left out or null is taken off."""

    law_changed: Annotated[str | None, said("since which day another law holds")]
    law_note: str | None
    superseded_by: Annotated[str | None, said("the id of the newer answer")]
    review_on: Annotated[str | None, said("when to look at it again")]


@closed
class MarksChange(SentMarks, total=False):
    """All marks on an answer, and as they were seen."""

    seen: SentMarks


def listed_episode(stored: Episode) -> ListedEpisode:
    """An episode in the list."""
    at = stored.publish_at.replace(tzinfo=UTC) if stored.publish_at else None
    facts = {each.name: getattr(facts_of(stored), each.name) for each in fields(Facts)}
    return like(ListedEpisode, stored, **facts, publish_at=at)


def studio_episode(stored: Episode, checks: list[PublishingCheck]) -> StudioEpisode:
    """An episode with its check list."""
    return like(StudioEpisode, listed_episode(stored), checks=[like(Check, each) for each in checks])


def placed_answer(placed: Placed) -> PlacedAnswer:
    """An answer that was found."""
    return like(PlacedAnswer, placed.segment, episode=placed.episode, episode_title=placed.episode_title)

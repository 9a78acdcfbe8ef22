"""Publishing: what an episode needs before it is public, and what may follow what. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from media.archive.episodes import Episode, EpisodeState
from media.errors import Conflict

FOLLOWERS: dict[EpisodeState, frozenset[EpisodeState]] = {
    EpisodeState.SCHEDULED: frozenset(),
    EpisodeState.LIVE: frozenset(),
    EpisodeState.PROCESSING: frozenset({EpisodeState.PUBLISHED}),
    EpisodeState.REVIEW: frozenset({EpisodeState.PUBLISHED}),
    EpisodeState.PUBLISHED: frozenset({EpisodeState.WITHDRAWN}),
    EpisodeState.WITHDRAWN: frozenset({EpisodeState.PUBLISHED}),
}
"""What a person may do next; the rest is the pipeline's and the broadcast's."""


class Need(StrEnum):
    """One line of the check list."""

    TITLE = "title"
    DATE = "date"
    PLAYABLE = "playable"
    ANSWER = "answer"
    TOPICS = "topics"
    CAPTIONS = "captions"
    SUGGESTIONS = "suggestions"


ADVICE = frozenset({Need.TOPICS, Need.CAPTIONS, Need.SUGGESTIONS})
"""What can be published without: captions nobody has read are marked as the machine's anyway."""


@dataclass(frozen=True, slots=True)
class Material:
    """What an episode has: whether it can be played, how many answers are confirmed and how many only
    suggested, and the version of its transcript (0 without one)."""

    playable: bool
    confirmed: int
    suggested: int
    transcript: int


@dataclass(frozen=True, slots=True)
class PublishingCheck:
    """Whether a need is met; one that is `blocking` must be before the episode is public."""

    need: Need
    met: bool

    @property
    def blocking(self) -> bool:
        return self.need not in ADVICE


def check_list(episode: Episode, material: Material, today: date) -> list[PublishingCheck]:
    """The list for an episode, blocking needs first. `today` is in the archive's zone."""
    met = {
        Need.TITLE: bool(episode.title.strip()),
        Need.DATE: episode.date <= today,
        Need.PLAYABLE: material.playable,
        Need.ANSWER: material.confirmed > 0,
        Need.TOPICS: bool(episode.topics),
        Need.CAPTIONS: material.transcript > 0 and episode.captions_read == material.transcript,
        Need.SUGGESTIONS: material.suggested == 0,
    }
    return [PublishingCheck(need, fine) for need, fine in met.items()]


def ready(checks: Iterable[PublishingCheck]) -> bool:
    """Whether nothing blocking is left."""
    return all(check.met for check in checks if check.blocking)


def check_follows(state: EpisodeState, wanted: EpisodeState) -> None:
    """Raise `Conflict` unless `wanted` may follow `state`."""
    if wanted not in FOLLOWERS[state]:
        raise Conflict(
            "The episode is %(state)s, so it can't become %(wanted)s; reload the page to see how it stands.",
            state=state,
            wanted=wanted,
        )

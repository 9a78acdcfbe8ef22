"""The catalogue: what the archive holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from media.episodes import Episode, EpisodeState, Programme, Recording, Rendition, Topic


class Catalogue(Protocol):
    """Programmes, topics, episodes, recordings and renditions. One method is one transaction."""

    def save_programme(self, programme: Programme) -> None:
        """Add, or replace the one with the same slug."""
        ...

    def programme(self, slug: str) -> Programme:
        """Raises `NotFound`."""
        ...

    def programmes(self) -> list[Programme]:
        """By title."""
        ...

    def save_topic(self, topic: Topic) -> None:
        """Add, or replace the one with the same slug."""
        ...

    def topics(self) -> list[Topic]:
        """In the order they were first added."""
        ...

    def add_episode(self, episode: Episode, recording: Recording) -> str:
        """Commit episode, recording and the job that processes it together; return the job's id.

        The slug is made unique by a number when taken. Raises `NotFound` for an unknown programme or
        topic, `Conflict` when an episode already has this recording.
        """
        ...

    def episode(self, slug: str) -> Episode:
        """Raises `NotFound`."""
        ...

    def episode_of(self, recording: str) -> Episode | None:
        """The episode that has this recording."""
        ...

    def episodes(
        self,
        *,
        state: EpisodeState | None = None,
        programme: str | None = None,
        topic: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Episode]:
        """Newest date first."""
        ...

    def set_state(self, slug: str, state: EpisodeState) -> None:
        """Change an episode's state and mark it changed for search. Raises `NotFound`."""
        ...

    def recording(self, id: str) -> Recording:
        """Raises `NotFound`."""
        ...

    def save_renditions(self, recording: str, renditions: Sequence[Rendition]) -> None:
        """Add renditions, replacing those of the same names. Raises `NotFound`."""
        ...

    def renditions(self, recording: str) -> list[Rendition]:
        """Tallest first; none for an unknown recording."""
        ...

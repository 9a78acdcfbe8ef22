"""The catalogue: what the archive holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from media.archive.episodes import Episode, EpisodeState, Programme, Recording, Rendition, Topic


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

    def episodes_named(self, slugs: Collection[str]) -> dict[str, Episode]:
        """By slug; unknown ones are left out."""
        ...

    def recordings(self, ids: Collection[str]) -> dict[str, Recording]:
        """By id; unknown ones are left out."""
        ...

    def renditions_of(self, recordings: Collection[str]) -> dict[str, list[Rendition]]:
        """For each recording asked for, as `renditions`."""
        ...

    def topics_used(self) -> list[Topic]:
        """The topics that published episodes have, in the editors' order."""
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
        recorded: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Episode]:
        """Newest date first; only those with a recording when `recorded`."""
        ...

    def set_state(self, slug: str, state: EpisodeState, only_from: EpisodeState | None = None) -> None:
        """Change an episode's state and mark it changed for search. Raises `NotFound`.

        With `only_from` nothing changes unless the episode is in that state now: a machine that wants to
        publish must not undo what a person decided meanwhile.
        """
        ...

    def set_language(self, slug: str, language: str) -> None:
        """Note the language (BCP 47) that was heard, and mark the episode changed. Raises `NotFound`."""
        ...

    def recording(self, id: str) -> Recording:
        """Raises `NotFound`."""
        ...

    def save_renditions(self, recording: str, renditions: Sequence[Rendition]) -> None:
        """Add renditions, replacing those of the same names. Raises `NotFound`."""
        ...

    def remove_renditions(self, recording: str, names: Sequence[str]) -> None:
        """Forget renditions of these names; unknown ones are no error. Their files stay."""
        ...

    def renditions(self, recording: str) -> list[Rendition]:
        """Tallest first; none for an unknown recording."""
        ...

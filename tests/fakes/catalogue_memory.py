"""In-memory catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from media.archive.episodes import (
    SLUG_LENGTH,
    Episode,
    EpisodeState,
    Programme,
    Recording,
    Rendition,
    Topic,
)
from media.errors import Conflict, NotFound
from tests.fakes.changes_memory import MemoryChanges
from tests.fakes.jobs_memory import MemoryJobs


class MemoryCatalogue:
    """Implements `media.archive.catalogue.Catalogue`."""

    def __init__(self, jobs: MemoryJobs | None = None, changes: MemoryChanges | None = None) -> None:
        self.jobs = jobs or MemoryJobs()
        self.changes = changes or MemoryChanges()
        self._programmes: dict[str, Programme] = {}
        self._topics: dict[str, Topic] = {}
        self._episodes: dict[str, Episode] = {}
        self._recordings: dict[str, Recording] = {}
        self._renditions: dict[str, dict[str, Rendition]] = {}

    def save_programme(self, programme: Programme) -> None:
        self._programmes[programme.slug] = programme

    def programme(self, slug: str) -> Programme:
        if slug not in self._programmes:
            raise NotFound("There is no programme “%(programme)s”; add it first.", programme=slug)
        return self._programmes[slug]

    def programmes(self) -> list[Programme]:
        return sorted(self._programmes.values(), key=lambda programme: programme.title)

    def save_topic(self, topic: Topic) -> None:
        self._topics[topic.slug] = topic

    def topics(self) -> list[Topic]:
        return list(self._topics.values())

    def add_episode(self, episode: Episode, recording: Recording) -> str:
        self.programme(episode.programme)
        for topic in episode.topics:
            if topic not in self._topics:
                raise NotFound("There is no topic “%(topic)s”; add it first.", topic=topic)
        if (holder := self.episode_of(recording.id)) is not None:
            raise Conflict(
                "This recording is in the archive already, as episode “%(episode)s”.", episode=holder.slug
            )
        slug = self._free_slug(episode.slug)
        self._episodes[slug] = replace(
            episode,
            slug=slug,
            recording=recording.id,
            created_at=episode.created_at or datetime.now(UTC),
        )
        self._recordings[recording.id] = recording
        self.changes.mark(slug)
        return self.jobs.enqueue(slug).id

    def _free_slug(self, slug: str) -> str:
        number, free = 1, slug
        while free in self._episodes:
            number += 1
            ending = f"-{number}"
            free = slug[: SLUG_LENGTH - len(ending)].rstrip("-") + ending
        return free

    def episode(self, slug: str) -> Episode:
        if slug not in self._episodes:
            raise NotFound("There is no episode “%(episode)s”.", episode=slug)
        return self._episodes[slug]

    def episodes_named(self, slugs: Collection[str]) -> dict[str, Episode]:
        return {slug: self._episodes[slug] for slug in slugs if slug in self._episodes}

    def recordings(self, ids: Collection[str]) -> dict[str, Recording]:
        return {each: self._recordings[each] for each in ids if each in self._recordings}

    def renditions_of(self, recordings: Collection[str]) -> dict[str, list[Rendition]]:
        return {each: self.renditions(each) for each in recordings}

    def topics_used(self) -> list[Topic]:
        used = {slug for each in self.episodes(state=EpisodeState.PUBLISHED) for slug in each.topics}
        return [topic for topic in self._topics.values() if topic.slug in used]

    def episode_of(self, recording: str) -> Episode | None:
        return next((each for each in self._episodes.values() if each.recording == recording), None)

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
        found = [
            each
            for each in self._episodes.values()
            if (state is None or each.state == state)
            and (programme is None or each.programme == programme)
            and (topic is None or topic in each.topics)
            and (not recorded or each.recording is not None)
        ]
        found.sort(key=lambda each: each.date, reverse=True)
        return found[offset : None if limit is None else offset + limit]

    def set_state(self, slug: str, state: EpisodeState, only_from: EpisodeState | None = None) -> None:
        if only_from is None or self.episode(slug).state is only_from:
            self._episodes[slug] = replace(self.episode(slug), state=state)
            self.changes.mark(slug)

    def set_language(self, slug: str, language: str) -> None:
        self._episodes[slug] = replace(self.episode(slug), language=language)
        self.changes.mark(slug)

    def recording(self, id: str) -> Recording:
        if id not in self._recordings:
            raise NotFound("There is no recording “%(id)s”.", id=id)
        return self._recordings[id]

    def save_renditions(self, recording: str, renditions: Sequence[Rendition]) -> None:
        self.recording(recording)
        self._renditions.setdefault(recording, {}).update({each.name: each for each in renditions})

    def remove_renditions(self, recording: str, names: Sequence[str]) -> None:
        for name in names:
            self._renditions.get(recording, {}).pop(name, None)

    def renditions(self, recording: str) -> list[Rendition]:
        return sorted(
            self._renditions.get(recording, {}).values(), key=lambda each: (-each.height, each.name)
        )

"""Fetching published episodes with what belongs to them, once for each request."""

from __future__ import annotations

from dataclasses import dataclass

from media.episodes import Episode, EpisodeState, Programme, Rendition, Topic
from media.errors import NotFound
from media.playlist import HLS_KINDS
from transcribe.segments import Segment, SegmentKind
from web.services import Services


@dataclass(frozen=True, slots=True)
class ShelvedEpisode:
    """A published episode with its programme, segments and renditions; `duration` in seconds
    (0 when there is no recording)."""

    episode: Episode
    programme: Programme
    segments: tuple[Segment, ...]
    renditions: tuple[Rendition, ...]
    duration: float

    @property
    def answers(self) -> list[Segment]:
        return [each for each in self.segments if each.kind == SegmentKind.ANSWER]

    @property
    def chapters(self) -> list[Segment]:
        return [each for each in self.segments if each.kind == SegmentKind.CHAPTER]

    @property
    def media_base(self) -> str:
        """Address of the recording's media, ending in a slash."""
        return f"/media/{self.episode.recording}/"

    @property
    def playable(self) -> bool:
        return any(each.kind in HLS_KINDS for each in self.renditions)


class Shelf:
    """Published episodes, each read at most once. One shelf serves one request."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._episodes: dict[str, ShelvedEpisode] = {}
        self._topics: dict[str, Topic] | None = None

    def episode(self, slug: str) -> ShelvedEpisode:
        """Raises `NotFound` for an unknown or unpublished episode."""
        if slug not in self._episodes:
            self._episodes[slug] = self._load(self._services.catalogue.episode(slug))
        return self._episodes[slug]

    def find(self, slug: str) -> ShelvedEpisode | None:
        """As `episode`, None instead of `NotFound`."""
        try:
            return self.episode(slug)
        except NotFound:
            return None

    def newest(
        self, limit: int | None, *, programme: str | None = None, topic: str | None = None
    ) -> list[ShelvedEpisode]:
        """Published episodes, newest first."""
        found = self._services.catalogue.episodes(
            state=EpisodeState.PUBLISHED, programme=programme, topic=topic, limit=limit
        )
        for each in found:
            if each.slug not in self._episodes:
                self._episodes[each.slug] = self._load(each)
        return [self._episodes[each.slug] for each in found]

    def topics(self) -> dict[str, Topic]:
        """The topics that published episodes have, by slug, in the editors' order."""
        if self._topics is None:
            catalogue = self._services.catalogue
            used = {
                slug for each in catalogue.episodes(state=EpisodeState.PUBLISHED) for slug in each.topics
            }
            self._topics = {topic.slug: topic for topic in catalogue.topics() if topic.slug in used}
        return self._topics

    def _load(self, episode: Episode) -> ShelvedEpisode:
        if episode.state != EpisodeState.PUBLISHED:
            raise NotFound(f"Episode “{episode.slug}” is not published; an editor can publish it.")
        catalogue = self._services.catalogue
        recording = catalogue.recording(episode.recording) if episode.recording else None
        return ShelvedEpisode(
            episode=episode,
            programme=catalogue.programme(episode.programme),
            segments=tuple(self._services.transcripts.segments(episode.slug)),
            renditions=tuple(catalogue.renditions(recording.id)) if recording else (),
            duration=recording.info.duration if recording else 0.0,
        )

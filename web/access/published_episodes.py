"""Fetching published episodes with what belongs to them, once for each request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from media.archive.episodes import Episode, EpisodeState, Programme, Rendition, Topic
from media.archive.taxonomy import Subject
from media.errors import NotFound, Withdrawn
from media.hls.playlist import HLS_KINDS
from transcribe.segments import Segment, SegmentKind
from web.services import Services


@dataclass(frozen=True, slots=True)
class Newer:
    """The answer that holds now: where it is (seconds), and its question."""

    episode: str
    start: float
    end: float
    title: str


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """A published episode with its programme, segments and renditions; `duration` in seconds
    (0 when there is no recording). `newer` is what supersedes its answers, by their ids."""

    episode: Episode
    programme: Programme
    segments: tuple[Segment, ...]
    renditions: tuple[Rendition, ...]
    duration: float
    newer: Mapping[str, Newer] = field(default_factory=dict)

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


class PublishedEpisodes:
    """Published episodes, each read at most once. One shelf serves one request."""

    def __init__(self, services: Services, *, live: bool = False) -> None:
        """`live`: also what is on air now, which search finds."""
        self._archive = services.archive
        self._studio = services.studio
        self._shown = {EpisodeState.PUBLISHED, *([EpisodeState.LIVE] if live else [])}
        self._episodes: dict[str, EpisodeDetails] = {}
        self._topics: dict[str, Topic] | None = None
        self._programmes: dict[str, Programme] | None = None

    def episode(self, slug: str) -> EpisodeDetails:
        """Raises `NotFound` for an unknown or unpublished episode, `Withdrawn` for one taken back."""
        if slug not in self._episodes:
            self._episodes[slug] = self._load(self._archive.catalogue.episode(slug))
        return self._episodes[slug]

    def preview(self, slug: str) -> EpisodeDetails:
        """As `episode`, also when it is not public: for who has been let in. Raises `NotFound`."""
        return self._read([self._archive.catalogue.episode(slug)])[0]

    def find(self, slug: str) -> EpisodeDetails | None:
        """As `episode`, None instead of `NotFound`."""
        try:
            return self.episode(slug)
        except NotFound:
            return None

    def newest(
        self, limit: int | None, *, programme: str | None = None, topic: str | None = None
    ) -> list[EpisodeDetails]:
        """Published episodes, newest first; of a topic also the answers in writing."""
        found = self._archive.catalogue.episodes(
            state=EpisodeState.PUBLISHED,
            programme=programme,
            topic=topic,
            recorded=topic is None,
            limit=limit,
        )
        self._keep([each for each in found if each.slug not in self._episodes])
        return [self._episodes[each.slug] for each in found]

    def fetch(self, slugs: Collection[str]) -> None:
        """Read those that are public at once, in a few statements; the others are left to `episode`."""
        wanted = [slug for slug in slugs if slug not in self._episodes]
        named = self._archive.catalogue.episodes_named(wanted).values() if wanted else ()
        self._keep([each for each in named if each.state in self._shown])

    def topics(self) -> dict[str, Topic]:
        """The topics that published episodes have, by slug, in the editors' order."""
        if self._topics is None:
            self._topics = {topic.slug: topic for topic in self._archive.catalogue.topics_used()}
        return self._topics

    def _load(self, episode: Episode) -> EpisodeDetails:
        if episode.state == EpisodeState.WITHDRAWN:
            reason = episode.withdrawn_reason
            raise Withdrawn(
                "Episode “%(slug)s” was withdrawn: %(reason)s",
                reason,
                slug=episode.slug,
                reason=reason or "no reason was given",
            )
        if episode.state not in self._shown:
            raise NotFound(
                "Episode “%(slug)s” is not published; an editor can publish it.", slug=episode.slug
            )
        return self._read([episode])[0]

    def _keep(self, episodes: Sequence[Episode]) -> None:
        self._episodes |= {each.episode.slug: each for each in self._read(episodes)}

    def _read(self, episodes: Sequence[Episode]) -> list[EpisodeDetails]:
        if not episodes:
            return []
        catalogue, ids = self._archive.catalogue, {each.recording for each in episodes if each.recording}
        segments = self._archive.transcripts.segments_of([each.slug for each in episodes])
        recordings, renditions = catalogue.recordings(ids), catalogue.renditions_of(ids)
        if self._programmes is None or any(each.programme not in self._programmes for each in episodes):
            self._programmes = {each.slug: each for each in catalogue.programmes()}
        found = []
        for each in episodes:
            recording = recordings.get(each.recording or "")
            own = tuple(segments[each.slug])
            found.append(
                EpisodeDetails(
                    episode=each,
                    programme=self._programmes[each.programme],
                    segments=own,
                    renditions=tuple(renditions[recording.id]) if recording else (),
                    duration=recording.info.duration
                    if recording
                    else max((s.end for s in own), default=0.0),
                    newer={one.id: newer for one in own if (newer := self._newer(one)) is not None},
                )
            )
        return found

    def moved(self, subject: Subject, slug: str) -> str | None:
        """Where something that had this address is now; None when it never was anywhere else."""
        return self._studio.taxonomy.moved(subject, slug) if self._studio else None

    def _newer(self, segment: Segment) -> Newer | None:
        """The public answer that supersedes a segment; of several one after another, the last."""
        marking = self._studio.marking if self._studio else None
        found, passed = None, {segment.id}
        following = segment.superseded_by
        while marking is not None and following and following not in passed:
            passed.add(following)
            placed = marking.answer(following)
            if placed is None:
                break
            if self._archive.catalogue.episode(placed.episode).state == EpisodeState.PUBLISHED:
                newer = placed.segment
                found = Newer(placed.episode, newer.start, newer.end, newer.question or newer.title)
            following = placed.segment.superseded_by
        return found

"""Which episodes have a live page: those announced, on air, or over and not yet the replay."""

from __future__ import annotations

from dataclasses import dataclass

from media.archive.catalogue import Catalogue
from media.archive.episodes import Episode, EpisodeState
from media.errors import NotFound, Withdrawn
from media.live.broadcast import Broadcast
from media.live.broadcast_store import Broadcasts


@dataclass(frozen=True, slots=True)
class LiveEpisode:
    """An episode that anybody may follow; `broadcast` is None for a published one that never had any."""

    episode: Episode
    broadcast: Broadcast | None

    @property
    def published(self) -> bool:
        """Whether its ordinary page is there."""
        return self.episode.state is EpisodeState.PUBLISHED


def live_episode(catalogue: Catalogue, broadcasts: Broadcasts | None, slug: str) -> LiveEpisode:
    """The episode, when it is published or its broadcast was announced.

    Raises:
        NotFound: there is none, or nobody is to know of it yet.
        Withdrawn: it was taken back.
    """
    episode = catalogue.episode(slug)
    broadcast = broadcasts.broadcast(slug) if broadcasts else None
    if episode.state is EpisodeState.WITHDRAWN:
        reason = episode.withdrawn_reason
        raise Withdrawn(
            "Episode “%(slug)s” was withdrawn: %(reason)s",
            reason,
            slug=episode.slug,
            reason=reason or "no reason was given",
        )
    if episode.state is not EpisodeState.PUBLISHED and (broadcast is None or not broadcast.announced):
        raise NotFound(
            "Episode “%(slug)s” is not published, and no broadcast of it is announced.", slug=slug
        )
    return LiveEpisode(episode, broadcast)

"""The store of broadcasts: a port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from media.archive.episodes import Episode
from media.errors import Message
from media.live.broadcast import SOURCE, Broadcast, Health, LiveRendition, LiveSegment, PublishSession


class Broadcasts(Protocol):
    """Broadcasts and their segments. One method is one transaction, which also tells it to who listens
    (`web.domain.events.events`: `live` on the public channel, `health` at the desk)."""

    def plan(self, episode: Episode, starts_at: datetime | None = None) -> Broadcast:
        """Add an episode that is to be broadcast, without a recording; its slug is made unique.

        Raises `NotFound` for an unknown programme or topic.
        """
        ...

    def set_up(self, episode: str) -> Broadcast:
        """The episode's broadcast, made with a new stream key when there was none.

        Raises `NotFound`; `Conflict` when the episode has a recording already.
        """
        ...

    def broadcast(self, episode: str) -> Broadcast | None:
        """None for an episode that has none."""
        ...

    def broadcasts(self, *, open_only: bool = True) -> list[Broadcast]:
        """Those that have not ended, or all; the latest announced first."""
        ...

    def change(
        self,
        episode: str,
        *,
        segment_seconds: float | None = None,
        captions: bool | None = None,
        announced: bool | None = None,
        starts_at: datetime | None = None,
        elsewhere_url: str | None = None,
        marks_offset: float | None = None,
    ) -> Broadcast:
        """Change what is given; an address elsewhere makes it a broadcast elsewhere, "" one of our own.

        Raises `NotFound`; `InvalidInput` for a length of segments that is none of ours, or no https address.
        """
        ...

    def stream_key(self, episode: str) -> str:
        """What the encoder sends to be let in. Raises `NotFound`."""
        ...

    def new_key(self, episode: str) -> str:
        """Another key; the old one opens nothing any more. Raises `NotFound`."""
        ...

    def episode_of(self, key: str) -> str:
        """The episode a stream key is for. Raises `Forbidden` when it is nobody's, or the broadcast has ended."""
        ...

    def expect(self, key: str) -> str:
        """A media server in front lets this key's encoder in: its broadcast is to be fetched from there; returns
        the episode. Raises `Forbidden` as `episode_of`."""
        ...

    def begin_session(self, key: str) -> PublishSession:
        """Let an encoder in: the broadcast is on air, an earlier take is over. Raises `Forbidden` as `episode_of`."""
        ...

    def add_rendition(self, episode: str, rendition: LiveRendition) -> None:
        """Note what a rendition of a take is, again when more is known."""
        ...

    def add_segment(self, segment: LiveSegment) -> LiveSegment:
        """Note a stored segment; noting it again changes nothing.

        Raises `Conflict` when its take is over: another connection sends for this broadcast now.
        """
        ...

    def close_session(self, episode: str, take: int) -> None:
        """All that was received of a take is stored: the broadcast is interrupted, or it has ended."""
        ...

    def say_health(self, episode: str, take: int, health: Health) -> None:
        """Keep how the intake does; also says that it is alive. Raises `Conflict` as `add_segment`."""
        ...

    def health(self, episode: str) -> Health:
        """The latest; viewers of all sites together."""
        ...

    def renditions(self, episode: str) -> list[LiveRendition]:
        """By take; within one in the order they were added."""
        ...

    def segments(self, episode: str, rendition: str = SOURCE, after: int = 0) -> list[LiveSegment]:
        """In order, those with an id above `after`."""
        ...

    def segment(self, episode: str, rendition: str, number: int) -> LiveSegment:
        """Raises `NotFound`."""
        ...

    def begin_elsewhere(self, episode: str) -> Broadcast:
        """A broadcast elsewhere is on air from now on. Raises `NotFound`, `Conflict` when it is our own."""
        ...

    def end(self, episode: str) -> Broadcast:
        """It is over: nothing more is taken in, and a recording is made of it. Ending twice changes nothing.

        Raises `NotFound`.
        """
        ...

    def end_forgotten(self, before: datetime) -> list[str]:
        """End those whose encoder has not been heard since `before`; return their episodes."""
        ...

    def claim_recording(self, until: datetime) -> Broadcast | None:
        """One that has ended and has no recording yet, claimed by the caller until then. None: nothing to do."""
        ...

    def hold_recording(self, episode: str, until: datetime) -> None:
        """Keep what was claimed for longer."""
        ...

    def recorded(self, episode: str, trouble: Message | None = None) -> None:
        """The recording was made, or can't be (then `trouble` says why; `record_again` tries anew)."""
        ...

    def record_again(self, episode: str) -> None:
        """Make the recording again from what is kept. Raises `NotFound`; `Conflict` when all is well."""
        ...

    def give_up(self, episode: str, rendition: str, numbers: Sequence[int]) -> None:
        """The files of these segments are removed for room; the playlists say so."""
        ...

    def forget(self, episode: str) -> None:
        """Forget all segments: their files are gone, the recording is what is left."""
        ...

    def shift(self, episode: str, seconds: float) -> int:
        """Move all segments of the episode together by ±seconds, never before 0; return how many there are.

        Raises `NotFound`; `InvalidInput` beyond a day.
        """
        ...

"""A lower rung of a broadcast, while it comes in."""

from __future__ import annotations

from collections.abc import Callable

from media.ffmpeg.live_rung import LiveRungEncoder
from media.live.containers.flv import Tag
from media.live.journal import utc_now
from media.live.ladder import LiveRung
from media.live.segmenter import Config, Cut, MediaSegmenter


class LowerRung:
    """A rung of one take while it comes in: what the encoder makes is cut in its thread."""

    def __init__(
        self,
        ffmpeg: str,
        rung: LiveRung,
        segmenter: MediaSegmenter,
        keep: Callable[[str, Cut, Config], None],
    ) -> None:
        self._name, self._segmenter, self._keep = rung.name, segmenter, keep
        self._encoder = LiveRungEncoder(ffmpeg, rung, segmenter.aim, self._made, self._done)

    def feed(self, tag: Tag) -> None:
        self._encoder.feed(tag)

    def finish(self) -> None:
        """Waits a few seconds at most."""
        self._encoder.finish()

    def _made(self, tag: Tag) -> None:
        self._kept(self._segmenter.feed(tag, utc_now()))

    def _done(self) -> None:
        self._kept(self._segmenter.finish())

    def _kept(self, cut: Cut | None) -> None:
        if cut is not None and self._segmenter.config is not None:
            self._keep(self._name, cut, self._segmenter.config)

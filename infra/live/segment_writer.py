"""Putting what was cut of a broadcast into the store, then telling of it."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from media.live.broadcast import AUDIO as SOUND
from media.live.broadcast import SOURCE, LiveRendition, LiveSegment
from media.live.broadcast_store import Broadcasts
from media.live.segmenter import Config, Cut
from media.storage.port import Storage


@dataclass(frozen=True, slots=True)
class LiveContext:
    """What takings work with. `folder` is for journals; `ffmpeg` encodes a lower rung ("" for none) where `cores`
    allow it."""

    broadcasts: Broadcasts
    storage: Storage
    folder: Path
    ffmpeg: str = ""
    cores: int = 1


def cores() -> int:
    """Those this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class SegmentWriter:
    """Puts a take's segments into the store, then notes them."""

    def __init__(self, context: LiveContext, episode: str, folder: str, take: int, first: int) -> None:
        self._context, self._episode, self._folder = context, episode, folder
        self._take, self._first = take, first
        self._noted: dict[str, LiveRendition] = {}
        self._begun: set[str] = set()

    def write(self, cut: Cut, config: Config, frame_rate: float = 0.0) -> None:
        """Source and sound of one cut. Raises `Conflict`, `Unavailable`."""
        self.write_one(SOURCE, cut, cut.whole, config, frame_rate)
        if cut.sound and config.sound is not None:
            self.write_one(SOUND, cut, cut.sound, config.sound_only, 0.0)

    def write_one(self, name: str, cut: Cut, data: bytes, config: Config, frame_rate: float) -> None:
        """One rendition's segment."""
        storage = self._context.storage
        self._note(name, config, frame_rate, 8 * len(data) / max(0.1, cut.duration))
        segment = LiveSegment(
            episode=self._episode,
            rendition=name,
            number=cut.number,
            take=self._take,
            start=cut.start,
            duration=cut.duration,
            at=cut.at,
            size_bytes=len(data),
            discontinuity=name not in self._begun and (name != SOURCE or cut.number == self._first),
        )
        storage.put(segment.key(self._folder), io.BytesIO(data))
        self._context.broadcasts.add_segment(segment)
        self._begun.add(name)

    def _note(self, name: str, config: Config, frame_rate: float, bandwidth: float) -> None:
        """What the rendition is; again when its peak has grown."""
        known = self._noted.get(name)
        if known is not None and bandwidth <= 1.2 * known.bandwidth:
            return
        init = config.init()
        picture = config.picture
        rendition = LiveRendition(
            self._take,
            name,
            config.codecs,
            hashlib.sha256(init).hexdigest(),
            picture.width if picture else 0,
            picture.height if picture else 0,
            frame_rate,
            round(bandwidth),
        )
        if known is None:
            self._context.storage.put(rendition.key(self._folder), io.BytesIO(init))
        self._context.broadcasts.add_rendition(self._episode, rendition)
        self._noted[name] = rendition

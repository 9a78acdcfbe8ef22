"""Cutting what an encoder sends into segments, at keyframes, on the broadcast's clock. Pure.

The first picture's decoding time is the take's zero: sound before it is left out, sound and picture keep their
distance. (Not its showing time: offsets would become negative, which ffmpeg reads as a shift of the picture.)
Timestamps of FLV are milliseconds; sound is put in a row sample by sample, and set anew only where it jumps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from media.errors import InvalidInput
from media.live.containers.codec_config import AacConfig, AvcConfig, aac_config, avc_config
from media.live.containers.flv import AAC, AUDIO, H264, VIDEO, Picture, Tag, picture_of, sound_of
from media.live.containers.fragmented_mp4 import (
    AAC_SAMPLES,
    PICTURE_RATE,
    PictureSample,
    fragment,
    init_section,
)

EARLY = 0.1
"""A keyframe this part of the wanted length too early still ends a segment."""
ALONE_MS = 2000
"""Sound that has come alone for so long is sound without a picture."""
JUMP_MS = 10_000
LARGEST_SEGMENT = 256 << 20
_OFF_MS = 100


class Broken(Exception):
    """What comes next does not continue what came: another picture size, another clock. Begin a new take."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a take's decoder needs to know."""

    picture: AvcConfig | None
    sound: AacConfig | None

    @property
    def codecs(self) -> str:
        """RFC 6381, picture first."""
        return ",".join(each.codec for each in (self.picture, self.sound) if each is not None)

    def init(self) -> bytes:
        """The initialisation section."""
        return init_section(self.picture, self.sound)

    @property
    def sound_only(self) -> Config:
        """The same without its picture."""
        return replace(self, picture=None)


@dataclass(frozen=True, slots=True)
class Cut:
    """A finished segment: `start` and `duration` in seconds on the broadcast's clock, when its first frame came,
    the whole of it, and its sound alone (b"" when there is none)."""

    number: int
    start: float
    duration: float
    at: datetime
    whole: bytes
    sound: bytes
    frames: int


@dataclass(slots=True)
class _Frame:
    time: int
    offset: int
    key: bool
    data: bytes


class MediaSegmenter:
    """Feed it the tags of one take. `base` is where the take begins in seconds, `number` of its first segment,
    `aim` the wanted length of segments in seconds."""

    def __init__(self, base: float, number: int, aim: float, zero: int | None = None) -> None:
        self._base, self._number, self._aim = round(base * 1000), number, aim * 1000
        self._zero = self._given = zero  # timestamp in ms that the take counts from
        self._picture: AvcConfig | None = None
        self._sound: AacConfig | None = None
        self.config: Config | None = None
        self._frames: list[_Frame] = []
        self._sounds: list[tuple[int, bytes]] = []
        self._begun_at: datetime | None = None
        self._start = 0  # of the segment in progress, ms since zero
        self._next_sample: int | None = None
        self._size = 0
        self._last: int | None = None

    @property
    def aim(self) -> float:
        """The wanted length of segments in seconds."""
        return self._aim / 1000

    @property
    def zero(self) -> int | None:
        """The timestamp in ms that the take counts from; None before the first frame."""
        return self._zero

    def waiting(self) -> list[tuple[int, bytes]]:
        """Sounds that belong to the segment in progress: timestamp in ms, data."""
        return [(time + (self._zero or 0), data) for time, data in self._sounds]

    def feed(self, tag: Tag, at: datetime) -> Cut | None:
        """Take a tag received at `at`; a segment, when it ends one.

        Raises:
            Broken: it belongs to a new take.
            InvalidInput: the codec is none that can be passed on as it is.
        """
        if tag.kind == VIDEO and (picture := picture_of(tag)) is not None:
            return self._feed_picture(tag.timestamp, picture, at)
        if tag.kind == AUDIO:
            return self._feed_sound(tag, at)
        return None

    def finish(self) -> Cut | None:
        """The end of the take: what is left as a last, short segment."""
        if self._begun_at is None or not (self._frames or self._sounds):
            return None
        ends = [frame.time for frame in self._frames[-1:]]
        if len(self._frames) > 1:
            ends = [2 * self._frames[-1].time - self._frames[-2].time]
        elif self._frames:
            ends = [self._frames[-1].time + 40]
        if self._sounds and self._sound is not None:
            ends.append(self._sounds[-1][0] + _sound_ms(self._sound))
        return self._cut(max(*ends, self._start + 1), None)

    def _feed_picture(self, time: int, picture: Picture, at: datetime) -> Cut | None:
        if picture.codec != H264:
            raise InvalidInput("The encoder's picture is not H.264; choose H.264 (x264) in the encoder.")
        if picture.config:
            self._configure(avc_config(picture.data), self._sound)
            return None
        if self._picture is None or (self._begun_at is None and not picture.key):
            return None  # nothing can be shown before a keyframe
        if self._zero is None:
            self._zero = time
        first = self._begun_at is None
        relative = self._checked(time - self._zero)
        cut = None
        if picture.key and not first and relative - self._start >= self._aim * (1 - EARLY):
            cut = self._cut(relative, at)
        if first:
            self._begin(relative, at)
        self._keep(_Frame(relative, max(0, picture.offset), picture.key, picture.data))
        return cut

    def _feed_sound(self, tag: Tag, at: datetime) -> Cut | None:
        sound = sound_of(tag)
        if sound is None:
            return None
        if sound.codec != AAC:
            raise InvalidInput("The encoder's sound is not AAC; choose AAC in the encoder.")
        if sound.config:
            self._configure(self._picture, aac_config(sound.data))
            return None
        if self._sound is None:
            return None
        if self._picture is None:
            return self._feed_alone(tag.timestamp, sound.data, at)
        if self._zero is None or self._begun_at is None:
            return None  # what sounds before the first picture is left out
        relative = tag.timestamp - self._zero
        if relative >= 0:
            self._sounds.append((relative, sound.data))
            self._size += len(sound.data)
        return None

    def _feed_alone(self, time: int, data: bytes, at: datetime) -> Cut | None:
        """Sound, as long as no picture has been announced."""
        if self._zero is None:
            self._zero = time
        relative = self._checked(time - self._zero)
        cut = None
        if self.config is not None and relative - self._start >= self._aim:
            cut = self._cut(relative, at)
        elif self.config is None and relative >= ALONE_MS:
            self.config = Config(None, self._sound)
        if self._begun_at is None:
            self._begin(relative, at)
        self._sounds.append((relative, data))
        self._size += len(data)
        return cut

    def _configure(self, picture: AvcConfig | None, sound: AacConfig | None) -> None:
        if self.config is not None and (picture, sound) != (self.config.picture, self.config.sound):
            raise Broken
        if picture != self._picture and self._frames:
            raise Broken
        if picture is not None and self._picture is None:  # what sounded before the picture is left out
            self._sounds, self._begun_at, self._last = [], None, None
            self._zero = self._given
        self._picture, self._sound = picture, sound

    def _checked(self, time: int) -> int:
        """Decoding times grow; a jump begins a new take."""
        if self._last is not None and not -JUMP_MS // 10 < time - self._last < JUMP_MS:
            raise Broken
        self._last = time if self._last is None else max(time, self._last + 1)
        return self._last

    def _begin(self, start: int, at: datetime) -> None:
        self._start, self._begun_at, self._size = start, at, 0

    def _keep(self, frame: _Frame) -> None:
        self._frames.append(frame)
        self._size += len(frame.data)
        if self._size > LARGEST_SEGMENT:
            raise InvalidInput("The encoder sends no keyframes; set its keyframe interval to 2 seconds.")

    def _cut(self, end: int, at: datetime | None) -> Cut:
        """Everything up to `end` (ms since zero) as a segment; the next one begins there."""
        if self.config is None:
            self.config = Config(self._picture, self._sound)
        begun = self._begun_at
        assert begun is not None  # noqa: S101 - there are frames
        number, start, frames = self._number, self._start, len(self._frames)
        inside = [each for each in self._sounds if each[0] < end] if self._picture else self._sounds
        if self.config.sound is None:
            inside = []
        sounds, sound_time = [each[1] for each in inside], self._sound_time(inside)
        pictures = list(_samples(self._frames, end))
        picture_time = (self._base + start) * PICTURE_RATE // 1000
        whole = fragment(number + 1, pictures, picture_time, sounds, sound_time)
        alone = whole
        if self.config.picture is not None:
            alone = fragment(number + 1, [], 0, sounds, sound_time) if sounds else b""
        self._sounds = self._sounds[len(inside) :]
        self._frames = []
        self._number += 1
        if at is not None:
            self._begin(end, at)
        return Cut(number, (self._base + start) / 1000, (end - start) / 1000, begun, whole, alone, frames)

    def _sound_time(self, sounds: list[tuple[int, bytes]]) -> int:
        """Decoding time of the first sample: right after the last one, unless the encoder's clock jumped."""
        if not sounds or self._sound is None:
            return 0
        told = (self._base + sounds[0][0]) * self._sound.rate // 1000
        wanted = self._next_sample
        if wanted is None or abs(told - wanted) * 1000 > _OFF_MS * self._sound.rate:
            wanted = told if wanted is None else max(told, wanted)
        self._next_sample = wanted + len(sounds) * AAC_SAMPLES
        return wanted


def _samples(frames: list[_Frame], end: int) -> Iterator[PictureSample]:
    unit = PICTURE_RATE // 1000
    times = [*(each.time for each in frames[1:]), end]
    for frame, following in zip(frames, times, strict=False):
        yield PictureSample(
            frame.data, max(1, following - frame.time) * unit, frame.offset * unit, frame.key
        )


def _sound_ms(sound: AacConfig) -> int:
    return -(-AAC_SAMPLES * 1000 // sound.rate)

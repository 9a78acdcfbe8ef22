"""FLV: tags of sound and picture, as RTMP carries them and ffmpeg reads and writes them. Pure.

Format: Adobe Flash Video File Format Specification 10.1, annex E.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.errors import InvalidInput

AUDIO, VIDEO, SCRIPT = 8, 9, 18
H264, AAC = 7, 10
HEADER = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
LARGEST_TAG = 8 << 20


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag; `timestamp` in milliseconds."""

    kind: int
    timestamp: int
    payload: bytes

    def __bytes__(self) -> bytes:
        size, time = len(self.payload), self.timestamp & 0xFFFFFFFF
        head = (
            bytes([self.kind])
            + size.to_bytes(3, "big")
            + (time & 0xFFFFFF).to_bytes(3, "big")
            + bytes([time >> 24])
            + b"\0\0\0"
        )
        return head + self.payload + (size + 11).to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Picture:
    """A video tag's content. `config`: it is the decoder's configuration. `offset` (ms): of showing to decoding."""

    codec: int
    key: bool
    config: bool
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio tag's content. `config`: it is the decoder's configuration."""

    codec: int
    config: bool
    data: bytes


def picture_of(tag: Tag) -> Picture | None:
    """What a video tag holds; None for what is no picture (an end of sequence, a command, nothing)."""
    data = tag.payload
    if len(data) < 2:
        return None
    if data[0] & 0x80:  # enhanced RTMP: a four-character code follows
        return Picture(-1, (data[0] >> 4) & 7 == 1, data[0] & 15 == 0, 0, data[1:])
    form, codec = data[0] >> 4, data[0] & 15
    if codec != H264:
        return Picture(codec, form == 1, False, 0, data[1:])
    if len(data) < 6 or data[1] > 1 or form == 5:
        return None
    offset = int.from_bytes(data[2:5], "big", signed=True)
    return Picture(codec, form == 1, data[1] == 0, offset, data[5:])


def sound_of(tag: Tag) -> Sound | None:
    """What an audio tag holds; None when it is empty."""
    data = tag.payload
    if len(data) < 2:
        return None
    codec = data[0] >> 4
    if codec != AAC:
        return Sound(codec, False, data[1:])
    return Sound(codec, data[1] == 0, data[2:]) if len(data) > 2 else None


class FlvReader:
    """Reads tags from bytes as they come, after the file's header."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> list[Tag]:
        """The tags that are complete now; what is cut off at the end waits. Raises `InvalidInput`."""
        self._buffer += data
        at = 0
        if not self._begun:
            if len(self._buffer) < len(HEADER):
                return []
            if self._buffer[:3] != b"FLV":
                raise InvalidInput("What was sent is no FLV.")
            at = int.from_bytes(self._buffer[5:9], "big") + 4
            self._begun = True
        tags = []
        while (found := self._tag_at(at)) is not None:
            at, tag = found
            tags.append(tag)
        del self._buffer[:at]
        return tags

    def _tag_at(self, at: int) -> tuple[int, Tag] | None:
        data = self._buffer
        if len(data) < at + 11:
            return None
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        if size > LARGEST_TAG:
            raise InvalidInput("An FLV tag of %(size)s bytes is too large.", size=size)
        end = at + 11 + size + 4
        if len(data) < end:
            return None
        time = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        return end, Tag(data[at] & 31, time, bytes(data[at + 11 : end - 4]))

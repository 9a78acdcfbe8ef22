"""RTMP's chunk stream: messages cut into chunks, and put together again. Pure.

Format: Adobe's Real-Time Messaging Protocol 1.0 (2012), chapters 5.3 and 5.4.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from media.errors import InvalidInput

LARGEST_CHUNK = 1 << 20
LARGEST_MESSAGE = 8 << 20
LARGEST_BEFORE_PUBLISHING = 64 << 10
MOST_STREAMS = 16
_EXTENDED = 0xFFFFFF


class MessageType(IntEnum):
    """Types of messages."""

    CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGE = 3
    CONTROL = 4
    WINDOW = 5
    BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    COMMAND_AMF3 = 17
    DATA = 18
    COMMAND = 20
    AGGREGATE = 22


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `timestamp` in milliseconds, modulo 2³²."""

    kind: int
    stream: int
    timestamp: int
    payload: bytes


@dataclass(slots=True)
class _Stream:
    """What the headers of a chunk stream leave out because it is as before."""

    timestamp: int = 0
    delta: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    extended: bool = False
    parts: bytearray | None = None  # of a message that is not complete


class ChunkReader:
    """Puts messages together from bytes as they come. `largest` bounds one message in bytes."""

    def __init__(self) -> None:
        self.largest = LARGEST_BEFORE_PUBLISHING
        self._chunk = 128
        self._buffer = bytearray()
        self._streams: dict[int, _Stream] = {}

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete now. Raises `InvalidInput` for what no encoder sends."""
        self._buffer += data
        messages, at = [], 0
        view = self._buffer
        while (step := self._chunk_at(view, at)) is not None:
            at, message = step
            if message is not None:
                self._obey(message)
                messages.append(message)
        del self._buffer[:at]
        return messages

    def _chunk_at(self, data: bytearray, at: int) -> tuple[int, Message | None] | None:
        """Read one chunk; the place after it, and the message it completes. None: it is not there yet."""
        head = _basic_header(data, at)
        if head is None:
            return None
        form, place, at = head
        stream = self._streams.get(place) or _Stream()
        found = _message_header(data, at, form, stream)
        if found is None:
            return None
        at, header = found
        if header.parts is None and header.length > self.largest:
            raise InvalidInput(
                "The encoder sent a message of %(length)s bytes; that is too much.", length=header.length
            )
        have = len(header.parts or b"")
        size = min(self._chunk, header.length - have)
        if len(data) < at + size:
            return None
        if place not in self._streams and len(self._streams) >= MOST_STREAMS:
            raise InvalidInput("The encoder uses more chunk streams than any does.")
        parts = header.parts if header.parts is not None else bytearray()
        parts += data[at : at + size]
        header.parts = parts
        self._streams[place] = header
        if len(parts) < header.length:
            return at + size, None
        header.parts = None
        return at + size, Message(header.kind, header.stream, header.timestamp, bytes(parts))

    def _obey(self, message: Message) -> None:
        """Follow what a message says of the chunks themselves."""
        if message.kind == MessageType.CHUNK_SIZE and len(message.payload) >= 4:
            size = int.from_bytes(message.payload[:4], "big")
            if not 1 <= size <= 0x7FFFFFFF:
                raise InvalidInput("The encoder announced chunks of no size.")
            self._chunk = min(size, 0xFFFFFF)  # no message is longer (5.4.1)
        elif message.kind == MessageType.ABORT and len(message.payload) >= 4:
            aborted = self._streams.get(int.from_bytes(message.payload[:4], "big"))
            if aborted is not None:
                aborted.parts = None


def _basic_header(data: bytearray, at: int) -> tuple[int, int, int] | None:
    if len(data) <= at:
        return None
    form, place = data[at] >> 6, data[at] & 63
    if place > 1:
        return form, place, at + 1
    width = place + 1
    if len(data) < at + 1 + width:
        return None
    place = 64 + int.from_bytes(data[at + 1 : at + 1 + width], "little")
    return form, place, at + 1 + width


def _message_header(data: bytearray, at: int, form: int, last: _Stream) -> tuple[int, _Stream] | None:
    """The stream as it stands after a header of one of the four forms, and the place after that."""
    size = (11, 7, 3, 0)[form]
    if len(data) < at + size:
        return None
    made = _Stream(
        last.timestamp, last.delta, last.length, last.kind, last.stream, last.extended, last.parts
    )
    if form < 3 and last.parts is not None:
        raise InvalidInput("The encoder began a message before the last one was complete.")
    field = int.from_bytes(data[at : at + 3], "big") if form < 3 else 0
    if form < 2:
        made.length, made.kind = int.from_bytes(data[at + 3 : at + 6], "big"), data[at + 6]
    if form == 0:
        made.stream = struct.unpack_from("<I", data, at + 7)[0]
    at += size
    if form < 3:
        made.extended = field == _EXTENDED
    if made.extended:
        if len(data) < at + 4:
            return None
        field = int.from_bytes(data[at : at + 4], "big")
        at += 4
    if form < 3:
        made.delta = field  # after form 0 too: 5.3.1.2.4
    if form == 0:
        made.timestamp = field
    elif last.parts is None:
        made.timestamp = (last.timestamp + made.delta) & 0xFFFFFFFF
    return at, made


def chunks(kind: MessageType, payload: bytes, *, stream: int = 0, chunk_size: int = 128) -> bytes:
    """One message at time 0 as chunks on the stream that is usual for its kind."""
    place = 2 if kind < 8 else 3
    out = bytearray([place]) + b"\0\0\0" + len(payload).to_bytes(3, "big") + bytes([kind])
    out += struct.pack("<I", stream)
    for start in range(0, max(1, len(payload)), chunk_size):
        if start:
            out.append(0xC0 | place)
        out += payload[start : start + chunk_size]
    return bytes(out)

"""One encoder's RTMP connection, seen from the server: bytes in, events and bytes out. Pure.

Format: Adobe's Real-Time Messaging Protocol 1.0 (2012), chapters 5.2 and 7. Only publishing is served. The
handshake is the plain one; encoders that offer the digest variant of Flash take it as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from media.errors import InvalidInput
from media.live.containers.flv import AUDIO, SCRIPT, VIDEO, Tag
from media.live.rtmp.amf0 import decode, encode
from media.live.rtmp.chunk_stream import (
    LARGEST_CHUNK,
    LARGEST_MESSAGE,
    ChunkReader,
    Message,
    MessageType,
    chunks,
)

HANDSHAKE = 1536
WINDOW = 2_500_000
CHUNK = 65_536
STREAM = 1
_MEDIA = {MessageType.AUDIO: AUDIO, MessageType.VIDEO: VIDEO, MessageType.DATA: SCRIPT}


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """The encoder wants to publish with this stream key; answer with `accept` or `refuse`."""

    key: str
    encoder: str


@dataclass(frozen=True, slots=True)
class EncoderLeft:
    """The encoder says that it has finished."""


Event = PublishRequest | EncoderLeft | Tag


class RtmpSession:
    """Feed it what arrives; send what `output` gives after each call."""

    def __init__(self) -> None:
        self._reader = ChunkReader()
        self._greeted = 0  # parts of the handshake that are done
        self._early = bytearray()
        self._out = bytearray()
        self._received = self._acknowledged = 0
        self._clock = _Clock()
        self._encoder = ""
        self._asked = self._publishing = False

    def output(self) -> bytes:
        """What is to be sent now."""
        made = bytes(self._out)
        self._out.clear()
        return made

    def feed(self, data: bytes) -> list[Event]:
        """What happened by these bytes. Raises `InvalidInput`: close the connection."""
        self._received += len(data)
        if self._greeted < 2:
            self._early += data
            data = self._greet()
        events: list[Event] = []
        for message in self._reader.feed(data) if data else ():
            events += self._message(message)
        if self._received - self._acknowledged >= WINDOW // 2:
            self._acknowledged = self._received
            self._send(MessageType.ACKNOWLEDGE, (self._received & 0xFFFFFFFF).to_bytes(4, "big"))
        return events

    def accept(self) -> None:
        """Let the encoder send."""
        self._publishing = True
        self._reader.largest = LARGEST_MESSAGE
        self._send(MessageType.CONTROL, b"\0\0" + STREAM.to_bytes(4, "big"))
        self._status("status", "NetStream.Publish.Start", "Publishing.")

    def refuse(self, reason: str) -> None:
        """Say why not; close the connection after sending that."""
        self._status("error", "NetStream.Publish.BadName", reason)

    def _greet(self) -> bytes:
        """The handshake; returns what came after it."""
        early = self._early
        if self._greeted == 0 and len(early) >= 1 + HANDSHAKE:
            if early[0] not in (3, 6):  # 6 is the encrypted variant, whose clients fall back
                raise InvalidInput("What connected is no RTMP encoder.")
            theirs = bytes(early[1 : 1 + HANDSHAKE])
            self._out += b"\x03" + bytes(HANDSHAKE) + theirs
            del early[: 1 + HANDSHAKE]
            self._greeted = 1
        if self._greeted == 1 and len(early) >= HANDSHAKE:
            rest = bytes(early[HANDSHAKE:])
            early.clear()
            self._greeted = 2
            return rest
        return b""

    def _message(self, message: Message) -> list[Event]:
        match message.kind:
            case MessageType.AUDIO | MessageType.VIDEO | MessageType.DATA:
                if not self._publishing:
                    return []  # nothing of who was not let in counts
                kind = _MEDIA[MessageType(message.kind)]
                return [Tag(kind, self._clock.unwrapped(message.timestamp), message.payload)]
            case MessageType.AGGREGATE if self._publishing:
                return list(self._aggregate(message))
            case MessageType.COMMAND:
                return self._command(decode(message.payload))
            case MessageType.COMMAND_AMF3:
                return self._command(decode(message.payload[1:]))
        return []

    def _aggregate(self, message: Message) -> list[Tag]:
        """Several tags in one message, their times relative to the first one's (7.1.6)."""
        from media.live.containers.flv import HEADER, FlvReader

        reader = FlvReader()
        reader.feed(HEADER)
        tags = reader.feed(message.payload)
        start = self._clock.unwrapped(message.timestamp)
        return [Tag(each.kind, start + each.timestamp - tags[0].timestamp, each.payload) for each in tags]

    def _command(self, values: list[Any]) -> list[Event]:
        name, number, *rest = (*values, None, None)[: max(2, len(values))]
        match name:
            case "connect":
                self._connect(number, rest[0] if rest else None)
            case "createStream":
                self._answer(number, None, STREAM)
            case "publish":
                return self._publish(rest)
            case "play" | "play2":
                self._status("error", "NetStream.Play.Failed", "This server takes in, it does not play.")
            case "FCUnpublish" | "deleteStream" | "closeStream" if self._publishing:
                self._publishing = False
                return [EncoderLeft()]
            case "releaseStream" | "FCPublish" | "_checkbw":
                self._answer(number, None, None)
        return []

    def _connect(self, number: Any, given: Any) -> None:
        said = given if isinstance(given, dict) else {}
        self._encoder = str(said.get("flashVer", ""))[:80]
        self._send(MessageType.WINDOW, WINDOW.to_bytes(4, "big"))
        self._send(MessageType.BANDWIDTH, WINDOW.to_bytes(4, "big") + b"\x02")
        self._send(MessageType.CHUNK_SIZE, min(CHUNK, LARGEST_CHUNK).to_bytes(4, "big"))
        told = {
            "level": "status",
            "code": "NetConnection.Connect.Success",
            "description": "Connected.",
            "objectEncoding": 0,
        }
        self._answer(number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}, told)

    def _publish(self, rest: list[Any]) -> list[Event]:
        if self._asked:
            raise InvalidInput("The encoder asked twice to publish on one connection.")
        self._asked = True
        key = rest[1] if len(rest) > 1 and isinstance(rest[1], str) else ""
        return [PublishRequest(key.partition("?")[0][:200], self._encoder)]

    def _answer(self, number: Any, *values: Any) -> None:
        self._command_out("_result", number if isinstance(number, int | float) else 0, *values)

    def _status(self, level: str, code: str, description: str) -> None:
        told = {"level": level, "code": code, "description": description}
        self._command_out("onStatus", 0, None, told, stream=STREAM)

    def _command_out(self, *values: Any, stream: int = 0) -> None:
        self._send(MessageType.COMMAND, encode(*values), stream)

    def _send(self, kind: MessageType, payload: bytes, stream: int = 0) -> None:
        self._out += chunks(kind, payload, stream=stream, chunk_size=128 if len(payload) <= 128 else CHUNK)


class _Clock:
    """Timestamps count modulo 2³² (about 49 days)."""

    def __init__(self) -> None:
        self._last: int | None = None

    def unwrapped(self, timestamp: int) -> int:
        """The time nearest to the last one."""
        if self._last is None:
            self._last = timestamp
        near = self._last + ((timestamp - self._last + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        self._last = max(near, 0)
        return self._last

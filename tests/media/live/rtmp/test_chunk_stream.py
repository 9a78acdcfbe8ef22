"""RTMP without a network: an encoder's bytes, cut anywhere, and bytes of somebody who means harm."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from media.live.containers.flv import AUDIO, VIDEO, Tag
from media.live.rtmp.amf0 import decode, encode
from media.live.rtmp.chunk_stream import LARGEST_BEFORE_PUBLISHING, ChunkReader, MessageType, chunks
from media.live.rtmp.session import HANDSHAKE, EncoderLeft, Event, PublishRequest, RtmpSession

GREETING = b"\x03" + bytes(HANDSHAKE) + bytes(HANDSHAKE)


def command(*values: object) -> bytes:
    return chunks(MessageType.COMMAND, encode(*values))


INTRODUCTION = (
    command("connect", 1, {"app": "live", "flashVer": "Tester/1"})
    + command("releaseStream", 2, None, "abcd-key")
    + command("FCPublish", 3, None, "abcd-key")
    + command("createStream", 4, None)
    + command("publish", 5, None, "abcd-key?bw=1", "live")
)


def media(kind: int, timestamp: int, payload: bytes, form: int = 0) -> bytes:
    """A message on chunk stream 4: its header whole (form 0), or by its difference in time (form 1)."""
    head = bytes([form << 6 | 4]) + min(timestamp, 0xFFFFFF).to_bytes(3, "big")
    head += len(payload).to_bytes(3, "big") + bytes([kind])
    if form == 0:
        head += struct.pack("<I", 1)
    long = timestamp.to_bytes(4, "big") if timestamp >= 0xFFFFFF else b""
    out = head + long
    for start in range(0, len(payload), 128):
        out += (b"\xc4" + long if start else b"") + payload[start : start + 128]
    return out


def admitted() -> RtmpSession:
    session = RtmpSession()
    session.feed(GREETING + INTRODUCTION)
    session.accept()
    session.output()
    return session


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_an_encoder_introduces_itself_however_its_bytes_are_cut(steps: list[int]) -> None:
    session, events = RtmpSession(), list[Event]()
    data, at = GREETING + INTRODUCTION, 0
    for step in [*steps, len(data)]:
        events += session.feed(data[at : at + step])
        at += step
    assert events == [PublishRequest("abcd-key", "Tester/1")]
    said = session.output()
    assert said[:1] == b"\x03"
    assert b"NetConnection.Connect.Success" in said


@given(
    st.lists(
        st.tuples(st.sampled_from([AUDIO, VIDEO]), st.integers(0, 90), st.binary(min_size=1, max_size=700))
    )
)
def test_media_come_out_as_they_went_in(sent: list[tuple[int, int, bytes]]) -> None:
    session, out, expected, time = admitted(), list[Event](), list[Event](), 1000
    out += session.feed(media(VIDEO, time, b"first"))
    expected.append(Tag(VIDEO, time, b"first"))
    for kind, step, payload in sent:
        time += step
        out += session.feed(media(kind, step, payload, form=1))
        expected.append(Tag(kind, time, payload))
    assert out == expected


def test_times_beyond_the_three_bytes_and_beyond_the_four() -> None:
    session = admitted()
    stamps = [0xFFFFFE, 0xFFFFFF, 0x1000010, 0x7FFFFFF0, 0xBFFFFFF0, 0xFFFFFFF0, 0x10]
    found = [each for stamp in stamps for each in session.feed(media(VIDEO, stamp, bytes(300)))]
    assert [each.timestamp for each in found if isinstance(each, Tag)] == [*stamps[:-1], 0x100000010]


def test_nothing_counts_from_who_was_not_let_in() -> None:
    session = RtmpSession()
    session.feed(GREETING + INTRODUCTION)
    assert session.feed(media(VIDEO, 0, b"\x17\x01\0\0\0")) == []
    session.refuse("This stream key opens nothing.")
    said = session.output()
    assert b"NetStream.Publish.BadName" in said
    assert b"opens nothing" in said


def test_leaving_is_told_once() -> None:
    session = admitted()
    assert session.feed(
        command("FCUnpublish", 6, None, "abcd-key") + command("deleteStream", 7, None, 1)
    ) == [EncoderLeft()]


def test_bytes_are_acknowledged() -> None:
    session = admitted()
    for number in range(30):
        session.feed(media(VIDEO, number, bytes(64_000)))
    assert b"\x00\x00\x04\x03" in session.output(), "an acknowledgement of four bytes"


def test_chunks_are_put_together_as_they_were_cut() -> None:
    payload = bytes(range(256)) * 5
    reader = ChunkReader()
    found = reader.feed(chunks(MessageType.COMMAND, payload, stream=7))
    assert [(each.kind, each.stream, each.payload) for each in found] == [(MessageType.COMMAND, 7, payload)]
    assert decode(encode("x")) == ["x"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"GET / HTTP/1.1\r\n" + bytes(4000), "no RTMP"),
        (GREETING + media(VIDEO, 0, bytes(1))[:4] + (LARGEST_BEFORE_PUBLISHING + 1).to_bytes(3, "big") + b"\x14" + bytes(4), "too much"),
        (GREETING + b"".join(bytes([n]) + bytes(11) for n in range(4, 40)), "chunk streams"),
        (GREETING + b"\x02" + bytes(3) + (4).to_bytes(3, "big") + b"\x01" + bytes(4) + bytes(4), "no size"),
        (GREETING + INTRODUCTION + command("publish", 9, None, "another", "live"), "twice"),
    ],
)  # fmt: skip
def test_what_no_encoder_sends_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        RtmpSession().feed(data)


@given(st.binary(max_size=3000), st.booleans())
def test_any_bytes_are_taken_or_refused(noise: bytes, let_in: bool) -> None:
    session = admitted() if let_in else RtmpSession()
    with suppress(InvalidInput):
        session.feed(noise if let_in else GREETING + noise)
    assert len(session.output()) < 100_000

"""Streams of tags as an encoder sends them, made without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from media.live.containers.flv import AUDIO, VIDEO, Tag

BEGIN = datetime(2026, 11, 22, 12, 0, 0)
# 640×360, High, as x264 writes it.
AVCC = bytes.fromhex(
    "0164001effe1001a6764001eacd940a02ff970110000030001000003003c0f162d9601000468ef8fcbfdf8f800"
)
AAC_48K_MONO = bytes.fromhex("1188")


def picture_config(record: bytes = AVCC) -> Tag:
    return Tag(VIDEO, 0, b"\x17\x00\x00\x00\x00" + record)


def sound_config(record: bytes = AAC_48K_MONO) -> Tag:
    return Tag(AUDIO, 0, b"\xaf\x00" + record)


def picture(time: int, key: bool, offset: int = 0, size: int = 200) -> Tag:
    head = bytes([0x17 if key else 0x27, 1]) + offset.to_bytes(3, "big", signed=True)
    body = (size - 4).to_bytes(4, "big") + (b"\x65" if key else b"\x41") + bytes(size - 5)
    return Tag(VIDEO, time, head + body)


def sound(time: int) -> Tag:
    return Tag(AUDIO, time, b"\xaf\x01" + bytes(40))


def broadcast(
    seconds: float, *, keyframes: float = 2.0, begin: int = 0, with_sound: bool = True
) -> Iterator[tuple[Tag, datetime]]:
    """Tags with the moments at which they come: 25 pictures a second, sound in between."""
    yield picture_config(), BEGIN
    if with_sound:
        yield sound_config(), BEGIN
    every = round(keyframes * 25)
    sounded = 0
    for number in range(round(seconds * 25)):
        time = number * 40
        yield picture(begin + time, number % every == 0), BEGIN + timedelta(milliseconds=time)
        while with_sound and sounded * 1024 / 48 < time + 40:
            stamp = round(sounded * 1024 / 48)
            yield sound(begin + stamp), BEGIN + timedelta(milliseconds=time)
            sounded += 1

"""Fragmented MP4 of H.264 and AAC, written from coded frames without touching them. Pure.

Format: ISO/IEC 14496-12 (boxes), 14496-14 and -15 (sample entries), as HLS wants it (RFC 8216 3.3).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from media.live.containers.codec_config import AacConfig, AvcConfig

PICTURE_RATE = 90_000
AAC_SAMPLES = 1024
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY, _NOT_KEY = (
    0x02000000,
    0x01010000,
)  # sample flags: depends on no other; on others, and is no sync sample


@dataclass(frozen=True, slots=True)
class PictureSample:
    """A coded picture. `duration` and `offset` (of showing to decoding) in 1/90000 s."""

    data: bytes
    duration: int
    offset: int
    key: bool


def box(name: bytes, *content: bytes) -> bytes:
    """One box."""
    size = 8 + sum(map(len, content))
    return b"".join((struct.pack(">I", size), name, *content))


def _full(name: bytes, version: int, flags: int, *content: bytes) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags), *content)


def init_section(picture: AvcConfig | None, sound: AacConfig | None) -> bytes:
    """The initialisation section; the picture is track 1, the sound track 2."""
    tracks, extends = [], []
    if picture is not None:
        tracks.append(_track(1, PICTURE_RATE, _avc1(picture), picture))
        extends.append(1)
    if sound is not None:
        tracks.append(_track(2, sound.rate, _mp4a(sound), None))
        extends.append(2)
    trex = [_full(b"trex", 0, 0, struct.pack(">5I", each, 1, 0, 0, 0)) for each in extends]
    head = struct.pack(">4I", 0, 0, 1000, 0) + struct.pack(">IH10x", 0x10000, 0x100)
    mvhd = _full(b"mvhd", 0, 0, head, _MATRIX, bytes(24), struct.pack(">I", 3))
    return box(b"ftyp", b"iso6", struct.pack(">I", 512), b"iso6cmfcmp41") + box(
        b"moov", mvhd, *tracks, box(b"mvex", *trex)
    )


def fragment(
    number: int,
    pictures: Sequence[PictureSample],
    picture_time: int,
    sounds: Sequence[bytes],
    sound_time: int,
) -> bytes:
    """One fragment. `picture_time` in 1/90000 s and `sound_time` in samples are the tracks' decoding times."""
    content = [each.data for each in pictures] + list(sounds)
    runs: list[tuple[int, int, bytes]] = []  # track, decoding time, run without its data offset
    if pictures:
        rows = b"".join(
            struct.pack(">IIIi", p.duration, len(p.data), _KEY if p.key else _NOT_KEY, p.offset)
            for p in pictures
        )
        runs.append((1, picture_time, rows))
    if sounds:
        runs.append((2, sound_time, b"".join(struct.pack(">I", len(each)) for each in sounds)))
    first = sum(len(each.data) for each in pictures)
    size = len(_moof(number, runs, 0, first))
    return _moof(number, runs, size + 8, first) + box(b"mdat", *content)


def _moof(number: int, runs: Sequence[tuple[int, int, bytes]], offset: int, pictures: int) -> bytes:
    parts = [_full(b"mfhd", 0, 0, struct.pack(">I", number))]
    for track, time, rows in runs:
        tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", time))
        if track == 1:
            count, at = len(rows) // 16, offset
            tfhd = _full(b"tfhd", 0, 0x020000, struct.pack(">I", track))
            trun = _full(b"trun", 1, 0xF01, struct.pack(">Ii", count, at), rows)
        else:
            count, at = len(rows) // 4, offset + pictures
            tfhd = _full(b"tfhd", 0, 0x020028, struct.pack(">III", track, AAC_SAMPLES, _KEY))
            trun = _full(b"trun", 0, 0x201, struct.pack(">Ii", count, at), rows)
        parts.append(box(b"traf", tfhd, tfdt, trun))
    return box(b"moof", *parts)


def _track(number: int, rate: int, entry: bytes, picture: AvcConfig | None) -> bytes:
    width, height = (picture.width, picture.height) if picture else (0, 0)
    tkhd = _full(
        b"tkhd",
        0,
        3,
        struct.pack(">5I8xhhhH", 0, 0, number, 0, 0, 0, 0, 0 if picture else 0x100, 0),
        _MATRIX,
        struct.pack(">II", width << 16, height << 16),
    )
    mdhd = _full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, rate, 0, 0x55C4, 0))
    handler = b"vide" if picture else b"soun"
    hdlr = _full(b"hdlr", 0, 0, bytes(4), handler, bytes(13))
    media = _full(b"vmhd", 0, 1, bytes(8)) if picture else _full(b"smhd", 0, 0, bytes(4))
    dinf = box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    empty = [_full(name, 0, 0, bytes(4)) for name in (b"stts", b"stsc", b"stco")]
    stsz = _full(b"stsz", 0, 0, bytes(8))
    stsd = _full(b"stsd", 0, 0, struct.pack(">I", 1), entry)
    minf = box(b"minf", media, dinf, box(b"stbl", stsd, *empty, stsz))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf))


def _avc1(picture: AvcConfig) -> bytes:
    head = struct.pack(">6xH16xHHIII", 1, picture.width, picture.height, 0x480000, 0x480000, 0)
    name = struct.pack(">H32xHh", 1, 24, -1)
    return box(b"avc1", head, name, box(b"avcC", picture.record))


def _mp4a(sound: AacConfig) -> bytes:
    head = struct.pack(">6xH8xHH4xI", 1, sound.channels, 16, sound.rate << 16 & 0xFFFFFFFF)
    config = _descriptor(5, sound.record)
    decoder = _descriptor(4, b"\x40\x15" + bytes(11) + config)
    stream = _descriptor(3, struct.pack(">HB", 2, 0) + decoder + _descriptor(6, b"\x02"))
    return box(b"mp4a", head, _full(b"esds", 0, 0, stream))


def _descriptor(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content

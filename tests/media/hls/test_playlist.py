from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Rendition, RenditionKind
from media.hls.codecs import codecs_of
from media.hls.playlist import PlaylistSegment, bandwidth, init_uri, master_playlist, parse_segments

VIDEO = Rendition(
    "480p",
    RenditionKind.VIDEO,
    "480p/index.m3u8",
    854,
    480,
    400_000,
    200_000,
    "avc1.64001E,mp4a.40.2",
    1,
    29.97,
)
SOUND = Rendition("audio", RenditionKind.AUDIO, "audio/index.m3u8", 0, 0, 50_000, 49_000, "mp4a.40.2", 1)
TOP = Rendition("1080p", RenditionKind.VIDEO, "1080p/index.m3u8", 1920, 1080, 900_000, 0, "", 1)
POSTER = Rendition("poster", RenditionKind.POSTER, "poster.jpg", 1280, 720)

MEDIA = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.000000,
seg_00000.m4s
#EXTINF:1.5,a title
seg_00001.m4s
#EXT-X-ENDLIST
"""


def test_master_playlist() -> None:
    assert master_playlist([SOUND, POSTER, VIDEO, TOP]) == (
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1920x1080\n1080p/index.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=400000,AVERAGE-BANDWIDTH=200000,CODECS="avc1.64001E,mp4a.40.2",'
        "RESOLUTION=854x480,FRAME-RATE=29.970\n480p/index.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=50000,AVERAGE-BANDWIDTH=49000,CODECS="mp4a.40.2"\naudio/index.m3u8\n'
    )


def test_media_playlist() -> None:
    assert parse_segments(MEDIA) == [
        PlaylistSegment("seg_00000.m4s", 4.0),
        PlaylistSegment("seg_00001.m4s", 1.5),
    ]
    assert init_uri(MEDIA) == "init.mp4"
    assert init_uri("#EXTM3U") is None


@given(st.text(max_size=300))
def test_any_playlist_is_read(text: str) -> None:
    assert all(segment.seconds >= 0 for segment in parse_segments(text))


@pytest.mark.parametrize(
    ("lengths", "sizes", "peak", "average"),
    [
        ([4, 4], [500, 1000], 2000, 1500),
        ([4, 4, 0.1], [500, 500, 500], 1951, 1481),  # the tiny last one counts with its neighbour
        ([2], [250], 1000, 1000),
        ([], [], 0, 0),
        ([0.0], [5], 0, 0),
    ],
)
def test_bandwidth(lengths: list[float], sizes: list[int], peak: int, average: int) -> None:
    measured = bandwidth([PlaylistSegment("s", seconds) for seconds in lengths], sizes)
    assert (measured.peak, measured.average) == (peak, average)


def descriptor(tag: int, content: bytes, long: bool = False) -> bytes:
    length = b"\x80\x80\x80" + bytes([len(content)]) if long else bytes([len(content)])
    return bytes([tag]) + length + content


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(
    ("config", "expected"),
    [(b"\x12\x10", "mp4a.40.2"), (b"\x2b\x92", "mp4a.40.5"), (b"\xf9\x48", "mp4a.40.42")],
)
def test_codecs_of_sound(config: bytes, expected: str, long: bool) -> None:
    decoder = descriptor(4, b"\x40" + bytes(12) + descriptor(5, config, long), long)
    box = b"\0\0\0\x33esds\0\0\0\0" + descriptor(3, b"\0\1\0" + decoder, long)
    assert codecs_of(b"ftypisom" + box) == expected


def test_codecs_of_picture_and_both() -> None:
    picture = b"\0\0\0\x20avcC\x01\x64\x00\x1f\xff"
    assert codecs_of(picture) == "avc1.64001F"
    assert codecs_of(picture + b"esds") == "avc1.64001F,mp4a.40.2"
    assert codecs_of(b"nothing here") == ""


@given(st.binary(max_size=120))
def test_any_bytes_have_codecs_or_none(data: bytes) -> None:
    assert isinstance(codecs_of(b"avcC" + data + b"esds" + data), str)

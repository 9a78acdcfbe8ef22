from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from media.ffmpeg.probe import packets_duration
from media.probing.probe import bit_depth, parse_probe, parse_ratio, shown_size

VIDEO: dict[str, Any] = {
    "index": 0, "codec_type": "video", "codec_name": "h264", "profile": "High", "level": 31, "width": 1280,
    "height": 720, "pix_fmt": "yuv420p", "field_order": "progressive", "r_frame_rate": "25/1",
    "avg_frame_rate": "25/1", "sample_aspect_ratio": "1:1", "duration": "10.0",
}  # fmt: skip
AUDIO: dict[str, Any] = {
    "index": 1, "codec_type": "audio", "codec_name": "aac", "profile": "LC", "sample_rate": "48000",
    "channels": 2, "duration": "9.5",
}  # fmt: skip


def probe(*streams: dict[str, Any], **form: Any) -> Any:
    return {
        "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "10.0"} | form,
        "streams": streams,
    }


def test_an_ordinary_file() -> None:
    info = parse_probe(probe(VIDEO, AUDIO, bit_rate="1000"))
    assert info.video and info.audio
    assert (info.duration, info.bit_rate) == (10.0, 1000)
    assert (info.video.width, info.video.height, info.video.frame_rate) == (1280, 720, 25.0)
    assert (info.video.codec, info.video.profile, info.video.level) == ("h264", "High", 31)
    assert (info.audio.codec, info.audio.sample_rate, info.audio.channels) == ("aac", 48000, 2)
    assert not info.video.variable_frame_rate and info.video.square_pixels


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"side_data_list": [{"rotation": -90}]}, "rotation", 90),
        ({"side_data_list": [{"rotation": 90}]}, "rotation", 270),
        ({"side_data_list": [{}, {"rotation": -180}]}, "rotation", 180),
        ({"tags": {"rotate": "90"}}, "rotation", 90),
        ({"side_data_list": [{"rotation": -90}]}, "width", 720),
        ({"sample_aspect_ratio": "64:45"}, "width", 1820),
        ({"sample_aspect_ratio": "64:45"}, "square_pixels", False),
        ({"sample_aspect_ratio": "640:639"}, "square_pixels", True),
        ({"sample_aspect_ratio": "N/A"}, "square_pixels", True),
        ({"sample_aspect_ratio": "1:99999"}, "width", 1280),
        ({"field_order": "tt"}, "interlaced", True),
        ({"field_order": "unknown"}, "interlaced", False),
        ({"pix_fmt": "yuv420p10le"}, "bit_depth", 10),
        ({"color_transfer": "smpte2084"}, "high_dynamic_range", True),
        ({"color_transfer": "bt709"}, "high_dynamic_range", False),
        ({"r_frame_rate": "600/1", "avg_frame_rate": "24600/1469"}, "variable_frame_rate", True),
        ({"r_frame_rate": "60/1", "avg_frame_rate": "0/0"}, "frame_rate", 60.0),
        ({"r_frame_rate": "90000/1", "avg_frame_rate": "0/0"}, "frame_rate", 25.0),
        ({"duration": None, "tags": {"DURATION": "01:00:30.500000000"}}, "duration", 3630.5),
    ],
)
def test_peculiar_pictures(change: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(parse_probe(probe(VIDEO | change)).video, field) == expected


def test_cover_art_is_no_video() -> None:
    cover = VIDEO | {"codec_name": "mjpeg", "disposition": {"attached_pic": 1}}
    info = parse_probe(probe(cover, AUDIO))
    assert info.video is None and info.audio is not None


def test_a_picture_without_size_is_left_out() -> None:
    assert parse_probe(probe(VIDEO | {"width": 0, "height": 0}, AUDIO)).video is None


def test_the_default_stream_wins_then_the_first() -> None:
    second = AUDIO | {"index": 2, "disposition": {"default": 1}}
    assert parse_probe(probe(AUDIO, second)).audio.index == 2  # type: ignore[union-attr]
    assert parse_probe(probe(AUDIO, AUDIO | {"index": 2})).audio.index == 1  # type: ignore[union-attr]
    unknown = AUDIO | {"codec_name": "unknown", "disposition": {"default": 1}}
    assert parse_probe(probe(unknown, AUDIO | {"index": 3})).audio.index == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (probe(VIDEO, format_name="hls"), "“hls” data"),
        (probe(VIDEO, format_name="concat"), "playlists, scripts"),
        (probe(VIDEO, format_name="png_pipe"), "not a sound or video recording"),
        ({}, "unknown data"),
        (probe(), "neither a picture nor sound"),
        (probe({"index": 0, "codec_type": "subtitle", "codec_name": "srt"}), "neither a picture nor sound"),
        (probe(VIDEO | {"width": 0}), "neither a picture nor sound"),
        (probe(VIDEO | {"width": 30000}), "sides of at most 8192"),
        (probe(VIDEO, AUDIO, duration="9000000"), "at most 24 hours"),
    ],
)
def test_what_is_refused(data: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse_probe(data)


def test_an_unknown_duration_is_0() -> None:
    assert parse_probe(probe(AUDIO, duration="N/A")).duration == 0


@pytest.mark.parametrize(
    ("pixel_format", "bits"),
    [("yuv420p", 8), ("yuvj420p", 8), ("yuv422p10le", 10), ("p010le", 10), ("yuv444p12be", 12), ("gray16le", 16), ("", 8)],
)  # fmt: skip
def test_bit_depth(pixel_format: str, bits: int) -> None:
    assert bit_depth(pixel_format) == bits


@pytest.mark.parametrize(
    ("csv", "seconds"),
    [
        ("0.0,0.0,0.04\n0.08,0.04,0.04\n0.04,0.08,0.04\n", 0.12),
        ("10.0,10.0,1.0\n11.0,11.0,1.0", 2.0),
        ("N/A,N/A,0.5\nN/A,N/A,0.5\n", 1.0),
        ("N/A,3.0,N/A\nN/A,4.0,N/A\n", 1.0),
        ("-0.02,-0.02,0.02\n0.0,0.0,0.02,\n", 0.04),
        ("", 0.0),
    ],
)
def test_duration_from_packets(csv: str, seconds: float) -> None:
    assert packets_duration(csv) == pytest.approx(seconds)


@given(st.text(max_size=200))
def test_any_text_as_packets(csv: str) -> None:
    assert packets_duration(csv) >= 0


@given(st.one_of(st.text(max_size=20), st.none(), st.integers()))
def test_any_ratio(text: object) -> None:
    ratio = parse_ratio(text)
    assert ratio is None or ratio > 0


@given(st.integers(1, 8192), st.integers(1, 8192), st.floats(0.01, 100), st.sampled_from([0, 90, 180, 270]))
def test_shown_size_is_a_size(width: int, height: int, aspect: float, rotation: int) -> None:
    shown = shown_size(width, height, aspect, rotation)
    assert min(shown) >= 1 and max(shown) <= 4 * 8192
    assert (height in shown) or (width in shown)


scalar = st.one_of(st.none(), st.booleans(), st.integers(-10, 10**12), st.floats(), st.text(max_size=8))
stream = st.fixed_dictionaries(
    {"index": st.integers(0, 5)},
    optional={
        "codec_type": st.sampled_from(["video", "audio", "data"]), "codec_name": st.text(min_size=1, max_size=5),
        "width": scalar, "height": scalar, "sample_rate": scalar, "channels": scalar, "r_frame_rate": scalar,
        "avg_frame_rate": scalar, "duration": scalar, "level": scalar, "sample_aspect_ratio": scalar,
        "side_data_list": st.lists(st.dictionaries(st.just("rotation"), scalar), max_size=2),
    },
)  # fmt: skip


@given(st.lists(stream, max_size=3), scalar)
def test_a_hostile_description_is_described_or_refused(
    streams: list[dict[str, Any]], duration: object
) -> None:
    try:
        info = parse_probe(probe(*streams, duration=duration))
    except InvalidInput:
        return
    assert info.video or info.audio

from __future__ import annotations

import struct
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from media.live.containers.codec_config import aac_config, avc_config
from media.live.containers.flv import AUDIO, VIDEO, Tag
from media.live.segmenter import Broken, Cut, MediaSegmenter
from tests.media.live.streams import AVCC, BEGIN, broadcast, picture, picture_config, sound, sound_config


def cut_up(segmenter: MediaSegmenter, tags: list[tuple[Tag, datetime]]) -> list[Cut]:
    cuts = [cut for tag, at in tags if (cut := segmenter.feed(tag, at)) is not None]
    last = segmenter.finish()
    return [*cuts, last] if last is not None else cuts


def samples(data: bytes, track: int) -> tuple[int, int, int]:
    """Decoding time, duration and number of a track's samples in a fragment, read without our own writer."""
    at = 0
    while (at := data.find(b"tfhd", at) + 4) > 3:
        if struct.unpack_from(">I", data, at + 4)[0] != track:
            continue
        flags = struct.unpack_from(">I", data, at)[0] & 0xFFFFFF
        usual = struct.unpack_from(">I", data, at + 8)[0] if flags & 8 else 0
        time = struct.unpack_from(">Q", data, data.find(b"tfdt", at) + 8)[0]
        run = data.find(b"trun", at) + 4
        kinds, count = struct.unpack_from(">II", data, run)
        rows = run + 12
        if not kinds & 0x100:
            return time, usual * count, count
        width = 4 * bin(kinds & 0xF00).count("1")
        lengths = [struct.unpack_from(">I", data, rows + n * width)[0] for n in range(count)]
        return time, sum(lengths), count
    return 0, 0, 0


def test_segments_begin_at_keyframes_and_follow_each_other() -> None:
    cuts = cut_up(MediaSegmenter(100.0, 7, 2.0), list(broadcast(9.0, begin=5000)))
    assert [each.number for each in cuts] == [7, 8, 9, 10, 11]
    assert [(each.start, each.duration) for each in cuts[:4]] == [(100, 2), (102, 2), (104, 2), (106, 2)]
    assert abs(cuts[-1].start + cuts[-1].duration - 109) < 0.03
    for each in cuts:
        time, length, count = samples(each.whole, 1)
        assert time == round(each.start * 90_000)
        assert abs(length / 90_000 - each.duration) < 0.001
        assert count == each.frames
    sounds = [samples(each.whole, 2) for each in cuts]
    for (time, length, _), (following, _, _) in pairwise(sounds):
        assert time + length == following, "no sample of sound is missing or twice"
    assert samples(cuts[2].sound, 2) == sounds[2]


@given(
    st.floats(0.5, 12),
    st.sampled_from([0.4, 1.0, 2.0, 3.0]),
    st.sampled_from([1.0, 2.0]),
    st.integers(0, 10**7),
)
def test_nothing_is_lost_wherever_the_keyframes_are(
    seconds: float, keyframes: float, aim: float, begin: int
) -> None:
    tags = list(broadcast(seconds, keyframes=keyframes, begin=begin))
    cuts = cut_up(MediaSegmenter(0.0, 0, aim), tags)
    assert sum(each.frames for each in cuts) == round(seconds * 25)
    assert all(each.duration >= 0.9 * aim for each in cuts[:-1])
    for first, second in pairwise(cuts):
        assert abs(first.start + first.duration - second.start) < 1e-6


def test_a_late_zero_keeps_the_clock_of_another_rendition() -> None:
    cuts = cut_up(MediaSegmenter(0.0, 0, 2.0, zero=1000), list(broadcast(4.0, begin=3000)))
    assert cuts[0].start == 2.0


def test_sound_alone_is_a_broadcast_too() -> None:
    segmenter = MediaSegmenter(0.0, 0, 2.0)
    tags = [(sound_config(), BEGIN)] + [(sound(round(n * 1024 / 48)), BEGIN) for n in range(400)]
    cuts = cut_up(segmenter, tags)
    assert segmenter.config is not None
    assert segmenter.config.codecs == "mp4a.40.2"
    assert sum(samples(each.whole, 2)[2] for each in cuts) == 400


def test_another_picture_or_a_jump_of_the_clock_begins_another_take() -> None:
    other = AVCC[:1] + b"\x4d" + AVCC[2:]
    for breaking in (picture_config(other), picture(60_000, True), picture(0, True)):
        segmenter = MediaSegmenter(0.0, 0, 2.0)
        for tag, at in broadcast(5.0, begin=2000):
            segmenter.feed(tag, at)
        with pytest.raises(Broken):
            segmenter.feed(breaking, BEGIN)
        last = segmenter.finish()
        assert last is not None, "what was there before is kept"


def test_codecs_that_need_encoding_are_named() -> None:
    segmenter = MediaSegmenter(0.0, 0, 2.0)
    with pytest.raises(InvalidInput, match=r"H\.264"):
        segmenter.feed(Tag(VIDEO, 0, b"\x12" + bytes(20)), BEGIN)
    with pytest.raises(InvalidInput, match="AAC"):
        segmenter.feed(Tag(AUDIO, 0, b"\x2f" + bytes(20)), BEGIN)


@given(st.binary(max_size=60))
def test_any_configuration_is_read_or_refused(data: bytes) -> None:
    for read in (avc_config, aac_config):
        try:
            read(data)
        except InvalidInput:
            continue


@given(st.lists(st.tuples(st.sampled_from([8, 9, 18]), st.integers(0, 2**32), st.binary(max_size=30))))
def test_any_tags_are_taken_or_refused(tags: list[tuple[int, int, bytes]]) -> None:
    segmenter = MediaSegmenter(0.0, 0, 2.0)
    segmenter.feed(picture_config(), BEGIN)
    for kind, time, payload in tags:
        try:
            segmenter.feed(Tag(kind, time, payload), BEGIN)
        except (InvalidInput, Broken):
            break
    segmenter.finish()

"""Plans of chunks: everything once, nothing twice, whatever the rate and the length."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from media.encoding.chunks import CHUNK_SECONDS, Chunk, concat_list, exact, plan_chunks, seek_seconds
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo

RATES = st.sampled_from([24000 / 1001, 24, 25, 30000 / 1001, 30, 15, 12.5])


def info(seconds: float, container: str = "mov,mp4") -> MediaInfo:
    picture = VideoInfo(0, "h264", 640, 360, 25.0, "yuv420p", duration=seconds)
    return MediaInfo(container, seconds + 0.1, 0, picture, AudioInfo(1, "aac", 48_000, 2))


@given(st.floats(0.04, 8_000), RATES)
def test_chunks_touch_and_hold_whole_segments(seconds: float, rate: float) -> None:
    chunks = plan_chunks(info(seconds), rate)
    assert chunks[0].first == 0 and chunks[-1].end is None
    assert all(one.end == other.first for one, other in pairwise(chunks))
    for number, chunk in enumerate(chunks):
        late = chunk.first / exact(rate) - number * CHUNK_SECONDS
        assert 0 <= late < 1 / exact(rate)  # the first frame at or behind a segment's border
        assert seek_seconds(chunk, rate) <= chunk.first / exact(rate)
    left = seconds - chunks[-1].first / rate
    assert len(chunks) == 1 or left >= CHUNK_SECONDS / 2 - 0.1


def test_what_cannot_be_read_from_its_middle_is_one_chunk() -> None:
    assert plan_chunks(info(3600, "mpegts"), 25) == [Chunk(0)]
    assert plan_chunks(MediaInfo("mp3", 3600.0), 25) == []


@given(st.floats(200, 8_000), RATES)
def test_durations_of_a_script_do_not_drift(seconds: float, rate: float) -> None:
    chunks = plan_chunks(info(seconds), rate)
    script = concat_list([str(n) for n in range(len(chunks))], chunks, rate)
    told = [float(line.split()[1]) for line in script.splitlines() if line.startswith("duration")]
    assert abs(sum(told) - float(chunks[-1].first / exact(rate))) < 2e-6

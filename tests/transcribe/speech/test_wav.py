"""Reading windows of a WAV."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from media.errors import InvalidInput
from transcribe.speech.wav import RATE, Span, cut_window, duration, merge_spans, read_blocks, read_window


def _wav(path: Path, seconds: float, rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        ramp = np.arange(round(seconds * rate) * channels, dtype=np.int64) % 30_000
        out.writeframes(ramp.astype("<i2").tobytes())
    return path


def test_a_window_is_what_lies_between(tmp_path: Path) -> None:
    audio = _wav(tmp_path / "a.wav", 1.5)
    window = read_window(audio, 0.25, 0.5)
    assert len(window) == RATE // 4
    assert window[0] == pytest.approx(RATE // 4 / 32768)
    assert duration(audio) == 1.5


@pytest.mark.parametrize(
    ("start", "end", "samples"), [(-1, 0.1, 1600), (1.4, 9, 1600), (5, 9, 0), (0.5, 0.2, 0)]
)
def test_what_lies_outside_is_left_out(start: float, end: float, samples: int, tmp_path: Path) -> None:
    assert len(read_window(_wav(tmp_path / "a.wav", 1.5), start, end)) == samples


@pytest.mark.parametrize(("start", "end"), [(0.0, 1.0), (0.3333, 1.77777), (1.5, 9.0)])
def test_a_cut_window_is_what_would_be_read(start: float, end: float, tmp_path: Path) -> None:
    whole = _wav(tmp_path / "whole.wav", 2.0)
    cut_window(whole, start, end, tmp_path / "cut.wav")
    read = read_window(whole, start, end)
    assert len(read) > 0 and np.array_equal(read_window(tmp_path / "cut.wav", 0.0, end - start + 1), read)
    assert np.array_equal(read_window(tmp_path / "cut.wav", 0.0, end - start), read)


def test_blocks_make_the_whole(tmp_path: Path) -> None:
    audio = _wav(tmp_path / "a.wav", 2.5)
    assert [len(block) for block in read_blocks(audio, 1.0)] == [RATE, RATE, RATE // 2]


def test_a_truncated_file_is_as_long_as_it_is(tmp_path: Path) -> None:
    audio = _wav(tmp_path / "a.wav", 2.0)
    audio.write_bytes(audio.read_bytes()[: 44 + RATE * 2 + 1])
    assert duration(audio) == pytest.approx(1.0)
    assert len(read_window(audio, 0.5, 2.0)) == RATE // 2


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (RATE, 2)])
def test_other_formats_are_refused_with_the_cure(rate: int, channels: int, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="ffmpeg"):
        read_window(_wav(tmp_path / "a.wav", 0.1, rate, channels), 0, 1)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wave file at all, but long enough to look"])
def test_what_is_no_wav_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InvalidInput, match=r"a\.wav"):
        duration(tmp_path / "a.wav")


def test_near_spans_are_joined() -> None:
    spans = [Span(0, 1), Span(1.5, 2), Span(5, 6)]
    assert merge_spans(spans, 0.5) == [Span(0, 2), Span(5, 6)]

"""Windows cover a recording and are cut where nobody speaks."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.speech.wav import RATE, Span
from transcribe.speech.windows import find_silences, levels, plan_windows, quietest, windows_of


@st.composite
def _silences(draw: st.DrawFn) -> list[Span]:
    edges = sorted(draw(st.lists(st.floats(0, 5000), max_size=40)))
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@given(_silences(), st.floats(0, 5000), st.floats(2, 600), st.floats(0.1, 0.5), st.booleans())
def test_windows_touch_cover_and_are_bounded(
    silences: list[Span], duration: float, length: float, share: float, guided: bool
) -> None:
    reach = length * share
    windows = plan_windows(silences, duration, length, reach, (lambda a, b: a - 5) if guided else None)
    if duration == 0:
        assert windows == []
        return
    assert windows[0].start == 0
    assert windows[-1].end == duration
    assert all(left.end == right.start for left, right in pairwise(windows))
    slack = 1e-6
    assert all(w.end - w.start <= length + reach + slack for w in windows)
    assert all(w.end - w.start >= length - reach - slack for w in windows[:-1])
    assert len(windows) == 1 or windows[-1].end - windows[-1].start >= reach - slack


def test_the_cut_is_in_the_middle_of_a_silence_near_the_length() -> None:
    silences = [Span(100, 102), Span(290, 291), Span(355, 355.4), Span(500, 502)]
    assert plan_windows(silences, 600)[0] == Span(0, 290.5)


def test_a_longer_silence_a_little_further_is_better() -> None:
    silences = [Span(299, 299.3), Span(310, 312)]
    assert plan_windows(silences, 600)[0].end == 311


def test_without_silence_the_cut_is_at_the_quietest_point() -> None:
    asked: list[tuple[float, float]] = []

    def quiet(start: float, end: float) -> float:
        asked.append((start, end))
        return 317.0

    assert plan_windows([], 600, quietest=quiet)[0].end == 317.0
    assert asked == [(240, 360)]


@pytest.mark.parametrize("duration", [1.0, 299.0, 360.0])
def test_a_short_recording_is_one_window(duration: float) -> None:
    assert plan_windows([Span(0, 1)], duration) == [Span(0, duration)]


def _recording(path: Path, pauses: list[Span], seconds: float, hum: float = 0.002) -> Path:
    """Loud noise but for a quiet hum in the pauses."""
    rng = np.random.default_rng(1)
    loud = np.full(round(seconds * RATE), 0.1)
    for pause in pauses:
        loud[round(pause.start * RATE) : round(pause.end * RATE)] = hum
    samples = np.clip(rng.normal(0, 1, len(loud)) * loud, -1, 1)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("hum", [0.0, 0.001, 0.01])
def test_silences_are_found_over_any_noise_floor(hum: float, tmp_path: Path) -> None:
    pauses = [Span(1.0, 2.0), Span(5.0, 5.5), Span(7.0, 7.1)]
    found = find_silences(levels(_recording(tmp_path / "a.wav", pauses, 10.0, hum)))
    assert [(round(s.start, 1), round(s.end, 1)) for s in found] == [(1.0, 2.0), (5.0, 5.5)]


def test_total_silence_is_one_silence(tmp_path: Path) -> None:
    heard = levels(_recording(tmp_path / "a.wav", [Span(0, 3)], 3.0, hum=0.0))
    assert find_silences(heard) == [Span(0.0, pytest.approx(3.0))]


def test_even_noise_has_no_silence_but_a_quietest_point(tmp_path: Path) -> None:
    heard = levels(_recording(tmp_path / "a.wav", [Span(4.0, 4.2)], 6.0, hum=0.04))
    assert find_silences(heard) == []
    assert quietest(heard, 1.0, 5.5) == pytest.approx(4.1, abs=0.05)


def test_a_recording_is_cut_in_its_pause(tmp_path: Path) -> None:
    audio = _recording(tmp_path / "a.wav", [Span(8.0, 9.0), Span(12.0, 12.5)], 20.0)
    windows = windows_of(audio, length=10.0, reach=3.0)
    assert [round(w.end, 1) for w in windows] == [8.5, 20.0]


def test_an_empty_recording_has_no_windows(tmp_path: Path) -> None:
    assert windows_of(_recording(tmp_path / "a.wav", [], 0.0)) == []

"""Pieces of captions, however long these are."""

import pytest

from transcribe.cues import Cue, Word
from transcribe.segmenting.dialogue.units import LONGEST, units_of
from transcribe.segmenting.running_text import RunningText

LONG = " ".join(f"từ{number}" for number in range(30))


def test_a_short_caption_is_one_unit() -> None:
    text = RunningText([Cue(1, 2, "Xin chào."), Cue(3, 4, "Em hỏi ạ?")])
    assert [(text.text[u.first : u.last], u.start, u.end) for u in units_of(text)] == [
        ("Xin chào.", 1, 2),
        ("Em hỏi ạ?", 3, 4),
    ]


def test_a_long_caption_is_cut_into_like_pieces_one_after_the_other() -> None:
    text = RunningText([Cue(0, 30, LONG), Cue(31, 32, "hết")])
    units = units_of(text)
    assert " ".join(text.text[u.first : u.last] for u in units) == text.text
    assert all(len(text.text[u.first : u.last].split()) <= LONGEST for u in units)
    assert [u.start for u in units] == sorted(u.start for u in units)
    assert units[0].start == 0 and units[-2].end == 30
    assert units[1].start == pytest.approx(units[0].end, abs=0.5)


def test_words_with_times_say_when_a_piece_begins() -> None:
    words = tuple(Word(word, 10.0 + at, 10.5 + at) for at, word in enumerate(LONG.split()))
    units = units_of(RunningText([Cue(10, 40, LONG, words)]))
    assert all(unit.start == int(unit.start) for unit in units)


def test_a_caption_of_one_endless_word() -> None:
    units = units_of(RunningText([Cue(0, 1, "a" * 10_000)]))
    assert [(u.start, u.end) for u in units] == [(0, 1)]

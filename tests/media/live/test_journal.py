"""A process is killed at any byte: what had come is there at the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.live.containers.flv import VIDEO
from media.live.journal import About, Journal, left_in, read_about
from media.live.segmenter import Cut, MediaSegmenter
from tests.media.live.streams import broadcast

ABOUT = About("b" * 32, 3, 50.0, 2.0, 11)


def received(folder: Path, seconds: float, store: bool) -> list[Cut]:
    """Feed a cutter and its journal as a taking does; return what was cut."""
    segmenter, journal, cuts = MediaSegmenter(50.0, 11, 2.0), Journal(folder, ABOUT), []
    for tag, at in broadcast(seconds, begin=900):
        cut = segmenter.feed(tag, at)
        if cut is None:
            journal.write(tag, at)
        else:
            waiting = segmenter.waiting()
            journal.turn(waiting if tag.kind == VIDEO else waiting[:-1], tag, at)
            cuts.append(cut)
            if store:
                journal.stored(cut.number)
        if segmenter.zero is not None:
            journal.zero(segmenter.zero)
    last = segmenter.finish()
    return [*cuts, last] if last else cuts


@pytest.mark.parametrize("store", [True, False])
def test_a_killed_process_loses_nothing(tmp_path: Path, store: bool) -> None:
    cuts = received(tmp_path / "j", 7.0, store)
    about = read_about(tmp_path / "j")
    assert about is not None
    found = [cut for cut, _ in left_in(tmp_path / "j", about)]
    expected = cuts[-1:] if store else cuts
    assert [each.number for each in found] == [each.number for each in expected]
    assert [each.frames for each in found] == [each.frames for each in expected]
    for left, cut in zip(found, expected, strict=True):
        assert abs(left.start - cut.start) < 1e-6
        assert abs(left.duration - cut.duration) < 0.05
        assert abs((left.at - cut.at).total_seconds()) < 0.002


def test_a_file_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    received(tmp_path / "j", 1.9, True)
    file = next((tmp_path / "j").glob("*.flv"))
    whole = file.read_bytes()
    frames = []
    for size in range(0, len(whole), 997):
        file.write_bytes(whole[:size])
        frames.append(sum(cut.frames for cut, _ in left_in(tmp_path / "j", ABOUT)))
    assert frames == sorted(frames)
    assert frames[-1] > 40


def test_a_folder_that_is_no_journal_is_none(tmp_path: Path) -> None:
    assert read_about(tmp_path) is None
    (tmp_path / "take.json").write_text('{"broadcast": 1')
    assert read_about(tmp_path) is None

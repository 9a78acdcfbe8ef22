from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from media.live.broadcast import SOURCE, Broadcast, LiveSegment, Origin, position_at, position_of_mark
from tests.media.live.moments import moment_at

BEGIN = datetime(2026, 11, 22, 12, 0, 0)


def received(*lengths_and_pauses: tuple[float, float]) -> list[LiveSegment]:
    """Segments of these lengths, each after a pause of the encoder; both in seconds."""
    segments, clock, wall = [], 0.0, BEGIN
    for number, (length, pause) in enumerate(lengths_and_pauses):
        wall += timedelta(seconds=pause)
        segments.append(LiveSegment("a", SOURCE, number, 1, clock, length, wall))
        clock, wall = clock + length, wall + timedelta(seconds=length)
    return segments


def test_a_pause_of_the_encoder_takes_no_room_in_the_recording() -> None:
    segments = received((2, 0), (2, 0), (2, 20), (2, 0))

    def at(seconds: float) -> float:
        return position_at(segments, BEGIN + timedelta(seconds=seconds))

    assert at(-5) == 0
    assert at(3) == 3
    assert at(10) == 4, "nothing was received then"
    assert at(24.5) == 4.5
    assert at(28) == 8
    assert at(500) == 8
    assert position_at([], BEGIN) == 0


@given(
    st.lists(st.tuples(st.floats(0.2, 10), st.floats(0, 60)), min_size=1, max_size=30),
    st.floats(0, 1),
)
def test_a_moment_leads_to_its_position_and_back(lengths: list[tuple[float, float]], part: float) -> None:
    segments = received(*lengths)
    position = part * segments[-1].end * 0.999
    moment = moment_at(segments, position)
    assert moment is not None
    assert abs(position_at(segments, moment) - position) < 1e-4


@given(st.lists(st.floats(-10, 400), max_size=20))
def test_positions_never_go_back(moments: list[float]) -> None:
    segments = received((2, 0), (3, 30), (1.5, 200))
    found = [position_at(segments, BEGIN + timedelta(seconds=each)) for each in sorted(moments)]
    assert found == sorted(found)


def test_marks_beside_a_broadcast_elsewhere_are_moved_by_one_offset() -> None:
    broadcast = Broadcast("x", "a", Origin.ELSEWHERE, began_at=BEGIN, marks_offset=-12.5)
    assert position_of_mark(broadcast, [], BEGIN + timedelta(seconds=100)) == 87.5
    assert position_of_mark(broadcast, [], BEGIN + timedelta(seconds=3)) == 0
    own = replace(broadcast, origin=Origin.OWN, marks_offset=0.5)
    assert position_of_mark(own, received((2, 0)), BEGIN + timedelta(seconds=1)) == 1.5

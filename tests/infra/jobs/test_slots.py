"""Reading what a worker takes."""

from __future__ import annotations

import pytest

from infra.jobs.slots import by_process, read_slots
from media.errors import InvalidInput


def test_numbers_stand_behind_a_colon() -> None:
    assert read_slots("quick transcode:4, transcribe", 2) == {"quick": 2, "transcode": 4, "transcribe": 2}
    assert read_slots("transcribe") == {"transcribe": 1}
    assert by_process({"quick": 1, "transcode": 3}) == [
        ["quick", "transcode"],
        ["transcode"],
        ["transcode"],
    ]


@pytest.mark.parametrize("written", ["", "fast", "quick:", "quick:0", "quick:-1", "quick:99", "quick:x"])
def test_nonsense_is_refused_with_what_would_do(written: str) -> None:
    with pytest.raises(InvalidInput, match="TUALAI_WORKER_QUEUES"):
        read_slots(written)

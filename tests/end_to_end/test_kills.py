"""A killed worker's run ends as an undisturbed one does (a short run of `bench/kills.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.kills import measure
from tests.infra.clips import make_clip

pytestmark = [pytest.mark.slow, pytest.mark.thorough]


@pytest.mark.model
def test_killed_runs_end_like_an_undisturbed_one(tmp_path: Path) -> None:
    report = measure(5, 7, make_clip(tmp_path / "kills.mkv", 60, codec="mpeg4"))
    assert report["state"] == ["done", "published"]
    for run in report["runs"]:
        assert run["resumed"] and not (run["redone"] or run["different"] or run["left_over"]), run

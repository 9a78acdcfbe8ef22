"""Uploads by tuspy and tus-js-client while both sides are killed (a short run of `bench/uploads.py`)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.tus_runs import make_file, run, serving

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("client", "checked"), [("tuspy", False), ("tuspy", True), ("tus-js-client", False)]
)
def test_killed_at_random_a_file_arrives_whole(
    tmp_path: Path, thorough: bool, client: str, checked: bool
) -> None:
    if client == "tus-js-client" and shutil.which("node") is None:
        pytest.skip("node is not installed")
    sum_ = make_file(tmp_path / "sent.mp4", 40_000_000)
    with serving(tmp_path / "home") as (server, headers):
        outcome = run(
            client, server, headers, tmp_path / "sent.mp4", sum_, tmp_path / "home",
            kills=6 if thorough else 3, chunk=3_000_000, checked=checked, seed=3,
        )  # fmt: skip
    assert (outcome.identical, outcome.uploads, outcome.state) == (True, 1, "waiting")
    assert outcome.client_kills
    assert outcome.rss_peak < 1.3 * outcome.rss_before

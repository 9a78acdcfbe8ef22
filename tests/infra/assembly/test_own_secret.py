from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from infra.assembly.engines import own_secret


def test_all_who_start_at_once_get_one_secret_that_only_its_owner_reads(tmp_path: Path) -> None:
    path, numbers = tmp_path / "secret.key", count()
    with ThreadPoolExecutor(8) as pool:
        got = set(pool.map(lambda _: own_secret(path, lambda: f"key {next(numbers)}"), range(32)))
    assert len(got) == 1
    assert own_secret(path, lambda: "another") in got
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]

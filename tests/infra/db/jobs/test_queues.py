"""Figures for monitoring, over both databases."""

from __future__ import annotations

from infra.db.archive.disk_usage import room_left, used_bytes
from infra.db.jobs.queues import figures
from tests.stores import Stores


def test_what_waits_is_counted(any_stores: Stores) -> None:
    assert any_stores.database is not None
    any_stores.add("thang-ba")
    any_stores.add("thang-tu")
    any_stores.jobs.cancel(any_stores.jobs.jobs()[0].id)
    found = {(f.name, *f.labels.values()): f.value for f in figures(any_stores.database)}
    assert found["jobs", "queued"] == 1
    assert found["jobs", "cancelled"] == 1
    assert 0 <= found["job_oldest_seconds", "queued"] < 60
    assert found["index_waiting",] == 2
    assert 0 <= found["index_lag_seconds",] < 60
    assert found["workers",] == 0
    assert found["storage_bytes",] == used_bytes(any_stores.database) > 0
    quota = used_bytes(any_stores.database) / 1e9 + 1
    assert room_left(any_stores.database, quota) == 10**9
    assert room_left(any_stores.database, 0) is None
    assert {name for name, *_ in found} >= {"pieces", "live_streams", "live_viewers", "episodes"}

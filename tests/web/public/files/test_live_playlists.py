from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from infra.db.live.broadcasts import SqlBroadcasts
from media.archive.episodes import Episode, Programme
from media.live.broadcast import SOURCE, LiveRendition, LiveSegment
from tests.stores import Stores
from web.domain.sending.fernet import FernetEncryption, new_key
from web.public.files.live_playlists import FRESH_SECONDS, LivePlaylists

BEGIN = datetime(2026, 11, 22, 12, 0)


@pytest.fixture
def broadcasts(any_stores: Stores) -> Iterator[SqlBroadcasts]:
    any_stores.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    assert any_stores.database is not None
    encryption = FernetEncryption([new_key()])
    made = SqlBroadcasts(any_stores.database, lambda: encryption)
    made.plan(Episode("so-1", "dh", "Số 1", date(2026, 11, 22)))
    yield made


def test_the_end_is_told_with_all_that_came_before_it(broadcasts: SqlBroadcasts) -> None:
    """The broadcast, its segments and each playlist are kept for a moment, and not of the same one."""
    now = 0.0
    playlists = LivePlaylists(broadcasts, lambda: now)
    take = broadcasts.begin_session(broadcasts.stream_key("so-1"))
    broadcasts.add_rendition("so-1", LiveRendition(take.number, SOURCE, "avc1.42C01E", "a" * 64, 640, 360))
    first = LiveSegment("so-1", SOURCE, 0, take.number, 0.0, 2.0, BEGIN, 1000, discontinuity=True)
    broadcasts.add_segment(first)
    assert playlists.media("so-1", SOURCE, delta=False).count("#EXTINF") == 1
    now = FRESH_SECONDS
    playlists.broadcast("so-1")
    now += 0.1
    playlists.media("so-1", SOURCE, delta=True)  # looks for new segments just before the last one comes
    at = BEGIN + timedelta(seconds=2)
    broadcasts.add_segment(replace(first, number=1, start=2.0, at=at, discontinuity=False))
    broadcasts.end("so-1")
    broadcasts.close_session("so-1", take.number)
    now = 2 * FRESH_SECONDS + 0.01
    told = playlists.media("so-1", SOURCE, delta=False)
    assert "#EXT-X-ENDLIST" in told
    assert told.count("#EXTINF") == 2

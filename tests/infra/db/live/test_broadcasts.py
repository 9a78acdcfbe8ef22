"""Broadcasts, on the real database: keys, takes, fences, the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from infra.db.archive.editing import SqlEditing
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.live.broadcasts import SqlBroadcasts
from infra.db.live.viewers import SqlViewers
from infra.db.outbox.audit import SqlAudit
from infra.db.outbox.events import SqlEvents
from infra.db.tables.live import broadcasts as table
from media.archive.editing import facts_of
from media.archive.episodes import Episode, EpisodeState, Programme
from media.errors import Conflict, Forbidden, InvalidInput, Message, NotFound
from media.live.broadcast import (
    AUDIO,
    SOURCE,
    Health,
    LiveRendition,
    LiveSegment,
    OnAir,
    Origin,
    position_of_mark,
)
from media.live.srt_ports import srt_port
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind
from web.domain.sending.fernet import FernetEncryption, new_key


@pytest.fixture
def stores(any_stores: Stores) -> Stores:
    any_stores.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    return any_stores


@pytest.fixture
def database(stores: Stores) -> Database:
    assert stores.database
    return stores.database


@pytest.fixture
def broadcasts(database: Database) -> SqlBroadcasts:
    encryption = FernetEncryption([new_key()])
    return SqlBroadcasts(database, lambda: encryption)


@pytest.fixture
def key(broadcasts: SqlBroadcasts) -> str:
    broadcasts.plan(episode(), now() + timedelta(hours=1))
    return broadcasts.stream_key("so-1")


def episode(slug: str = "so-1") -> Episode:
    return Episode(slug, "dh", "Số 1", date(2026, 11, 22), publish_when_ready=True)


def segment(number: int, take: int, start: float, rendition: str = SOURCE, **more: object) -> LiveSegment:
    return LiveSegment("so-1", rendition, number, take, start, 2.0, now(), 1000, **more)  # type: ignore[arg-type]


def told(database: Database) -> list[tuple[str, str]]:
    events = SqlEvents(database).after(0)
    return [(each.channel, str(each.data.get("state", each.kind))) for each in events]


def test_a_broadcast_from_its_plan_to_its_recording(
    stores: Stores, database: Database, broadcasts: SqlBroadcasts, key: str
) -> None:
    assert stores.catalogue.episode("so-1").state is EpisodeState.SCHEDULED
    assert broadcasts.episode_of(key) == "so-1"
    first = broadcasts.begin_session(key)
    assert (first.number, first.base, first.first) == (1, 0.0, {})
    assert stores.catalogue.episode("so-1").state is EpisodeState.LIVE
    broadcasts.add_rendition("so-1", LiveRendition(1, SOURCE, "avc1.42C01E", "a" * 64, 640, 360))
    broadcasts.add_rendition(
        "so-1", LiveRendition(1, SOURCE, "avc1.42C01E", "a" * 64, 640, 360, bandwidth=9)
    )
    added = broadcasts.add_segment(segment(0, 1, 0.0, discontinuity=True))
    assert broadcasts.add_segment(segment(0, 1, 0.0, discontinuity=True)).id == added.id, (
        "again changes nothing"
    )
    broadcasts.add_segment(segment(1, 1, 2.0))
    broadcasts.add_segment(segment(0, 1, 0.0, AUDIO))
    assert [each.number for each in broadcasts.segments("so-1")] == [0, 1]
    assert [each.number for each in broadcasts.segments("so-1", SOURCE, added.id)] == [1]
    assert [each.bandwidth for each in broadcasts.renditions("so-1")] == [9]
    broadcasts.close_session("so-1", 1)
    assert state(broadcasts) is OnAir.INTERRUPTED
    second = broadcasts.begin_session(key)
    assert (second.number, second.base, second.first) == (2, 4.0, {SOURCE: 2, AUDIO: 1})
    broadcasts.add_segment(segment(2, 2, 4.0, discontinuity=True))
    broadcasts.end("so-1")
    broadcasts.end("so-1")
    assert stores.catalogue.episode("so-1").state is EpisodeState.PROCESSING
    assert broadcasts.claim_recording(now() + timedelta(minutes=1)) is None, (
        "the last segment is on its way"
    )
    broadcasts.add_segment(segment(3, 2, 6.0))
    broadcasts.close_session("so-1", 2)
    claimed = broadcasts.claim_recording(now() + timedelta(minutes=1))
    assert claimed is not None
    assert claimed.episode == "so-1"
    assert broadcasts.claim_recording(now() + timedelta(minutes=1)) is None, "claimed already"
    broadcasts.hold_recording("so-1", now() - timedelta(seconds=1))
    assert broadcasts.claim_recording(now() + timedelta(minutes=1)) is not None, "its maker was killed"
    broadcasts.recorded("so-1")
    found = broadcasts.broadcast("so-1")
    assert found is not None
    assert (found.state, found.recorded) == (OnAir.ENDED, True)
    assert told(database) == [
        ("public:so-1", "on_air"),
        ("public:so-1", "interrupted"),
        ("public:so-1", "on_air"),
        ("public:so-1", "ended"),
    ]
    broadcasts.forget("so-1")
    assert broadcasts.segments("so-1") == []
    assert [each.action for each in SqlAudit(database).entries()] == ["broadcast.end", "broadcast.plan"]


def state(broadcasts: SqlBroadcasts) -> OnAir:
    found = broadcasts.broadcast("so-1")
    assert found is not None
    return found.state


def test_a_later_connection_fences_the_earlier_one_off(broadcasts: SqlBroadcasts, key: str) -> None:
    broadcasts.begin_session(key)
    broadcasts.begin_session(key)
    with pytest.raises(Conflict):
        broadcasts.add_segment(segment(0, 1, 0.0))
    with pytest.raises(Conflict):
        broadcasts.say_health("so-1", 1, Health())
    broadcasts.close_session("so-1", 1)
    assert state(broadcasts) is OnAir.RECEIVING, "the old one's end is none of the broadcast's"
    broadcasts.add_segment(segment(0, 2, 0.0))


def test_keys_open_only_their_own_and_only_until_they_are_replaced(
    database: Database, broadcasts: SqlBroadcasts, key: str
) -> None:
    for wrong in ("", "nope", key.upper(), "x" * 500):
        with pytest.raises(Forbidden):
            broadcasts.begin_session(wrong)
    renewed = broadcasts.new_key("so-1")
    with pytest.raises(Forbidden):
        broadcasts.episode_of(key)
    assert broadcasts.stream_key("so-1") == renewed
    assert broadcasts.expect(renewed) == "so-1"
    with database.read() as c:
        row = c.execute(table.select()).mappings().one()
    assert renewed.encode() not in row["key_sealed"]
    assert renewed not in str(dict(row))
    broadcasts.end("so-1")
    with pytest.raises(Forbidden, match="ended"):
        broadcasts.begin_session(renewed)


def test_what_was_never_sent_needs_no_recording(broadcasts: SqlBroadcasts, key: str) -> None:
    assert broadcasts.end("so-1").recorded
    assert broadcasts.claim_recording(now() + timedelta(minutes=1)) is None


def test_who_forgot_to_end_it_is_helped(broadcasts: SqlBroadcasts, key: str) -> None:
    assert broadcasts.end_forgotten(now()) == [], "it has not begun"
    broadcasts.begin_session(key)
    assert broadcasts.end_forgotten(now() - timedelta(minutes=15)) == []
    assert broadcasts.end_forgotten(now() + timedelta(seconds=1)) == ["so-1"]
    assert state(broadcasts) is OnAir.ENDED


def test_health_and_viewers(database: Database, broadcasts: SqlBroadcasts, key: str) -> None:
    take = broadcasts.begin_session(key).number
    viewers = SqlViewers(database)
    viewers.report("a", {"so-1": 3, "another": 5})
    viewers.report("b", {"so-1": 4})
    broadcasts.say_health(
        "so-1", take, Health(video_kbps=1500.5, dropped=2, warning=Message("Only %(free)s GB.", free=1))
    )
    found = broadcasts.health("so-1")
    assert (found.video_kbps, found.dropped, found.viewers, found.warning) == (
        1500.5,
        2,
        7,
        Message("Only %(free)s GB.", free=1),
    )
    viewers.report("a", {})
    assert broadcasts.health("so-1").viewers == 4
    last = [each for each in SqlEvents(database).after(0) if each.kind == "health"][-1]
    assert (last.channel, last.kind, last.data["viewers"]) == ("desk:so-1", "health", 7)


def test_what_was_given_up_is_told(broadcasts: SqlBroadcasts, key: str) -> None:
    broadcasts.begin_session(key)
    broadcasts.add_segment(segment(0, 1, 0.0, "480p"))
    broadcasts.give_up("so-1", "480p", [0])
    assert broadcasts.segment("so-1", "480p", 0).removed
    with pytest.raises(NotFound):
        broadcasts.segment("so-1", "480p", 1)


def test_a_broadcast_elsewhere(stores: Stores, broadcasts: SqlBroadcasts, key: str) -> None:
    with pytest.raises(Conflict):
        broadcasts.begin_elsewhere("so-1")
    for wrong in ("http://facebook.com/x", "javascript:alert(1)", "https://a b.vn/", "https://u:p@x.vn/"):
        with pytest.raises(InvalidInput):
            broadcasts.change("so-1", elsewhere_url=wrong)
    found = broadcasts.change("so-1", elsewhere_url="https://www.facebook.com/watch/?v=1", marks_offset=-3)
    assert found.origin is Origin.ELSEWHERE
    with pytest.raises(Forbidden, match="elsewhere"):
        broadcasts.begin_session(key)
    assert broadcasts.begin_elsewhere("so-1").began_at is not None
    assert stores.catalogue.episode("so-1").state is EpisodeState.LIVE
    assert broadcasts.change("so-1", elsewhere_url="").origin is Origin.OWN


def test_settings_are_checked_and_follow_a_new_address(
    stores: Stores, database: Database, broadcasts: SqlBroadcasts, key: str
) -> None:
    with pytest.raises(InvalidInput):
        broadcasts.change("so-1", segment_seconds=3)
    assert broadcasts.change("so-1", segment_seconds=1.0, captions=False).segment_seconds == 1.0
    with pytest.raises(NotFound):
        broadcasts.change("there-is-none", captions=True)
    stored = stores.catalogue.episode("so-1")
    facts = facts_of(stored)
    SqlEditing(database).save_facts(
        "so-1", type(facts)(**{**vars_of(facts), "slug": "so-moi"}), stored.version
    )
    assert broadcasts.episode_of(key) == "so-moi"
    assert stores.add("co-ban-thu").recording
    with pytest.raises(Conflict):
        broadcasts.set_up("co-ban-thu")


def vars_of(facts: object) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}  # type: ignore[attr-defined]


def test_segments_move_together_never_before_the_beginning(
    stores: Stores, broadcasts: SqlBroadcasts
) -> None:
    slug = stores.add("thang-tu").slug
    for start in (10.0, 60.0):
        save_segment(stores.transcripts, slug, Segment(SegmentKind.ANSWER, start, start + 20, "Hỏi", "Hỏi"))
    assert broadcasts.shift(slug, -4.5) == 2
    assert [(each.start, each.end) for each in stores.transcripts.segments(slug)] == [
        (5.5, 25.5),
        (55.5, 75.5),
    ]
    with pytest.raises(InvalidInput, match=r"5\.5"):
        broadcasts.shift(slug, -6)
    with pytest.raises(InvalidInput):
        broadcasts.shift(slug, float("nan"))


def test_marks_put_in_their_place_later_move_with_the_segments(
    stores: Stores, broadcasts: SqlBroadcasts, key: str
) -> None:
    broadcasts.begin_session(key)
    save_segment(stores.transcripts, "so-1", Segment(SegmentKind.ANSWER, 10.0, 20.0, "Hỏi", "Hỏi"))
    broadcasts.shift("so-1", 4.5)
    broadcasts.shift("so-1", -1.5)
    broadcasts.change("so-1", captions=False)  # other settings leave it
    found = broadcasts.broadcast("so-1")
    assert found is not None and found.marks_offset == 3.0
    first = segment(0, 1, 0.0)
    assert position_of_mark(found, [first], first.at + timedelta(seconds=1)) == 4.0


def test_open_broadcasts_have_srt_ports_of_their_own(broadcasts: SqlBroadcasts) -> None:
    made = [broadcasts.plan(episode(f"so-{number}")) for number in range(1, 5)]
    assert [each.slot for each in made] == [0, 1, 2, 3]
    broadcasts.end("so-2")
    assert broadcasts.plan(episode("so-5")).slot == 1
    assert srt_port("srt://0.0.0.0:9000", made[3]) == 9003

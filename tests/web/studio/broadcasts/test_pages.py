"""Broadcasts in the studio, what viewers are given of them, and the door for a media server in front."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.assembly.groups import live_services
from infra.db.archive.taxonomy import SqlTaxonomy
from infra.db.live.broadcasts import SqlBroadcasts
from media.archive.episodes import EpisodeState, Programme
from media.live.broadcast import SOURCE, LiveRendition, LiveSegment, OnAir
from tests.web.groups import given
from tests.web.studio.conftest import Studio, csrf_in
from web.domain.sending.fernet import FernetEncryption, new_key

BEGIN = datetime(2026, 11, 22, 12, 0, 0)
PLANNED = {"title": "Hỏi đáp về lương", "programme": "dh", "day": "2026-12-05", "time": "19:30"}
HERE = "/studio/episodes/hoi-dap-ve-luong/broadcast"


@pytest.fixture
def broadcasts(studio: Studio) -> SqlBroadcasts:
    encryption = FernetEncryption([new_key()])
    live = live_services(studio.database, lambda: encryption)
    studio.stores.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    SqlTaxonomy(studio.database)
    services = given(
        replace(studio.services, live=live),
        live_address="rtmp://0.0.0.0:1936/live",
        live_secret="s3cret",
    )
    studio.app.state.services = services
    return live.broadcasts  # type: ignore[return-value] # the SQL store


def post(studio: Studio, path: str, role: str = "editor", **form: str) -> tuple[int, str]:
    client = studio.client(role)
    form["csrf"] = csrf_in(client.get("/studio/account").text)
    answer = client.post(path, data=form)
    return answer.status_code, answer.headers.get("location", "") or answer.text


def plan(studio: Studio) -> None:
    assert post(studio, "/studio/broadcasts", **PLANNED) == (303, HERE)


def receive(studio: Studio, broadcasts: SqlBroadcasts, seconds: int = 6) -> str:
    """A take of segments that hold only their names; returns its folder."""
    take = broadcasts.begin_session(broadcasts.stream_key("hoi-dap-ve-luong"))
    folder, slug = take.broadcast.folder, take.broadcast.episode
    rendition = LiveRendition(
        take.number, SOURCE, "avc1.42C01E,mp4a.40.2", "a" * 64, 640, 360, 30.0, 900_000
    )
    broadcasts.add_rendition(slug, rendition)
    studio.services.archive.storage.put(rendition.key(folder), io.BytesIO(b"init"))
    first = take.first.get(SOURCE, 0)
    for number in range(first, first + seconds // 2):
        start = take.base + 2.0 * (number - first)
        segment = LiveSegment(
            slug,
            SOURCE,
            number,
            take.number,
            start,
            2.0,
            BEGIN + timedelta(seconds=start),
            9,
            number == first,
        )
        studio.services.archive.storage.put(segment.key(folder), io.BytesIO(f"segment {number}".encode()))
        broadcasts.add_segment(segment)
    return folder


def test_an_editor_plans_a_broadcast_and_finds_what_the_encoder_needs(
    studio: Studio, broadcasts: SqlBroadcasts
) -> None:
    plan(studio)
    page = studio.client("editor").get(HERE).text
    assert broadcasts.stream_key("hoi-dap-ve-luong") in page
    assert "rtmp://testserver:1936/live" in page
    found = broadcasts.broadcast("hoi-dap-ve-luong")
    assert found is not None
    assert found.starts_at == datetime(2026, 12, 5, 12, 30), "19:30 in Việt Nam"
    assert "Hỏi đáp về lương" in studio.client("editor").get("/studio/broadcasts").text
    for missing in ("title", "day"):
        status, text = post(studio, "/studio/broadcasts", **{**PLANNED, missing: ""})
        assert status == 400
        assert 'role="alert"' in text


def test_a_moderator_sees_how_it_does_but_not_the_key(studio: Studio, broadcasts: SqlBroadcasts) -> None:
    plan(studio)
    page = studio.client("moderator").get(HERE).text
    assert broadcasts.stream_key("hoi-dap-ve-luong") not in page
    assert 'data-health="/api/v1/episodes/hoi-dap-ve-luong/broadcast"' in page
    assert post(studio, HERE, "moderator", **{"do": "end", "sure": "yes"})[0] == 403
    told = studio.client("moderator").get("/api/v1/episodes/hoi-dap-ve-luong/broadcast").json()
    assert (told["state"], told["takes"], told["viewers"]) == ("waiting", 0, 0)


@pytest.mark.smoke
def test_settings_a_new_key_and_the_end(studio: Studio, broadcasts: SqlBroadcasts) -> None:
    plan(studio)
    key = broadcasts.stream_key("hoi-dap-ve-luong")
    assert post(studio, HERE, do="new-key")[0] == 303
    assert broadcasts.stream_key("hoi-dap-ve-luong") != key
    form = {
        "do": "save",
        "seconds": "1",
        "announced": "on",
        "day": "2026-12-06",
        "time": "",
        "elsewhere": "",
    }
    assert post(studio, HERE, **form)[0] == 303
    found = broadcasts.broadcast("hoi-dap-ve-luong")
    assert found is not None
    assert (found.segment_seconds, found.captions, found.announced) == (1.0, False, True)
    receive(studio, broadcasts)
    status, text = post(studio, HERE, do="end")
    assert status == 400, text
    assert post(studio, HERE, do="end", sure="yes")[0] == 303
    found = broadcasts.broadcast("hoi-dap-ve-luong")
    assert found is not None
    assert found.state is OnAir.ENDED
    assert "Đã kết thúc" in studio.client("editor").get(HERE).text
    assert post(studio, HERE, do="dance")[0] == 400


def test_viewers_get_playlists_and_segments_while_it_is_announced(
    studio: Studio, broadcasts: SqlBroadcasts
) -> None:
    plan(studio)
    viewer, at = studio.client(), "/live/hoi-dap-ve-luong"
    assert viewer.get(f"{at}/master.m3u8").status_code == 404, "nothing was received yet"
    receive(studio, broadcasts)
    studio.app.state.live = None  # a process that has not answered yet: nothing is remembered
    master = viewer.get(f"{at}/master.m3u8")
    assert "source/index.m3u8" in master.text
    assert "RESOLUTION=640x360" in master.text
    playlist = viewer.get(f"{at}/source/index.m3u8")
    assert playlist.headers["cache-control"] == "public, max-age=1"
    assert re.findall(r"\d+\.m4s", playlist.text) == ["0.m4s", "1.m4s", "2.m4s"]
    assert "ENDLIST" not in playlist.text
    again = viewer.get(f"{at}/source/index.m3u8", headers={"if-none-match": playlist.headers["etag"]})
    assert again.status_code == 304
    segment = viewer.get(f"{at}/source/1.m4s")
    assert (segment.text, segment.headers["content-type"]) == ("segment 1", "video/iso.segment")
    assert "immutable" in segment.headers["cache-control"]
    assert viewer.get(f"{at}/source/init-1.mp4").text == "init"
    for missing in (
        "source/9.m4s",
        "source/init-7.mp4",
        "480p/index.m3u8",
        "..%2f/index.m3u8",
        "SRC/index.m3u8",
    ):
        assert viewer.get(f"{at}/{missing}").status_code == 404, missing
    broadcasts.change("hoi-dap-ve-luong", announced=False)
    assert viewer.get(f"{at}/source/1.m4s").status_code == 404, "only for who is announced"
    assert studio.client("editor").get(f"{at}/source/1.m4s").status_code == 200
    assert studio.stores.catalogue.episode("hoi-dap-ve-luong").state is EpisodeState.LIVE


def test_a_media_server_in_front_asks_who_may_send(studio: Studio, broadcasts: SqlBroadcasts) -> None:
    plan(studio)
    key, nginx = broadcasts.stream_key("hoi-dap-ve-luong"), studio.client()

    def ask(secret: str, name: str, **headers: str) -> int:
        form = {"call": "publish", "name": name, "addr": "10.0.0.9"}
        return nginx.post(f"/live/authorise?secret={secret}", data=form, headers=headers).status_code

    asked = datetime.now(UTC).replace(tzinfo=None)
    assert ask("s3cret", key) == 204
    found = broadcasts.broadcast("hoi-dap-ve-luong")
    assert found is not None
    assert found.expected_at is not None
    assert asked <= found.expected_at <= datetime.now(UTC).replace(tzinfo=None)
    assert ask("s3cret", "nope") == 403
    assert ask("wrong", key) == 403
    assert ask("", key) == 403
    assert ask("s3cret", key, **{"sec-fetch-site": "cross-site"}) == 403

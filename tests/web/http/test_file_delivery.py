"""Every way to deliver segments: public ones arrive; unpublished and withdrawn ones never, at any guessed address."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from starlette.testclient import TestClient

from infra.assembly.engines import make_delivery
from infra.configuration.settings import Settings
from media.archive.episodes import EpisodeState, renditions_prefix
from media.errors import InvalidInput
from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server
from tests.web.groups import given
from tests.web.sample_archive import MATERNITY, SEGMENT_BYTES, Archive, recording_id
from web.app import create_app
from web.http.file_delivery import (
    Accel,
    Cdn,
    Delivery,
    Presigned,
    Signed,
    Streaming,
    checked_base,
    secure_link,
)
from web.http.headers import policy

PLAYLIST = b"""#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.000,
1.m4s
#EXTINF:2.000,
../480/2.m4s
#EXT-X-ENDLIST
"""
PUBLIC, REVIEW, WITHDRAWN = recording_id(1), recording_id(4), recording_id(5)
CDN, STORE = "https://cdn.example", "https://store.example"


class Links:
    """A store that signs, and says what for."""

    def link(self, key: str, seconds: int, media_type: str = "", caching: str = "") -> str:
        return f"{STORE}/bucket/{key}?sig=1&for={seconds}"

    def link_origin(self) -> str:
        return STORE


WAYS: dict[str, Callable[[], Delivery]] = {
    "site": Streaming,
    "accel": lambda: Accel("/_files"),
    "accel to S3": lambda: Accel("/_files", Links()),
    "presigned": lambda: Presigned(Links(), 3600, lambda: 7300.0),
    "signed": lambda: Signed(f"{CDN}/v", "secret", 3600, lambda: 7300.0),
    "cdn": lambda: Cdn(CDN, 3600),
}


def asking(client: TestClient, archive: Archive, way: str) -> TestClient:
    services = given(archive.services, delivery=WAYS[way]())
    client.app.state.services = services  # type: ignore[attr-defined]
    for recording in (PUBLIC, REVIEW, WITHDRAWN):
        archive.storage.put(f"{renditions_prefix(recording)}/480/index.m3u8", io.BytesIO(PLAYLIST))
    return client


@pytest.mark.parametrize(
    ("way", "segment", "status", "header", "value"),
    [
        ("site", "1.m4s", 200, "cache-control", "public, max-age=31536000, immutable"),
        ("accel", "1.m4s", 200, "x-accel-redirect", f"/_files/{renditions_prefix(PUBLIC)}/480/1.m4s"),
        (
            "accel to S3",
            "1.m4s",
            200,
            "x-accel-redirect",
            f"/_files/bucket/{renditions_prefix(PUBLIC)}/480/1.m4s?sig=1&for=60",
        ),
        (
            "presigned",
            "1.m4s",
            307,
            "location",
            f"{STORE}/bucket/{renditions_prefix(PUBLIC)}/480/1.m4s?sig=1&for=3600",
        ),
        (
            "signed",
            f"{CDN}/v/{renditions_prefix(PUBLIC)}/480/1.m4s?md5=%s&expires=14406",
            200,
            "cache-control",
            "public, max-age=31536000, immutable",
        ),
        (
            "cdn",
            f"{CDN}/media/{PUBLIC}/480/1.m4s",
            200,
            "cache-control",
            "public, max-age=31536000, s-maxage=3600, immutable",
        ),
    ],
)
def test_where_a_public_segment_is(
    client: TestClient, archive: Archive, way: str, segment: str, status: int, header: str, value: str
) -> None:
    asking(client, archive, way)
    lines = client.get(f"/media/{PUBLIC}/480/index.m3u8").text.splitlines()
    if "%s" in segment:
        segment %= secure_link(f"/v/{renditions_prefix(PUBLIC)}/480/1.m4s", 14406, "secret")
    assert lines[4] == segment
    assert lines[6] == "../480/2.m4s"
    assert (
        lines[2] == f'#EXT-X-MAP:URI="{segment.replace("1.m4s", "init.mp4").partition("?")[0]}"'
        or "?" in segment
    )
    answer = client.get(f"/media/{PUBLIC}/480/1.m4s")
    assert (answer.status_code, answer.headers[header]) == (status, value)
    assert client.head(f"/media/{PUBLIC}/480/1.m4s").headers["content-length"] == str(len(SEGMENT_BYTES))
    assert client.get(f"/media/{PUBLIC}/poster.jpg").content == b"jpeg"
    assert client.get(f"/media/{PUBLIC}/master.m3u8").text.count("://") == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("recording", [REVIEW, WITHDRAWN, "f" * 64])
def test_no_way_leads_to_what_is_not_public(
    client: TestClient, archive: Archive, way: str, recording: str
) -> None:
    asking(client, archive, way)
    for path in ("master.m3u8", "480/index.m3u8", "480/1.m4s", "480/init.mp4", "poster.jpg", "source.mp4"):
        for method in ("GET", "HEAD"):
            answer = client.request(method, f"/media/{recording}/{path}")
            assert answer.status_code == 404
            assert not {"location", "x-accel-redirect", "access-control-allow-origin"} & set(answer.headers)
            assert b"://" not in answer.content or b"store.example" not in answer.content


@pytest.mark.parametrize("way", WAYS)
def test_neither_the_source_nor_another_key_can_be_asked_for(
    client: TestClient, archive: Archive, way: str
) -> None:
    asking(client, archive, way)
    for path in (
        "..%2fsource.mp4", "480/..%2f..%2fsource.mp4", "%2e%2e/source.mp4",
        f"..%2f..%2f{WITHDRAWN}%2frenditions%2f480%2f1.m4s", "480/1.m4s%3fx", "a%0d%0ax.mp4",
    ):  # fmt: skip
        answer = client.get(f"/media/{PUBLIC}/{path}")
        assert answer.status_code == 404, path
        assert not {"location", "x-accel-redirect"} & set(answer.headers)


@pytest.mark.parametrize("way", WAYS)
def test_withdrawing_ends_every_way_at_once(client: TestClient, archive: Archive, way: str) -> None:
    asking(client, archive, way)
    assert client.get(f"/media/{PUBLIC}/480/1.m4s").status_code in (200, 307)
    archive.catalogue.set_state(MATERNITY, EpisodeState.WITHDRAWN)
    for path in ("480/index.m3u8", "480/1.m4s"):
        assert client.get(f"/media/{PUBLIC}/{path}").status_code == 404


def test_links_to_the_store_are_the_same_for_a_while_and_end() -> None:
    now = 1000.0
    made: list[str] = []

    class Counting(Links):
        def link(self, key: str, seconds: int, media_type: str = "", caching: str = "") -> str:
            made.append(key)
            return f"{super().link(key, seconds)}&n={len(made)}"

    delivery = Presigned(Counting(), 600, lambda: now)
    first = delivery.answer(PUBLIC, "480/1.m4s")
    now = 1190.0
    again = delivery.answer(PUBLIC, "480/1.m4s")
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["cache-control"] == "private, max-age=10"
    now = 1201.0
    assert delivery.answer(PUBLIC, "480/1.m4s").headers["location"] != first.headers["location"]


def test_signed_links_are_nginxs() -> None:
    """The example of nginx's documentation, whose expression has the client's address before the secret."""
    assert secure_link("/s/link127.0.0.1", 2147483647, "secret") == "_e4Nc3iduzkWRm01TBBNYw"


def test_pages_may_fetch_media_from_there_and_nothing_else() -> None:
    directives = dict(each.split(" ", 1) for each in policy(CDN).split("; "))
    assert directives.pop("media-src") == f"'self' {CDN} blob:"
    assert directives.pop("connect-src") == f"'self' {CDN}"
    assert not [value for value in directives.values() if CDN in value]
    assert CDN not in policy()


def test_the_sites_pages_say_so(archive: Archive) -> None:
    client = TestClient(create_app(given(archive.services, delivery=Cdn(CDN, 60))))
    assert f"connect-src 'self' {CDN}" in client.get("/robots.txt").headers["content-security-policy"]


@pytest.mark.parametrize(
    "base", ["", "cdn.example", "https://a b", "https://x;script-src", "https://a/?b", "ftp://a"]
)
def test_a_base_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(InvalidInput, match="TUALAI_DELIVERY_URL"):
        checked_base(base)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, Streaming),
        ({"delivery": "accel"}, Accel),
        ({"delivery": "cdn", "delivery_url": CDN}, Cdn),
        ({"delivery": "signed", "delivery_url": CDN, "delivery_secret": "s"}, Signed),
        ({"delivery": "signed", "delivery_url": CDN}, "DELIVERY_SECRET"),
        ({"delivery": "presigned"}, "needs files in S3"),
        ({"delivery": "cdn"}, "DELIVERY_URL"),
    ],
)
def test_the_settings_choose(values: dict[str, str], kind: type | str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, **values)  # type: ignore[arg-type]
    if isinstance(kind, str):
        with pytest.raises(InvalidInput, match=kind):
            make_delivery(settings)
    else:
        assert type(make_delivery(settings)) is kind


def test_a_real_store_opens_for_the_link_and_for_nothing_else(
    s3_server: S3Server, client: TestClient, archive: Archive, tmp_path: Path
) -> None:
    url = s3_server.url(s3_server.bucket(), "archive")
    store = s3_server.storage(url)
    kept = [f"{renditions_prefix(each)}/480/1.m4s" for each in (PUBLIC, WITHDRAWN)]
    kept.append(f"recordings/{PUBLIC}/source.mp4")
    for key in kept:
        store.put(key, io.BytesIO(SEGMENT_BYTES))
    settings = Settings(
        home=tmp_path, storage_url=url, storage_key=KEY, storage_secret=SECRET, delivery="presigned"
    )  # type: ignore[arg-type]
    services = given(archive.services, delivery=make_delivery(settings), storage=store)
    client.app.state.services = services  # type: ignore[attr-defined]
    link = client.get(f"/media/{PUBLIC}/480/1.m4s").headers["location"]
    assert link.startswith(s3_server.endpoint)
    assert services.delivery is not None and services.delivery.origin == s3_server.endpoint
    with urlopen(link) as answer:
        assert answer.read() == SEGMENT_BYTES
        assert answer.headers["content-type"] == "video/iso.segment"
    plain, _, query = link.partition("?")
    for key in kept:
        other = plain.replace(kept[0], key)
        for tried in (other, f"{other}?{query}" if key != kept[0] else f"{other}?{query}0"):
            with pytest.raises(HTTPError) as refused:
                urlopen(tried)
            assert refused.value.code in (400, 401, 403)
    assert client.get(f"/media/{WITHDRAWN}/480/1.m4s").status_code == 404

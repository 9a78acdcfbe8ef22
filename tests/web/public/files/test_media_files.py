from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.sample_archive import SEGMENT_BYTES, Archive, recording_id

BASE = f"/media/{recording_id(1)}"
SEGMENT = f"{BASE}/480/1.m4s"
SIZE = len(SEGMENT_BYTES)


@pytest.mark.parametrize(
    ("header", "status", "content", "content_range"),
    [
        (None, 200, SEGMENT_BYTES, None),
        ("bytes=0-9", 206, SEGMENT_BYTES[:10], f"bytes 0-9/{SIZE}"),
        ("bytes=10000-", 206, SEGMENT_BYTES[10000:], f"bytes 10000-{SIZE - 1}/{SIZE}"),
        ("bytes=-7", 206, SEGMENT_BYTES[-7:], f"bytes {SIZE - 7}-{SIZE - 1}/{SIZE}"),
        ("bytes=5-999999", 206, SEGMENT_BYTES[5:], f"bytes 5-{SIZE - 1}/{SIZE}"),
        ("bytes=nonsense", 200, SEGMENT_BYTES, None),
        ("bytes=0-1,3-4", 200, SEGMENT_BYTES, None),
        (f"bytes={SIZE}-", 416, b"", f"bytes */{SIZE}"),
    ],
)
def test_ranges(
    client: TestClient, header: str | None, status: int, content: bytes, content_range: str | None
) -> None:
    answer = client.get(SEGMENT, headers={"range": header} if header else {})
    assert answer.status_code == status
    assert answer.content == content
    assert answer.headers.get("content-range") == content_range
    assert answer.headers["content-length"] == str(len(content))
    head = client.head(SEGMENT, headers={"range": header} if header else {})
    assert (head.status_code, head.content) == (status, b"")
    assert head.headers["content-length"] == str(len(content))


def test_segments_are_kept_and_asked_for_by_tag(client: TestClient) -> None:
    first = client.get(SEGMENT, headers={"accept-encoding": "gzip"})
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["content-type"] == "video/iso.segment"
    assert first.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in first.headers
    tag = first.headers["etag"]
    assert client.get(SEGMENT, headers={"if-none-match": f'"other", W/{tag}'}).status_code == 304
    assert client.get(SEGMENT, headers={"range": "bytes=0-1", "if-range": tag}).status_code == 206
    assert client.get(SEGMENT, headers={"range": "bytes=0-1", "if-range": '"old"'}).status_code == 200


def test_playlists_are_checked_again(client: TestClient) -> None:
    answer = client.get(f"{BASE}/480/index.m3u8")
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert "max-age=10" in answer.headers["cache-control"]
    again = client.get(f"{BASE}/480/index.m3u8", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_master_playlist_is_made_from_the_catalogue(client: TestClient) -> None:
    answer = client.get(f"{BASE}/master.m3u8")
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    lines = answer.text.splitlines()
    assert lines[0] == "#EXTM3U"
    variants = [line for line in lines if not line.startswith("#")]
    assert set(variants) == {"720/index.m3u8", "480/index.m3u8", "audio/index.m3u8"}
    assert client.head(f"{BASE}/master.m3u8").status_code == 200


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("480/init.mp4", "video/mp4"), ("poster.jpg", "image/jpeg")],
)
def test_types(client: TestClient, path: str, media_type: str) -> None:
    assert client.get(f"{BASE}/{path}").headers["content-type"] == media_type


@pytest.mark.parametrize(
    "path",
    [
        "/media/" + recording_id(4) + "/480/1.m4s",  # in review
        "/media/" + recording_id(5) + "/480/1.m4s",  # withdrawn
        "/media/" + recording_id(4) + "/master.m3u8",
        "/media/unknown/master.m3u8",
        f"{BASE}/480/2.m4s",
        f"{BASE}/%2e%2e/source.mp4",
        f"{BASE}/..%2fsource.mp4",
        f"{BASE}/480/..%2f..%2f..%2fsource.mp4",
        f"{BASE}//etc/passwd.mp4",
        f"{BASE}/source.mp4",
        f"{BASE}/notes.html",
        f"{BASE}/480/",
        f"{BASE}/a%00.mp4",
        f"{BASE}/{'a' * 3000}.mp4",
    ],
)
def test_only_renditions_of_published_episodes(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"the source" not in answer.content


def test_withdrawing_takes_the_media_away_at_once(archive: Archive, client: TestClient) -> None:
    from media.archive.episodes import EpisodeState
    from tests.web.sample_archive import MATERNITY

    assert client.get(SEGMENT).status_code == 200
    archive.catalogue.set_state(MATERNITY, EpisodeState.WITHDRAWN)
    assert client.get(SEGMENT).status_code == 404

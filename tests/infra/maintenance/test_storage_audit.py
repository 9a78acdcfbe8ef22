"""Checking and tidying the files of a real archive, in a folder and in S3."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.maintenance.storage_audit import OPEN, Pruned, is_open, prune, verify
from media.archive.documents import Document
from media.archive.episodes import (
    Episode,
    Programme,
    Recording,
    Rendition,
    RenditionKind,
    renditions_prefix,
)
from media.errors import InvalidInput
from media.progress import silent
from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server
from tests.stores import INFO

pytestmark = pytest.mark.slow  # whole archives

SOURCE, PDF = b"the source" * 50, b"%PDF-1.4 %%EOF"
RECORDING, DOCUMENT = hashlib.sha256(SOURCE).hexdigest(), hashlib.sha256(PDF).hexdigest()
TOP = f"recordings/{RECORDING}"
FILES = {
    "v1/480/index.m3u8": b'#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\n0.m4s\n#EXTINF:4,\n1.m4s\n',
    "v1/480/init.mp4": b"init",
    "v1/480/0.m4s": b"0" * 40,
    "v1/480/1.m4s": b"1" * 41,
    "poster.jpg": b"jpeg",
    "v1/storyboard/storyboard.vtt": b"WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nsheet_0000.jpg#xywh=0,0,9,9\n",
    "v1/storyboard/sheet_0000.jpg": b"sheet",
}
ORPHANS = [
    f"{TOP}/source.old", f"{TOP}/renditions/v0/480/0.m4s", f"recordings/{'e' * 64}/source.mp4",
    f"documents/{'e' * 64}.pdf", "work/gone/a-0/x", "doctor/123",
]  # fmt: skip


@pytest.fixture(params=["folder", "s3"])
def archive(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[Archive]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(empty_database, home / "tualai.sqlite")
    values = {}
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        values = {
            "storage_url": server.url(server.bucket(), "x"),
            "storage_key": KEY,
            "storage_secret": SECRET,
        }
    with open_archive(Settings(home=home, embedder="off", **values)) as opened:  # type: ignore[arg-type]
        fill(opened)
        yield opened


def fill(archive: Archive) -> None:
    archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    recording = Recording(RECORDING, "a.mp4", len(SOURCE), f"{TOP}/source.mp4", INFO)
    archive.catalogue.add_episode(Episode("so-ba", "dh", "Số ba", date(2026, 3, 15)), recording)
    archive.storage.put(recording.storage_key, io.BytesIO(SOURCE))
    archive.storage.put(f"{TOP}/captions.srt", io.BytesIO(b"1"))
    for name, data in FILES.items():
        archive.storage.put(f"{renditions_prefix(RECORDING)}/{name}", io.BytesIO(data))
    hls = sum(len(data) for name, data in FILES.items() if "480" in name)
    archive.catalogue.save_renditions(
        RECORDING,
        [
            Rendition("480p", RenditionKind.VIDEO, "v1/480/index.m3u8", size_bytes=hls),
            Rendition("poster", RenditionKind.POSTER, "poster.jpg", size_bytes=4),
            Rendition("storyboard", RenditionKind.STORYBOARD, "v1/storyboard/storyboard.vtt"),
        ],
    )
    archive.storage.put(f"documents/{DOCUMENT}.pdf", io.BytesIO(PDF))
    archive.documents.add(Document(DOCUMENT, "so-ba", "luật.pdf", len(PDF)))


def tidy(archive: Archive, days: float, trial: bool = False) -> Pruned:
    return prune(archive, timedelta(days=days), trial, silent)


def test_what_is_whole_is_well_and_what_is_not_is_named(archive: Archive) -> None:
    found = verify(archive, True, silent)
    assert (found.problems, found.files) == ([], 2 + len(FILES))
    assert found.read_bytes == len(SOURCE) + len(PDF)
    storage, top = archive.storage, renditions_prefix(RECORDING)
    storage.delete_files([f"{top}/v1/480/1.m4s", f"{top}/v1/storyboard/sheet_0000.jpg"])
    storage.put(f"{top}/poster.jpg", io.BytesIO(b"jp"))
    storage.put(f"{TOP}/source.mp4", io.BytesIO(SOURCE[:-1] + b"?"))
    storage.put(f"documents/{DOCUMENT}.pdf", io.BytesIO(b"%"))
    quick, deep = (verify(archive, each, silent).problems for each in (False, True))
    assert len(quick) == 4
    for named in (
        "1.m4s” is missing",
        "sheet_0000.jpg” is missing",
        "“poster” of",
        f"{DOCUMENT}.pdf” has 1 b",
    ):
        assert [each for each in quick if named in each], named
    assert [each for each in deep if "source.mp4” is damaged" in each]


def test_pruning_takes_only_what_is_old_and_nobodys(archive: Archive) -> None:
    jobs = archive.jobs.jobs()
    kept = ["live/x/1/source/0.m4s", f"work/{jobs[0].id}/cut-0-a/0.wav", "elsewhere/a"]
    before = {key for area in ("recordings", "documents") for key in archive.storage.list(area)}
    for key in [*kept, *ORPHANS]:
        archive.storage.put(key, io.BytesIO(b"12345"))
    assert tidy(archive, 1).keys == []
    assert sorted(tidy(archive, -1, trial=True).keys) == sorted(ORPHANS)
    done = tidy(archive, -1)
    assert (sorted(done.keys), done.removed_bytes, done.problems) == (sorted(ORPHANS), 5 * len(ORPHANS), [])
    areas = ("recordings", "documents", "live", "work", "doctor", "elsewhere")
    assert {key for area in areas for key in archive.storage.list(area)} == before | set(kept)
    assert verify(archive, True, silent).problems == []


def test_what_is_taken_in_while_it_is_pruned_is_told_of(archive: Archive) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    key = f"recordings/{other}/source.mp4"
    archive.storage.put(key, io.BytesIO(b"other"))
    real = archive.storage.delete_files

    def meanwhile(keys: list[str]) -> None:
        recording = Recording(other, "b.mp4", 5, key, INFO)
        archive.catalogue.add_episode(Episode("so-tu", "dh", "Số tư", date(2026, 4, 15)), recording)
        real(keys)

    archive.storage.delete_files = meanwhile  # type: ignore[method-assign, assignment]
    done = tidy(archive, -1)
    assert len(done.problems) == 1 and key in done.problems[0]


def test_abandoned_uploads_to_the_store_go(s3_server: S3Server) -> None:
    bucket = s3_server.bucket()
    client, storage = s3_server.client(), s3_server.storage(s3_server.url(bucket, "mine"))
    for key in ("mine/a/1", "mine/a/2", "others/a"):
        client.create_multipart_upload(Bucket=bucket, Key=key)
    assert storage.forget_unfinished(3600) == 0
    assert storage.forget_unfinished(0) == 2
    assert [each["Key"] for each in client.list_multipart_uploads(Bucket=bucket)["Uploads"]] == ["others/a"]


def test_a_private_bucket_is_no_problem(archive: Archive) -> None:
    assert not is_open(archive)
    assert "private" in OPEN


@pytest.mark.parametrize("url", ["gs://bucket", "s3://"])
def test_a_store_there_is_none_of(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput), open_archive(Settings(home=tmp_path, storage_url=url)):
        pass

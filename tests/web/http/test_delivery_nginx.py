"""The configuration that docs/operations.md gives for nginx, with a real nginx (on PATH, or TUALAI_NGINX)."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from infra.assembly.engines import make_delivery
from infra.configuration.settings import Settings
from media.archive.episodes import EpisodeState, renditions_prefix
from media.storage.folder import FolderStorage
from media.storage.port import Storage
from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server, free_port
from tests.waiting import until
from tests.web.groups import given
from tests.web.sample_archive import MATERNITY, SEGMENT_BYTES, Archive, recording_id
from web.app import create_app

NGINX = os.environ.get("TUALAI_NGINX") or shutil.which("nginx")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NGINX, reason="nginx is not installed: its configuration is NOT TESTED"),
]
uvicorn = pytest.importorskip("uvicorn")
CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{site}; }}
    {location}
  }}
}}
"""
PUBLIC = recording_id(1)
SEGMENT = f"/media/{PUBLIC}/480/1.m4s"
PLAYLIST = b"#EXTM3U\n#EXTINF:4,\n1.m4s\n"


@contextmanager
def site(archive: Archive, settings: Settings, storage: Storage) -> Iterator[int]:
    """The site over HTTP."""
    services = given(archive.services, delivery=make_delivery(settings), storage=storage)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(services), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, "the site answers")
        yield port
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def nginx(folder: Path, site: int, location: str) -> Iterator[str]:
    """nginx before it; its address."""
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    text = CONFIGURATION.format(folder=folder, port=port, site=site, location=location, user=user)
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-e", str(folder / "error.log"), "-c", "nginx.conf"]
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(6000):
            try:
                urlopen(f"{address}/robots.txt").close()
                break
            except OSError:
                assert process.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(60)


def fill(storage: Storage) -> None:
    storage.put(f"{renditions_prefix(PUBLIC)}/480/1.m4s", io.BytesIO(SEGMENT_BYTES))
    storage.put(f"{renditions_prefix(PUBLIC)}/480/index.m3u8", io.BytesIO(PLAYLIST))
    storage.put(f"recordings/{PUBLIC}/source.mp4", io.BytesIO(b"the source"))


def refused(address: str) -> int:
    with pytest.raises(HTTPError) as found:
        urlopen(address)
    return found.value.code


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_accel(kind: str, archive: Archive, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    settings = Settings(home=tmp_path, delivery="accel")
    storage: Storage = FolderStorage(tmp_path / "files")
    location = f"location /_files/ {{ internal; alias {tmp_path}/files/; }}"
    if kind == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        url = server.url(server.bucket(), "x")
        settings = Settings(
            home=tmp_path, storage_url=url, storage_key=KEY, storage_secret=SECRET, delivery="accel"
        )  # type: ignore[arg-type]
        storage = server.storage(url)
        host = urlsplit(server.endpoint).netloc
        location = (
            f"location /_files/ {{ internal; proxy_pass {server.endpoint}/; proxy_set_header Host {host};"
            ' proxy_set_header Cookie ""; }'
        )
    fill(storage)
    with site(archive, settings, storage) as port, nginx(tmp_path, port, location) as address:
        with urlopen(address + SEGMENT) as answer:
            assert answer.read() == SEGMENT_BYTES
            assert answer.headers["content-type"] == "video/iso.segment"
            assert "immutable" in answer.headers["cache-control"]
            assert "x-accel-redirect" not in answer.headers
        with urlopen(Request(address + SEGMENT, headers={"Range": "bytes=5-9"})) as answer:
            assert (answer.status, answer.read()) == (206, SEGMENT_BYTES[5:10])
        for guessed in (
            f"/_files/recordings/{PUBLIC}/source.mp4",
            f"/_files/{renditions_prefix(PUBLIC)}/480/1.m4s",
        ):
            assert refused(address + guessed) == 404
        archive.catalogue.set_state(MATERNITY, EpisodeState.WITHDRAWN)
        assert refused(address + SEGMENT) == 404


def test_signed(archive: Archive, tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "files")
    fill(storage)
    location = (
        'location /v/ { secure_link $arg_md5,$arg_expires; secure_link_md5 "$secure_link_expires$uri s3cret";'
        f" if ($secure_link != 1) {{ return 403; }} alias {tmp_path}/files/; }}"
    )
    front = free_port()
    settings = Settings(
        home=tmp_path,
        delivery="signed",
        delivery_url=f"http://127.0.0.1:{front}/v",
        delivery_secret="s3cret",
    )  # type: ignore[arg-type]
    with site(archive, settings, storage) as port, nginx(tmp_path, port, location) as address:
        with urlopen(f"{address}/media/{PUBLIC}/480/index.m3u8") as answer:
            link = answer.read().decode().splitlines()[2].replace(f"http://127.0.0.1:{front}", address)
        with urlopen(link) as answer:
            assert answer.read() == SEGMENT_BYTES
        assert refused(link.replace("renditions/480/1.m4s", "source.mp4")) == 403
        assert refused(link.partition("?")[0]) == 403
        assert refused(link.replace("expires=", "expires=9")) == 403

"""A real S3 server for tests: OpenStack Swift, started once a session, on a port and in a folder of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from media.storage.s3.address import S3Address, parse_s3
from tests.waiting import until

if TYPE_CHECKING:
    from media.storage.s3.store import S3Storage

KEY, SECRET = "test:tester", "testing"
PROCESS = Path(__file__).with_name("swift_process.py")
MISSING = "OpenStack Swift is not installed (pip install swift): NOTHING OF S3 IS TESTED against a server"


class S3Server:
    """Where it answers; `storage` makes a store in a bucket of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.endpoint = f"http://127.0.0.1:{port}"

    def bucket(self) -> str:
        """A new, empty bucket."""
        name = f"t{uuid.uuid4().hex[:16]}"
        self.client().create_bucket(Bucket=name)
        return name

    def url(self, bucket: str, prefix: str = "", endpoint: str = "", options: str = "") -> str:
        """The URL of a store there."""
        path = f"/{prefix}" if prefix else ""
        return f"s3://{bucket}{path}?endpoint={quote(endpoint or self.endpoint, safe='')}{options}"

    def storage(self, url: str = "", patience: float = 20.0, copies: Path | None = None) -> S3Storage:
        """The adapter over `url`, or over a new bucket."""
        from media.storage.s3.store import S3Storage

        return S3Storage(parse_s3(url or self.url(self.bucket())), KEY, SECRET, copies, patience)

    def client(self) -> Any:
        """A plain client."""
        import boto3

        from media.storage.s3.store import configuration

        place = S3Address("any", endpoint=self.endpoint, region="us-east-1", style="path")
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=configuration(place),
        )


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_swift(folder: Path, *options: str) -> Iterator[S3Server]:
    """Swift, until the block ends."""
    server = S3Server(free_port())
    command = [sys.executable, "-W", "ignore", str(PROCESS), str(folder), str(server.port), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        log_file = folder / "log"
        until(
            lambda: "ready" in log_file.read_text() or process.poll() is not None,
            lambda: f"Swift started: {log_file.read_text()[-2000:]}",
        )
        if process.poll() is not None:
            raise RuntimeError(f"Swift ended at once: {log_file.read_text()[-2000:]}")
        yield server
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The session's server."""
    if find_spec("swift") is None:
        warnings.warn(MISSING, stacklevel=1)
        pytest.skip(MISSING)
    with running_swift(tmp_path_factory.mktemp("swift")) as server:
        yield server


@pytest.fixture(scope="session")
def s3_storage(s3_server: S3Server) -> S3Storage:
    """A store with a prefix, that tests share; each begins by emptying it."""
    return s3_server.storage(s3_server.url(s3_server.bucket(), "archive"))

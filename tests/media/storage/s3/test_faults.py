"""S3 over a bad network: whatever happens, what is stored is whole, and what fails changes nothing."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from media.errors import ArchiveError, NotFound, Unavailable
from media.storage.s3.store import S3Storage
from media.storage.s3.writing import PART_BYTES
from tests.media.storage.s3.faulty_proxy import Asked, Fault, FaultyProxy, Plan, faulty_proxy
from tests.media.storage.s3.s3_server import S3Server

pytestmark = pytest.mark.slow

SMALL = random.Random(1).randbytes(300_000)
LONG = random.Random(2).randbytes(2 * PART_BYTES + 70_001)
UPLOAD = [
    Fault.REFUSED,
    Fault.ERROR_500,
    Fault.SLOW_DOWN,
    Fault.LOST,
    Fault.CUT_UPLOAD,
    Fault.DAMAGED_UPLOAD,
]
DOWNLOAD = [Fault.REFUSED, Fault.ERROR_500, Fault.SLOW_DOWN, Fault.LOST, Fault.CUT_DOWNLOAD, Fault.STALL]


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultyProxy]:
    with faulty_proxy(s3_server.port) as running:
        yield running


@pytest.fixture
def bucket(s3_server: S3Server) -> str:
    return s3_server.bucket()


@pytest.fixture
def storage(s3_server: S3Server, bucket: str, proxy: FaultyProxy) -> S3Storage:
    """Through the proxy; with a short patience."""
    url = s3_server.url(bucket, endpoint=proxy.endpoint, options="&timeout=0.8")
    return s3_server.storage(url, patience=4)


@pytest.fixture
def direct(s3_server: S3Server, bucket: str) -> S3Storage:
    """Past the proxy."""
    return s3_server.storage(s3_server.url(bucket))


def first(count: int, fault: Fault, method: str = "") -> Plan:
    """The first `count` requests (with this method) fail so."""
    left = count

    def plan(asked: Asked) -> Fault:
        nonlocal left
        if left and asked.method in (method or asked.method):
            left -= 1
            return fault
        return Fault.NONE

    return plan


def read(storage: S3Storage, key: str, start: int = 0, length: int | None = None) -> bytes:
    with storage.open(key, start, length) as file:
        return file.read()


def unfinished(server: S3Server, bucket: str) -> int:
    return len(server.client().list_multipart_uploads(Bucket=bucket).get("Uploads", []))


class Stream(io.RawIOBase):
    """Bytes of a length that nobody knows, at most so many at a time."""

    def __init__(self, data: bytes, fails_at: int | None = None) -> None:
        self._data, self._at, self._fails_at = data, 0, fails_at
        self.longest_ahead = 0

    def read(self, size: int = -1) -> bytes:
        if self._fails_at is not None and self._at >= self._fails_at:
            raise OSError(5, "Input/output error")
        block = self._data[self._at : self._at + min(size, 100_000)]
        self._at += len(block)
        return block


@pytest.mark.parametrize("fault", UPLOAD)
def test_a_put_gets_through(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, fault: Fault
) -> None:
    proxy.plan = first(2, fault, "PUT")
    assert storage.put("a/b.mp4", io.BytesIO(SMALL)) == len(SMALL)
    assert [each for _, each in proxy.seen].count(fault) == 2
    assert read(direct, "a/b.mp4") == SMALL


@pytest.mark.parametrize("fault", DOWNLOAD)
def test_reading_gets_through(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, fault: Fault, tmp_path: Path
) -> None:
    direct.put("a/b", io.BytesIO(SMALL))
    proxy.plan = first(2, fault, "GET")
    assert read(storage, "a/b") == SMALL
    proxy.plan = first(2, fault, "GET")
    assert read(storage, "a/b", 7, 200_000) == SMALL[7:200_007]
    with storage.local_path("a/b") as path:
        assert path.read_bytes() == SMALL


def test_a_body_cut_again_and_again_is_read_on_from_where_it_was(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy
) -> None:
    direct.put("a/b", io.BytesIO(SMALL))
    proxy.plan = first(5, Fault.CUT_DOWNLOAD, "GET")
    assert read(storage, "a/b") == SMALL
    assert len(proxy.seen) == 6


def test_a_reader_never_mixes_two_versions(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy
) -> None:
    direct.put("a/b", io.BytesIO(b"1" * 900_000))
    proxy.plan = first(1, Fault.CUT_DOWNLOAD, "GET")
    with storage.open("a/b") as file:
        assert file.read(1000) == b"1" * 1000
        direct.put("a/b", io.BytesIO(b"2" * 900_000))
        with pytest.raises(Unavailable, match="replaced while it was read"):
            file.read()
    proxy.plan = first(1, Fault.CUT_DOWNLOAD, "GET")
    with storage.open("a/b") as file:
        file.read(1000)
        direct.delete("a")
        with pytest.raises(Unavailable, match="removed while it was read"):
            file.read()


@pytest.mark.parametrize("fault", [Fault.SHORT_DOWNLOAD, Fault.DAMAGED_DOWNLOAD])
def test_what_arrives_damaged_is_never_handed_over_as_whole(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, fault: Fault
) -> None:
    direct.put("a/b", io.BytesIO(SMALL))
    proxy.plan = first(1, fault, "GET")
    with pytest.raises(Unavailable, match="damaged"):
        read(storage, "a/b")
    proxy.plan = first(1, fault, "GET")
    with pytest.raises(Unavailable), storage.local_path("a/b"):
        pass
    with storage.local_path("a/b") as path:
        assert path.read_bytes() == SMALL


def test_a_short_answer_of_an_object_in_parts_is_noticed(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy
) -> None:
    direct.put("a/long", io.BytesIO(LONG))
    proxy.plan = first(1, Fault.SHORT_DOWNLOAD, "GET")
    with pytest.raises(Unavailable), storage.local_path("a/long"):
        pass


@pytest.mark.parametrize("fault", UPLOAD)
def test_parts_get_through(
    storage: S3Storage,
    direct: S3Storage,
    proxy: FaultyProxy,
    fault: Fault,
    s3_server: S3Server,
    bucket: str,
) -> None:
    chosen = random.Random(str(fault))
    failures: dict[str, int] = {}

    def plan(asked: Asked) -> Fault:
        if failures.get(asked.path, 0) < 2 and chosen.random() < 0.6:
            failures[asked.path] = failures.get(asked.path, 0) + 1
            return fault
        return Fault.NONE

    proxy.plan = plan
    assert storage.put("a/long", Stream(LONG)) == len(LONG)  # type: ignore[arg-type]
    assert hashlib.sha256(read(direct, "a/long")).digest() == hashlib.sha256(LONG).digest()
    assert fault in [each for _, each in proxy.seen]


@pytest.mark.parametrize("data", [SMALL, LONG], ids=["small", "long"])
def test_a_put_that_fails_for_good_leaves_the_old_bytes(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, data: bytes, s3_server: S3Server, bucket: str
) -> None:
    direct.put("a/b", io.BytesIO(b"old"))
    number = 0

    def plan(asked: Asked) -> Fault:
        nonlocal number
        number += asked.method == "PUT"
        return Fault.CUT_UPLOAD if asked.method == "PUT" and number > (data is LONG) else Fault.NONE

    proxy.plan = plan
    with pytest.raises(Unavailable):
        storage.put("a/b", io.BytesIO(data))
    assert read(direct, "a/b") == b"old"
    assert unfinished(s3_server, bucket) == 0


def test_a_source_that_breaks_off_changes_nothing(
    direct: S3Storage, s3_server: S3Server, bucket: str
) -> None:
    direct.put("a/b", io.BytesIO(b"old"))
    for fails_at in (1000, 2 * PART_BYTES + 1):
        with pytest.raises(Unavailable, match="Input/output error"):
            direct.put("a/b", Stream(LONG, fails_at))  # type: ignore[arg-type]
    assert read(direct, "a/b") == b"old"
    assert unfinished(s3_server, bucket) == 0


def test_playlists_come_after_what_they_name(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, tmp_path: Path
) -> None:
    for name in ("0.m4s", "1.m4s", "2.m4s", "index.m3u8"):
        (tmp_path / name).write_bytes(name.encode() * 50)
    proxy.plan = lambda asked: Fault.ERROR_500 if asked.path.endswith("1.m4s") else Fault.NONE
    with pytest.raises(Unavailable):
        storage.put_folder("r/480", tmp_path)
    assert "r/480/index.m3u8" not in list(direct.list("r"))
    proxy.plan = lambda asked: Fault.NONE
    assert storage.put_folder("r/480", tmp_path) == 50 * 3 * 5 + 50 * 10
    stored = [asked.path for asked, _ in proxy.seen if asked.method == "PUT"]
    assert stored[-1].endswith("index.m3u8")


def test_a_store_that_is_away_for_a_moment_costs_only_time(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, tmp_path: Path
) -> None:
    for number in range(12):
        (tmp_path / f"{number}.m4s").write_bytes(bytes([number]) * 1000)
    storage.put("a/b", io.BytesIO(b"it has answered once"))
    proxy.plan = first(60, Fault.REFUSED)
    assert storage.put_folder("r/x", tmp_path) == 12_000
    assert len(list(direct.list("r"))) == 12


def test_a_wrong_address_is_told_without_patience(s3_server: S3Server) -> None:
    storage = s3_server.storage("s3://bucket?endpoint=http://127.0.0.1:9&timeout=1", patience=60)
    with pytest.raises(Unavailable, match="does not answer"):
        storage.put("a/b", io.BytesIO(b"x"))


def test_list_and_delete_get_through(storage: S3Storage, direct: S3Storage, proxy: FaultyProxy) -> None:
    for number in range(5):
        direct.put(f"a/{number}", io.BytesIO(b"x"))
    proxy.plan = first(2, Fault.CUT_DOWNLOAD)
    assert len(list(storage.list("a"))) == 5
    proxy.plan = first(3, Fault.LOST)
    storage.delete("a")
    assert list(direct.list("a")) == []


@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.thorough), pytest.param(2, marks=pytest.mark.thorough)]
)
def test_nothing_is_lost_and_nothing_half_written_is_seen(
    storage: S3Storage, direct: S3Storage, proxy: FaultyProxy, seed: int, s3_server: S3Server, bucket: str
) -> None:
    """A third of all requests fails, at random; what a call said it stored is there, what it refused is not new."""
    chosen = random.Random(seed)
    faults = [*Fault]
    proxy.plan = lambda asked: chosen.choice(faults) if chosen.random() < 0.33 else Fault.NONE
    truth: dict[str, set[bytes]] = {}
    for turn in range(60):
        key = f"a/{chosen.randrange(8)}"
        data = chosen.randbytes(chosen.choice([0, 10, 5000, 400_000] if turn % 15 else [len(LONG)]))
        before = truth.get(key, set())
        try:
            storage.put(key, Stream(data))  # type: ignore[arg-type]
            truth[key] = {data}
        except Unavailable:
            truth[key] = before | {data}  # an answer may have been lost: old or new, never a part
        try:
            assert read(storage, key) in truth[key]
        except NotFound:
            assert not before
        except ArchiveError:
            pass
    for key, allowed in truth.items():
        try:
            assert read(direct, key) in allowed
        except NotFound:
            assert len(allowed) == 1
    direct.forget_unfinished(0)
    assert unfinished(s3_server, bucket) == 0

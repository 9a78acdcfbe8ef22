"""Storage in S3 or a store that speaks its protocol."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from media.errors import Unavailable
from media.storage.bounded import bounded
from media.storage.content_types import INDEXES, suffix_of
from media.storage.keys import check_key, is_key
from media.storage.local_copies import LocalCopies
from media.storage.port import StoredFile
from media.storage.s3.address import S3Address
from media.storage.s3.client import PATIENCE_SECONDS, Client, NoSuchUpload, S3Client
from media.storage.s3.reading import opened
from media.storage.s3.writing import PART_BYTES, put, put_small

CONNECT_SECONDS = 5.0
MOST_DELETED = 1000  # Amazon S3 API Reference, DeleteObjects
COPY_BYTES = 1 << 20


class S3Storage:
    """The `Storage` port on a bucket; see docs/decisions/storage.md.

    Without `key` and `secret`, those of the usual AWS configuration. `copies` is where `local_path` keeps files.
    """

    def __init__(
        self,
        place: S3Address,
        key: str = "",
        secret: str = "",
        copies: Path | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._place = place
        self._client = S3Client(place, connector(place, key, secret), patience)
        self._copies = LocalCopies(copies)
        self._pool = ThreadPoolExecutor(place.parallel, thread_name_prefix="s3")

    def put(self, key: str, source: BinaryIO) -> int:
        """See `Storage.put`. Where an answer was lost, the new bytes may stand there all the same."""
        return put(self._client, self._pool, check_key(key), source)

    def put_folder(self, prefix: str, folder: Path) -> int:
        """See `Storage.put_folder`; copies, many small files at once."""
        check_key(prefix)
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        named = [(check_key(f"{prefix}/{path.relative_to(folder).as_posix()}"), path) for path in files]
        indexes = [each for each in named if suffix_of(each[0]) in INDEXES]
        others = [each for each in named if suffix_of(each[0]) not in INDEXES]
        try:
            return self._put_files(others) + self._put_files(indexes)
        except OSError as error:
            raise Unavailable(
                "%(folder)s cannot be read (%(why)s); try again.", folder=folder, why=error.strerror
            ) from error

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """See `Storage.open`."""
        return opened(self._client, check_key(key), start, length)

    def size(self, key: str) -> int:
        """See `Storage.size`."""
        return int(self._client.call("head_object", check_key(key))["ContentLength"])

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """See `Storage.local_path`; a copy, fetched once while it does not change."""
        found = self._client.call("head_object", check_key(key), patient=True)
        size = int(found["ContentLength"])

        def fill(file: BinaryIO) -> None:
            with opened(self._client, key, patient=True) as source:
                shutil.copyfileobj(source, file, COPY_BYTES)
            if file.tell() != size:
                raise Unavailable(
                    "“%(key)s” has %(size)s bytes and %(arrived)s arrived; try again.",
                    key=key,
                    size=size,
                    arrived=file.tell(),
                )

        with self._copies.held(key, f"{found['ETag']} {size}", fill) as path:
            yield path

    def list(self, prefix: str) -> Iterator[str]:
        """See `Storage.list`; in pages of a thousand."""
        return (each.key for each in self.inventory(prefix))

    def inventory(self, prefix: str) -> Iterator[StoredFile]:
        """See `Storage.inventory`."""
        return self._listed(check_key(prefix))

    def delete(self, prefix: str) -> None:
        """See `Storage.delete`."""
        self.delete_files([check_key(prefix), *self.list(prefix)])

    def delete_files(self, keys: Sequence[str]) -> None:
        """See `Storage.delete_files`."""
        for at in range(0, len(keys), MOST_DELETED):
            named = [{"Key": self._place.name(check_key(key))} for key in keys[at : at + MOST_DELETED]]
            wanted = {"Objects": named, "Quiet": True}
            failed = self._client.call("delete_objects", patient=True, Delete=wanted).get("Errors", [])
            if failed := [each for each in failed if each.get("Code") != "NoSuchKey"]:
                raise Unavailable(
                    "The store cannot delete %(count)s files (%(code)s); try again later.",
                    count=len(failed),
                    code=failed[0].get("Code"),
                )

    def free_bytes(self) -> int | None:
        """See `Storage.free_bytes`; a bucket does not say."""
        return None

    def forget_unfinished(self, older_seconds: float) -> int:
        """See `Storage.forget_unfinished`; aborts multipart uploads."""
        before = datetime.now(UTC) - timedelta(seconds=older_seconds - 1)  # stores round seconds up
        count = 0
        top = f"{self._place.prefix}/" if self._place.prefix else ""
        for page in self._pages("list_multipart_uploads", Prefix=top):
            for upload in page.get("Uploads", []):
                key = upload["Key"].removeprefix(top)
                if is_key(key) and upload["Initiated"] <= before:
                    count += self._abort(key, upload["UploadId"])
        return count

    def link(self, key: str, seconds: int, media_type: str = "", caching: str = "") -> str:
        """See `LinkingStorage.link`."""
        asked = {"ResponseContentType": media_type, "ResponseCacheControl": caching}
        values = {"Bucket": self._place.bucket, "Key": self._place.name(check_key(key))}
        values |= {name: value for name, value in asked.items() if value}

        def sign() -> str:
            signed: str = self._client.client.generate_presigned_url(
                "get_object", Params=values, ExpiresIn=seconds
            )
            return signed

        link: str = self._client.once(key, sign)
        return link

    def link_origin(self) -> str:
        """See `LinkingStorage.link_origin`."""
        parts = urlsplit(self.link("origin", 60))
        return f"{parts.scheme}://{parts.netloc}"

    def _put_files(self, files: Sequence[tuple[str, Path]]) -> int:
        long = {path for _, path in files if path.stat().st_size >= PART_BYTES}
        small = (each for each in files if each[1] not in long)
        with closing(bounded(self._pool, self._put_small, small, 2 * self._place.parallel)) as sizes:
            total = sum(sizes)
        for key, path in files:
            if path in long:
                with path.open("rb") as file:
                    total += self.put(key, file)
        return total

    def _put_small(self, file: tuple[str, Path]) -> int:
        key, path = file
        return put_small(self._client, key, path.read_bytes())

    def _listed(self, prefix: str) -> Iterator[StoredFile]:
        top = self._place.name(f"{prefix}/")
        for page in self._pages("list_objects_v2", Prefix=top):
            for each in page.get("Contents", []):
                key = f"{prefix}/{each['Key'].removeprefix(top)}"
                if is_key(key):
                    yield StoredFile(key, int(each["Size"]), each["LastModified"])

    def _pages(self, operation: str, **values: Any) -> Iterator[Any]:
        """All pages of a listing, each asked for with patience."""
        following: dict[str, Any] = {}
        while True:
            page = self._client.call(operation, patient=True, **values, **following)
            yield page
            if not page.get("IsTruncated"):
                return
            if operation == "list_objects_v2":
                following = {"ContinuationToken": page["NextContinuationToken"]}
            else:
                following = {
                    "KeyMarker": page["NextKeyMarker"],
                    "UploadIdMarker": page["NextUploadIdMarker"],
                }

    def _abort(self, key: str, upload: str) -> bool:
        try:
            self._client.call("abort_multipart_upload", key, patient=True, UploadId=upload)
        except NoSuchUpload:
            return False
        return True


def connector(place: S3Address, key: str, secret: str) -> partial[Client]:
    """A function that makes a client; not for two threads at once."""
    session: list[Any] = []

    def connect() -> Client:
        if not session:
            session.append(boto3.session.Session(profile_name=place.profile or None))
        client = session[0].client(
            "s3",
            endpoint_url=place.endpoint or None,
            region_name=place.region or None,
            aws_access_key_id=key or None,
            aws_secret_access_key=secret or None,
            config=configuration(place),
        )
        client.meta.events.register("before-call.s3.DeleteObjects", _with_md5)
        return client

    return partial(connect)


def configuration(place: S3Address) -> Config:
    """Checksums are ours, in headers that every store knows or ignores; many know no trailing ones."""
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": place.style},
        connect_timeout=min(CONNECT_SECONDS, place.timeout),
        read_timeout=place.timeout,
        max_pool_connections=2,
        tcp_keepalive=True,
        retries={"mode": "standard", "total_max_attempts": 3},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent_extra="tualai",
    )


def _with_md5(params: dict[str, Any], **_: object) -> None:
    """Older stores want Content-MD5 where botocore sends a CRC32 by now."""
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"]["Content-MD5"] = base64.b64encode(digest).decode()

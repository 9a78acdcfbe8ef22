"""Writing objects: small ones at once, longer ones in parts, each with its checksums.

A multipart upload becomes an object only when it is completed (Amazon S3 User Guide, “Uploading and copying
objects using multipart upload”), so whoever reads sees the old bytes or the new ones.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from typing import Any, BinaryIO

from media.errors import ArchiveError, InvalidInput, Unavailable
from media.storage.bounded import bounded
from media.storage.content_types import content_type
from media.storage.s3.client import NoSuchUpload, S3Client, StoreBusy
from media.storage.s3.reading import md5_of

PART_BYTES = 8 << 20
UNKNOWN_PART_BYTES = 16 << 20
MOST_PARTS = 10_000  # Amazon S3 User Guide, “multipart upload limits”; some stores want all parts equal
PARTS_IN_FLIGHT = 4

log = logging.getLogger("tualai.storage")


@dataclass(frozen=True, slots=True)
class Sums:
    """Checksums of a block of bytes."""

    md5: bytes
    sha256: bytes

    @classmethod
    def of(cls, data: bytes) -> Sums:
        return cls(hashlib.md5(data, usedforsecurity=False).digest(), hashlib.sha256(data).digest())


def put(client: S3Client, pool: Executor, key: str, source: BinaryIO) -> int:
    """Store what `source` has from where it stands; return the number of bytes. See `Storage.put`."""
    length = _length(source)
    part_bytes = UNKNOWN_PART_BYTES if length is None else max(PART_BYTES, -(-length // (MOST_PARTS - 1)))
    blocks = _blocks(source, part_bytes)
    first = next(blocks, b"")
    if len(first) < part_bytes:
        return put_small(client, key, first)
    return _Multipart(client, key).run(pool, first, blocks)


def put_small(client: S3Client, key: str, data: bytes) -> int:
    """Store `data` in one request."""
    sums = Sums.of(data)

    def attempt() -> None:
        answer = client.client.put_object(
            Bucket=client.place.bucket,
            Key=client.place.name(key),
            Body=data,
            ContentType=content_type(key),
            **_headers(sums, client.place.checksum == "sha256"),
        )
        _compare(answer, sums, key)

    client.again(attempt, key, patient=True)
    return len(data)


class _Multipart:
    """One upload in parts; aborted unless it is completed."""

    def __init__(self, client: S3Client, key: str) -> None:
        self._client, self._key = client, key
        sha256 = {"ChecksumAlgorithm": "SHA256"} if client.place.checksum == "sha256" else {}
        made = client.call(
            "create_multipart_upload", key, patient=True, ContentType=content_type(key), **sha256
        )
        self._id = made["UploadId"]
        self._sha256 = made.get("ChecksumAlgorithm") == "SHA256"  # a store that knows it says it again

    def run(self, pool: Executor, first: bytes, rest: Iterator[bytes]) -> int:
        """Send all blocks and complete; return the number of bytes."""
        try:
            with closing(bounded(pool, self._send, _numbered(first, rest), PARTS_IN_FLIGHT)) as sent:
                done = list(sent)
            total = sum(size for _, size in done)
            self._complete([part for part, _ in done], total)
        except BaseException:
            self._abort()
            raise
        return total

    def _send(self, numbered: tuple[int, bytes]) -> tuple[dict[str, Any], int]:
        number, data = numbered
        sums = Sums.of(data)

        def attempt() -> dict[str, Any]:
            answer = self._client.client.upload_part(
                Bucket=self._client.place.bucket,
                Key=self._client.place.name(self._key),
                UploadId=self._id,
                PartNumber=number,
                Body=data,
                **_headers(sums, self._sha256),
            )
            _compare(answer, sums, self._key)
            kept = {"ChecksumSHA256": _text(sums.sha256)} if self._sha256 else {}
            return {"PartNumber": number, "ETag": answer["ETag"]} | kept

        return self._client.again(attempt, self._key, patient=True), len(data)

    def _complete(self, parts: list[dict[str, Any]], total: int) -> None:
        try:
            self._client.call(
                "complete_multipart_upload",
                self._key,
                patient=True,
                UploadId=self._id,
                MultipartUpload={"Parts": parts},
            )
        except NoSuchUpload:
            log.info("%s: completed already, the answer was lost", self._key)
        stored = self._client.call("head_object", self._key, patient=True)
        if int(stored["ContentLength"]) != total:
            raise Unavailable(
                "The store has %(size)s bytes of “%(key)s” and was sent %(total)s; try again.",
                size=stored["ContentLength"],
                key=self._key,
                total=total,
            )

    def _abort(self) -> None:
        try:
            self._client.call("abort_multipart_upload", self._key, UploadId=self._id)
        except ArchiveError as error:
            log.warning("%s: a part of an upload stays until “tualai storage prune” (%s)", self._key, error)


def _numbered(first: bytes, rest: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    yield 1, first
    for number, block in enumerate(rest, 2):
        if number > MOST_PARTS:
            raise InvalidInput("The file is too long to be stored from a stream; store it from a file.")
        yield number, block


def _headers(sums: Sums, sha256: bool) -> dict[str, str]:
    headers = {"ContentMD5": _text(sums.md5)}
    return headers | ({"ChecksumSHA256": _text(sums.sha256)} if sha256 else {})


def _compare(answer: dict[str, Any], sums: Sums, key: str) -> None:
    """Whether the store has what was sent, as far as it says. Raises `StoreBusy`: another attempt overwrites it."""
    stored = md5_of(answer)
    sha256 = answer.get("ChecksumSHA256")
    if stored not in (None, sums.md5.hex()) or sha256 not in (None, _text(sums.sha256)):
        raise StoreBusy("The store has other bytes of “%(key)s” than it was sent; try again.", key=key)


def _text(digest: bytes) -> str:
    return b64encode(digest).decode()


def _blocks(source: BinaryIO, size: int) -> Iterator[bytes]:
    """Blocks of `size` bytes, the last one shorter; from pipes too, which give less than they are asked for."""
    while block := _block(source, size):
        yield block
        if len(block) < size:
            return


def _block(source: BinaryIO, size: int) -> bytes:
    pieces, left = [], size
    try:
        while left and (piece := source.read(left)):
            pieces.append(piece)
            left -= len(piece)
    except OSError as error:
        raise Unavailable(
            "What is to be stored cannot be read to its end (%(why)s); try again.", why=error.strerror
        ) from error
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _length(source: BinaryIO) -> int | None:
    """The bytes still to be read of a file; None for a stream."""
    try:
        return os.fstat(source.fileno()).st_size - source.tell() or None
    except (OSError, AttributeError, io.UnsupportedOperation):
        return None

"""Reading an object as it arrives, going on where a connection was cut."""

from __future__ import annotations

import builtins
import hashlib
import io
import re
import time
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from urllib3.exceptions import HTTPError

from media.errors import NotFound, Unavailable
from media.storage.s3.client import BROKEN, ContentChanged, OutOfRange, S3Client, StoreBusy

ATTEMPTS = 6
"""So often a body may fail without one byte more; the waits between add up to 6 s."""
BUFFER_BYTES = 256 << 10
_PLAIN_MD5 = re.compile(r'"?([0-9a-f]{32})"?')


def opened(
    client: S3Client, key: str, start: int = 0, length: int | None = None, patient: bool = False
) -> BinaryIO:
    """Open an object for reading; see `Storage.open`. A whole object is compared with its MD5 at the end.

    Raises `NotFound` and `Unavailable`, the latter also while reading.
    """
    start = max(0, start)
    if length is not None and length <= 0:
        client.call("head_object", key, patient)
        return io.BytesIO()
    wanted = {} if start == 0 and length is None else {"Range": _range(start, length)}
    try:
        answer = client.call("get_object", key, patient, **wanted)
    except OutOfRange:
        return io.BytesIO()
    return cast(BinaryIO, io.BufferedReader(_Body(client, key, start, answer, patient), BUFFER_BYTES))


def md5_of(answer: Mapping[str, Any]) -> str | None:
    """The MD5 that an ETag is; None for those of several parts, and where the store encrypts with keys."""
    encrypted = answer.get("ServerSideEncryption") not in (None, "AES256")
    if encrypted or answer.get("SSECustomerAlgorithm"):
        return None
    match = _PLAIN_MD5.fullmatch(answer.get("ETag", ""))
    return match[1] if match else None


def _range(start: int, length: int | None) -> str:
    return f"bytes={start}-" if length is None else f"bytes={start}-{start + length - 1}"


class _Body(io.RawIOBase):
    """The bytes of an answer, its length certain: shorter ones are asked for again, from where they broke off."""

    def __init__(
        self, client: S3Client, key: str, start: int, answer: Mapping[str, Any], patient: bool
    ) -> None:
        self._client, self._key, self._patient = client, key, patient
        self._stream = answer["Body"]
        self._at, self._left = start, int(answer["ContentLength"])
        self._etag = answer.get("ETag", "")
        self._md5 = None if "ContentRange" in answer else md5_of(answer)
        self._digest = hashlib.md5(usedforsecurity=False)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: builtins.memoryview) -> int:  # type: ignore[override]
        if not self._left or not len(buffer):
            return 0
        data = self._read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._at += len(data)
        self._left -= len(data)
        if self._md5:
            self._digest.update(data)
            if not self._left and self._digest.hexdigest() != self._md5:
                raise Unavailable(
                    "“%(key)s” was damaged on its way or in the store; run “tualai storage verify”.",
                    key=self._key,
                )
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _read(self, most: int) -> bytes:
        for attempt in range(ATTEMPTS):
            try:
                if attempt:
                    time.sleep(0.2 * 2 ** (attempt - 1))
                    self._resume()
                data: bytes = self._stream.read(most)
            except (*BROKEN, HTTPError, OSError, StoreBusy):
                data = b""
            if data:
                return data
        raise Unavailable(
            "The store %(place)s breaks off in the middle of “%(key)s”; try again later.",
            place=self._client.place,
            key=self._key,
        )

    def _resume(self) -> None:
        """Ask for the rest, of the very same object."""
        self._stream.close()
        asked = {"Range": _range(self._at, self._left)} | ({"IfMatch": self._etag} if self._etag else {})
        try:
            answer = self._client.call("get_object", self._key, self._patient, **asked)
        except (NotFound, OutOfRange) as error:
            raise ContentChanged("“%(key)s” was removed while it was read.", key=self._key) from error
        if not str(answer.get("ContentRange", "")).startswith(f"bytes {self._at}-"):
            raise ContentChanged(
                "The store answers with other bytes of “%(key)s” than it was asked for.", key=self._key
            )
        self._stream = answer["Body"]

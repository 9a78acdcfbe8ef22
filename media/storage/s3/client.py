"""Calls to an S3 store: a client for each thread, attempts beyond botocore's own, errors as sentences."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ResponseStreamingError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from media.errors import ArchiveError, NotFound, Unavailable
from media.storage.s3.address import S3Address

Client = Any
"""A botocore S3 client; its methods are made at run time, so it has no type of its own."""

PATIENCE_SECONDS = 90.0
LONGEST_WAIT_SECONDS = 8.0
BROKEN = (HTTPClientError, NoConnectionError, IncompleteReadError, ResponseStreamingError)
"""What botocore raises for connections that are refused, cut or silent."""

_DAMAGED_ON_THE_WAY = ("BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "RequestTimeout")
_REFUSED = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "403", "401", "Forbidden")


class StoreBusy(Unavailable):
    """The store did not answer, or not now: worth another attempt."""


class ContentChanged(Unavailable):
    """What is being read is no longer what it was when reading began."""


class OutOfRange(ArchiveError):
    """No byte of the range exists."""


class NoSuchUpload(ArchiveError):
    """The multipart upload is over, or never was."""


_MEANINGS: dict[str, tuple[type[ArchiveError], str]] = {
    "NoSuchBucket": (
        Unavailable,
        "There is no bucket “%(bucket)s” in the store; create it, or mend the URL.",
    ),
    "NoSuchUpload": (NoSuchUpload, "The upload of “%(key)s” is over."),
    "InvalidRange": (OutOfRange, "“%(key)s” has no such bytes."),
    "416": (OutOfRange, "“%(key)s” has no such bytes."),
    "PreconditionFailed": (ContentChanged, "“%(key)s” was replaced while it was read; try again."),
    "412": (ContentChanged, "“%(key)s” was replaced while it was read; try again."),
    "RequestTimeTooSkewed": (
        Unavailable,
        "The store says that this machine's clock is wrong; let it be set by NTP.",
    ),
}


class S3Client:
    """Calls the store of `place`; `connect` makes a client. Safe in any number of threads.

    botocore tries each request three times. With `patient`, a call goes on for `patience` seconds more, so that
    a store that restarts costs a worker only time; not before the store has answered once, as then a wrong
    setting is likelier.
    """

    def __init__(
        self, place: S3Address, connect: Callable[[], Client], patience: float = PATIENCE_SECONDS
    ) -> None:
        self.place = place
        self._connect, self._patience = connect, patience
        self._local = threading.local()
        self._connecting = threading.Lock()  # a session of botocore's is not for two threads at once
        self._answered = False

    @property
    def client(self) -> Client:
        """This thread's client."""
        found = getattr(self._local, "client", None)
        if found is None:
            with self._connecting:
                found = self._local.client = self.once("", self._connect)
        return found

    def call(self, operation: str, key: str = "", patient: bool = False, **values: Any) -> Any:
        """Call `operation` on an object (on the bucket, for the key ""); return botocore's answer.

        Raises `NotFound`, `Unavailable`, and the errors above.
        """
        named = {"Bucket": self.place.bucket} | ({"Key": self.place.name(key)} if key else {})
        return self.again(lambda: getattr(self.client, operation)(**named, **values), key, patient)

    def again(self, do: Callable[[], Any], key: str, patient: bool) -> Any:
        """Do it, and again while the store is busy and patience lasts."""
        until, wait = time.monotonic() + self._patience, 0.2
        while True:
            try:
                answer = self.once(key, do)
                self._answered = True
                return answer
            except StoreBusy:
                if not (patient and self._answered and time.monotonic() + wait < until):
                    raise
            time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - spreads attempts, guards nothing
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    def once(self, key: str, do: Callable[[], Any]) -> Any:
        """Do it; its errors become ours."""
        try:
            return do()
        except ClientError as error:
            self._answered = True
            raise translated(error, self.place, key) from error
        except BROKEN as error:
            raise StoreBusy(
                "The store %(place)s does not answer (%(why)s); try again later.",
                place=self.place,
                why=error,
            ) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise Unavailable(
                "There are no keys for the store %(place)s; set TUALAI_STORAGE_KEY and"
                " TUALAI_STORAGE_SECRET, or configure AWS credentials.",
                place=self.place,
            ) from error
        except (BotoCoreError, ValueError) as error:
            raise Unavailable(
                "The store %(place)s cannot be used (%(why)s); mend its settings.",
                place=self.place,
                why=error,
            ) from error


def translated(error: ClientError, place: S3Address, key: str) -> ArchiveError:
    """What an S3 error code means here (Amazon S3 API Reference, “Error responses”)."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _MEANINGS:
        kind, text = _MEANINGS[code]
        return kind(text, key=key, bucket=place.bucket)
    if status == 404:
        return NotFound("There is no stored file “%(key)s”.", key=key)
    if code in _REFUSED or status in (401, 403):
        return Unavailable(
            "The store %(place)s refuses this key (%(code)s); it needs s3:ListBucket, GetObject, PutObject,"
            " DeleteObject and AbortMultipartUpload there.",
            place=place,
            code=code,
        )
    busy = status >= 500 or status == 429 or code in _DAMAGED_ON_THE_WAY
    return (StoreBusy if busy else Unavailable)(
        "The store %(place)s cannot do this now (%(why)s); try again later.",
        place=place,
        why=code or status,
    )

"""Reading the headers of the tus protocol, version 1.0.0 (tus.io/protocols/resumable-upload). Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from media.errors import InvalidInput

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS: dict[str, Callable[[], Any]] = {
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
}
CHUNK_TYPE = "application/offset+octet-stream"
METADATA_LENGTH = 8000
METADATA_KEYS = 20
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a chunk must add up to."""

    algorithm: str
    digest: bytes


def read_number(text: str | None, header: str) -> int:
    """A count of bytes: digits only, below 10^15. Raises `InvalidInput`."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise InvalidInput(
            "%(header)s must be a number of bytes, such as “%(header)s: 1048576”.", header=header
        )
    return int(text)


def read_metadata(text: str) -> dict[str, str]:
    """Upload-Metadata (section “Creation”): pairs of a key and its value in Base64, joined by commas.

    Raises:
        InvalidInput: for a key that is empty, not ASCII or there twice, for a value that is not Base64 of
            UTF-8, or for more than 20 keys or 8,000 characters.
    """
    if not text.strip():
        return {}
    pairs = text.split(",")
    if len(text) > METADATA_LENGTH or len(pairs) > METADATA_KEYS:
        raise InvalidInput("Upload-Metadata is too long: at most 20 keys and 8,000 characters.")
    found: dict[str, str] = {}
    for pair in pairs:
        key, _, value = pair.strip(" ").partition(" ")
        if not key or not (key.isascii() and key.isprintable()) or key in found:
            raise InvalidInput("Upload-Metadata has a key that is empty, not ASCII, or there twice.")
        found[key] = _decoded(key, value)
    return found


def read_checksum(text: str | None) -> Checksum | None:
    """Upload-Checksum (section “Checksum”): an algorithm and the digest in Base64.

    Raises:
        InvalidInput: for an algorithm that is not supported, or a digest that can't be one.
    """
    if text is None:
        return None
    name, _, encoded = text.strip().partition(" ")
    if name not in ALGORITHMS:
        raise InvalidInput(
            "Upload-Checksum names an unknown algorithm; use %(algorithms)s.",
            algorithms=", ".join(ALGORITHMS),
        )
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != ALGORITHMS[name]().digest_size:
        raise InvalidInput(
            "Upload-Checksum must be “%(name)s”, a space, and the digest in Base64.", name=name
        )
    return Checksum(name, digest)


def _decoded(key: str, value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            "Upload-Metadata: the value of “%(key)s” is not Base64 of UTF-8 text.", key=key
        ) from error

"""Where an S3 store is, from a URL: `s3://bucket/prefix?endpoint=https://host&region=…`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from media.errors import InvalidInput
from media.storage.keys import is_key

FORM = "write s3://bucket/prefix?endpoint=https://host&region=name"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # Amazon S3 User Guide, “Bucket naming rules”
_STYLES = ("path", "virtual", "auto")
_CHECKSUMS = ("sha256", "md5")


@dataclass(frozen=True, slots=True)
class S3Address:
    """A bucket and the prefix of all keys in it ("" for none).

    `endpoint` is "" for AWS, `region` "" for what the AWS configuration says, `style` how a bucket is
    addressed, `profile` one of the AWS configuration's, `checksum` what is sent beside Content-MD5, `timeout`
    the seconds without a byte after which a connection is given up, `parallel` how many requests a put of many
    parts or files has under way.
    """

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    style: str = "auto"
    profile: str = ""
    checksum: str = "sha256"
    timeout: float = 20.0
    parallel: int = 8

    def name(self, key: str) -> str:
        """The object's name in the bucket."""
        return f"{self.prefix}/{key}" if self.prefix else key

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def parse_s3(url: str) -> S3Address:
    """Read the URL of an S3 store.

    Raises:
        InvalidInput: naming what cannot be used in it.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise InvalidInput(
            "Keys don't belong in the URL of the store; set TUALAI_STORAGE_KEY and TUALAI_STORAGE_SECRET."
        )
    prefix = parts.path.strip("/")
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or (prefix and not is_key(prefix)):
        raise InvalidInput("“%(url)s” names no bucket; %(form)s.", url=url, form=FORM)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    endpoint = given.pop("endpoint", "").rstrip("/")
    if endpoint and (urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname):
        raise InvalidInput(
            "The endpoint “%(endpoint)s” is no address; %(form)s.", endpoint=endpoint, form=FORM
        )
    place = S3Address(
        parts.netloc,
        prefix,
        endpoint,
        region=given.pop("region", "us-east-1" if endpoint else ""),
        style=_one_of(given, "style", _STYLES, "path" if endpoint else "auto"),
        profile=given.pop("profile", ""),
        checksum=_one_of(given, "checksum", _CHECKSUMS, "sha256"),
        timeout=_number(given, "timeout", 20.0, 0.1, 600),
        parallel=int(_number(given, "parallel", 8, 1, 64)),
    )
    if given:
        raise InvalidInput(
            "The URL of the store has “%(option)s”, which means nothing; %(form)s.",
            option=next(iter(given)),
            form=FORM,
        )
    return place


def _one_of(given: dict[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = given.pop(name, default)
    if value not in allowed:
        raise InvalidInput(
            "“%(name)s=%(value)s” in the URL of the store means nothing; use %(allowed)s.",
            name=name,
            value=value,
            allowed=", ".join(allowed),
        )
    return value


def _number(given: dict[str, str], name: str, default: float, least: float, most: float) -> float:
    text = given.pop(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise InvalidInput(
            "“%(name)s=%(text)s” in the URL of the store is not from %(least)s to %(most)s.",
            name=name,
            text=text,
            least=f"{least:g}",
            most=f"{most:g}",
        )
    return value

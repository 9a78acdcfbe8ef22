from __future__ import annotations

import pytest

from media.errors import InvalidInput
from media.storage.s3.address import S3Address, parse_s3


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://archive", S3Address("archive")),
        ("s3://archive/a/b/?region=eu-west-1", S3Address("archive", "a/b", region="eu-west-1")),
        (
            "s3://archive?endpoint=https%3A%2F%2Fs3.example%3A9000/",
            S3Address("archive", endpoint="https://s3.example:9000", region="us-east-1", style="path"),
        ),
        (
            "s3://archive?endpoint=https://s3.example&region=x&style=virtual&checksum=md5&timeout=5&parallel=3",
            S3Address("archive", "", "https://s3.example", "x", "virtual", "", "md5", 5.0, 3),
        ),
        ("s3://archive?profile=other", S3Address("archive", profile="other")),
    ],
)
def test_urls(url: str, place: S3Address) -> None:
    assert parse_s3(url) == place


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://", "names no bucket"),
        ("s3://Upper", "names no bucket"),
        ("s3://key:secret@bucket", "Keys don't belong in the URL"),
        ("s3://bucket/../x", "names no bucket"),
        ("s3://bucket?endpoint=ftp://x", "no address"),
        ("s3://bucket?endpont=https://x", "“endpont”, which means nothing"),
        ("s3://bucket?style=odd", "path, virtual, auto"),
        ("s3://bucket?timeout=0", "not from 0.1 to 600"),
        ("s3://bucket?parallel=many", "not from 1 to 64"),
    ],
)
def test_what_cannot_be_used_is_said(url: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        parse_s3(url)


def test_names_in_the_bucket() -> None:
    assert S3Address("b", "p/q").name("a/1") == "p/q/a/1"
    assert S3Address("b").name("a/1") == "a/1"
    assert str(S3Address("b", "p")) == "s3://b/p"

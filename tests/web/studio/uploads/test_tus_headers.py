from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from media.ingest.uploads import FILENAME_BYTES, clean_filename, title_of
from web.studio.uploads.tus_headers import (
    METADATA_LENGTH,
    read_checksum,
    read_metadata,
    read_number,
)

KEYS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1, max_size=20
)


def write_metadata(values: dict[str, str]) -> str:
    """Upload-Metadata for `values`; read back by `read_metadata`."""
    pairs = ((key, base64.b64encode(value.encode()).decode("ascii")) for key, value in values.items())
    return ",".join(f"{key} {encoded}".rstrip() for key, encoded in pairs)


@given(st.dictionaries(KEYS, st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=12))
def test_metadata_comes_back_as_it_was_written(values: dict[str, str]) -> None:
    assert read_metadata(write_metadata(values)) == values


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_metadata(text)
    except InvalidInput:
        return
    assert all(key and key.isascii() and " " not in key and "," not in key for key in found)


@pytest.mark.parametrize(
    "text", ["a ?", "a YQ", "a YQ== b", " YQ==,", "a,a", "a /w==", "é YQ==", "a " + "Y" * METADATA_LENGTH,
             ",".join(f"k{n}" for n in range(21))],
)  # fmt: skip
def test_metadata_that_is_none(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_metadata(text)


def test_an_empty_value_needs_no_space() -> None:
    assert read_metadata("is_confidential,name YQ==") == {"is_confidential": "", "name": "a"}
    assert read_metadata("") == {}


@given(st.binary(max_size=50), st.sampled_from(["sha1", "sha256"]))
def test_a_checksum_comes_back(body: bytes, algorithm: str) -> None:
    digest = hashlib.new(algorithm, body).digest()
    found = read_checksum(f"{algorithm} {base64.b64encode(digest).decode()}")
    assert found is not None and (found.algorithm, found.digest) == (algorithm, digest)


@given(st.text(max_size=60))
def test_any_checksum_is_read_or_refused(text: str) -> None:
    try:
        found = read_checksum(text)
    except InvalidInput:
        return
    assert found is not None and len(found.digest) in (20, 32)


@given(st.text(max_size=20))
def test_a_number_is_digits_only(text: str) -> None:
    try:
        assert read_number(text, "Upload-Length") == int(text)
        assert text.isascii() and text.isdigit()
    except InvalidInput:
        assert not (text.isascii() and text.isdigit() and len(text) <= 15)


@given(st.text(max_size=400))
def test_a_name_never_becomes_a_path(name: str) -> None:
    cleaned = clean_filename(name)
    assert cleaned and cleaned not in (".", "..") and not set("/\\\0") & set(cleaned)
    assert len(cleaned.encode()) <= FILENAME_BYTES
    assert clean_filename(cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "title"),
    [("buổi_phát 3.mp4", "buổi phát 3"), (".mp4", ".mp4"), ("a.b.c", "a.b"), ("không đuôi", "không đuôi")],
)
def test_a_title_from_a_name(name: str, title: str) -> None:
    assert title_of(name) == title

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from web.text.preferred_language import preferred


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", None),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8", "vi"),
        ("en-GB, vi;q=0.9", "en"),
        ("en;q=0.2, vi;q=0.9", "vi"),
        ("fr, de;q=0.5", None),
        ("fr, vi;q=0.1", "vi"),
        ("vi;q=0, en;q=0.1", "en"),
        ("*", None),
        (";;;,,vi;q=zwei, en;level=1", None),
    ],
)
def test_the_language_that_is_liked_best(header: str, wanted: str | None) -> None:
    assert preferred(header, ("vi", "en")) == wanted


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert preferred(header, ("vi", "en")) in {"vi", "en", None}


def test_programs_are_told_in_the_language_they_ask_for(client: TestClient) -> None:
    url = "/api/v1/search?q=luong&offset=9999"
    assert client.get(url).json()["detail"].startswith("Only the first")
    assert (
        client.get(url, headers={"Accept-Language": "vi-VN,en;q=0.5"})
        .json()["detail"]
        .startswith("Chỉ xem được")
    )
    client.cookies.set("language", "vi")
    english = client.get(url, headers={"Accept-Language": "en-US, vi;q=0.5"})
    assert english.json()["detail"].startswith("Only the first")

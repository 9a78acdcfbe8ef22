"""The site over a small archive in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.web.sample_archive import Archive, build
from web.app import create_app


@pytest.fixture(scope="session", autouse=True)
def one_event_loop() -> Iterator[None]:
    """One thread with an event loop for every `TestClient`, which would start and end one at each request."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture(scope="session")
def built_app() -> Starlette:
    """One site for all tests: templates are compiled once. Each test puts its own archive in."""
    return create_app(build().services)


@pytest.fixture
def archive() -> Archive:
    return build()


@pytest.fixture
def client(built_app: Starlette, archive: Archive) -> Iterator[TestClient]:
    built_app.state.services = archive.services
    yield TestClient(built_app, follow_redirects=False)

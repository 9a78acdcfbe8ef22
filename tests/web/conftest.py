"""The site over a small archive in memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partialmethod

import pytest
from anyio.from_thread import start_blocking_portal
from jinja2 import Environment, FileSystemBytecodeCache
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


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(pytestconfig: pytest.Config) -> Iterator[None]:
    """Every run and worker takes what an earlier one compiled of the templates, as long as they are the same."""
    assert pytestconfig.cache
    kept = FileSystemBytecodeCache(str(pytestconfig.cache.mkdir("templates")))
    make = Environment.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "__init__", partialmethod(make, bytecode_cache=kept))
        yield


@pytest.fixture(scope="session")
def built_app(templates_compiled_once: None) -> Starlette:
    """One site for all tests: templates are compiled once. Each test puts its own archive in."""
    return create_app(build().services)


@pytest.fixture
def archive() -> Archive:
    return build()


@pytest.fixture
def client(built_app: Starlette, archive: Archive) -> Iterator[TestClient]:
    built_app.state.services = archive.services
    yield TestClient(built_app, follow_redirects=False)

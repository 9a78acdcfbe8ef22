"""The site as granian starts it, in a process of its own."""

from __future__ import annotations

import atexit
from contextlib import ExitStack

from starlette.applications import Starlette

from infra.archive import Archive
from infra.settings import read_settings
from infra.wiring import open_archive
from web.app import create_app
from web.services import Services


def create() -> Starlette:
    """Make the site for the data folder that TUALAI_HOME names."""
    stack = ExitStack()
    atexit.register(stack.close)
    return create_app(services_of(stack.enter_context(open_archive(read_settings()))))


def services_of(archive: Archive) -> Services:
    """What the site needs of an archive."""
    return Services(
        catalogue=archive.catalogue,
        transcripts=archive.transcripts,
        index=archive.index,
        storage=archive.storage,
        jobs=archive.jobs,
        plays=archive.plays,
        site_name=archive.settings.site_name,
        base_url=archive.settings.base_url,
    )

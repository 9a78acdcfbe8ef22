"""The site as granian starts it, in a process of its own."""

from __future__ import annotations

import atexit
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from infra.archive import Archive
from infra.engines import make_mail, make_provider
from infra.settings import read_settings, zone_of
from infra.wiring import open_archive
from web.app import create_app
from web.search_counter import SearchCounter
from web.services import Services
from web.view_counter import ViewCounter, public_lengths


def create() -> Starlette:
    """Make the site for the data folder that TUALAI_HOME names."""
    stack = ExitStack()
    atexit.register(stack.close)
    archive = stack.enter_context(open_archive(read_settings()))
    counter = SearchCounter(archive.searches)
    views = ViewCounter(archive.views, public_lengths(archive.catalogue))
    app = create_app(services_of(archive, counter, views))
    app.router.lifespan_context = partial(_counted_to_the_end, counter, views)
    return app


@asynccontextmanager
async def _counted_to_the_end(
    counter: SearchCounter, views: ViewCounter, _app: Starlette
) -> AsyncIterator[None]:
    """What waits to be counted is written when the site stops; granian's processes run no `atexit`."""
    yield
    await run_in_threadpool(counter.flush)
    await run_in_threadpool(views.flush)


def services_of(
    archive: Archive, counter: SearchCounter | None = None, view_counter: ViewCounter | None = None
) -> Services:
    """What the site needs of an archive."""
    return Services(
        catalogue=archive.catalogue,
        transcripts=archive.transcripts,
        versions=archive.versions,
        glossary=archive.glossary,
        lexicons=archive.lexicons,
        index=archive.index,
        storage=archive.storage,
        jobs=archive.jobs,
        plays=archive.plays,
        signing=archive.signing,
        subjects=archive.subjects,
        uploading=archive.uploading,
        documents=archive.documents,
        editing=archive.editing,
        marking=archive.marking,
        presences=archive.presences,
        zone=zone_of(archive.settings),
        provider=make_provider(archive.settings),
        mail=make_mail(archive.settings),
        site_name=archive.settings.site_name,
        base_url=archive.settings.base_url,
        contact=archive.settings.contact,
        counter=counter,
        searches=archive.searches,
        views=archive.views,
        view_counter=view_counter,
    )

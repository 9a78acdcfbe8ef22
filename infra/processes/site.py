"""The site as granian starts it, in a process of its own."""

from __future__ import annotations

import atexit
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from infra.assembly.archive import Archive
from infra.assembly.engines import make_delivery, make_mail, make_metrics, make_provider, make_push
from infra.assembly.wiring import open_archive
from infra.configuration.file_limit import raise_file_limit
from infra.configuration.settings import Settings, read_settings
from infra.db.jobs.queues import figures
from infra.monitoring.logs import set_up_logs
from infra.processes.readiness import readiness
from infra.processes.stopping import close_at_signals
from media.errors import InvalidInput
from web.app import create_app
from web.domain.events.hub import Hub
from web.domain.statistics.search_counter import SearchCounter
from web.domain.statistics.view_counter import ViewCounter, public_lengths
from web.services import Services, SiteSettings


def create() -> Starlette:
    """Make the site for the data folder that TUALAI_HOME names."""
    raise_file_limit()
    stack = ExitStack()
    atexit.register(stack.close)
    settings = read_settings()
    set_up_logs(settings)
    archive = stack.enter_context(open_archive(settings))
    services = services_of(archive)
    app = create_app(services)
    app.router.lifespan_context = partial(_counted_to_the_end, services, archive.live.hub)
    return app


@asynccontextmanager
async def _counted_to_the_end(services: Services, hub: Hub, _app: Starlette) -> AsyncIterator[None]:
    """What waits to be counted is written when the site stops; granian's processes run no `atexit`."""
    close_at_signals(hub)
    yield
    await run_in_threadpool(services.counter.flush)
    await run_in_threadpool(services.view_counter.flush)


def services_of(archive: Archive) -> Services:
    """What the site works with: the archive's groups, and what is of this process."""
    settings = archive.settings
    archive.companion.asking()  # made before requests race for it; a wrong key is said at the start
    push = make_push(settings, archive.companion.encryption())
    return Services(
        settings=SiteSettings(
            site_name=settings.site_name,
            base_url=settings.base_url,
            contact=settings.contact,
            zone=zone_of(settings),
            live_address=settings.live_address or settings.live_rtmp,
            live_secret=settings.live_secret.get_secret_value(),
            srt_address=settings.live_srt,
            metrics_token=settings.metrics_token.get_secret_value(),
            push_key=push.key if push else "",
        ),
        counter=SearchCounter(archive.searches),
        view_counter=ViewCounter(archive.views, public_lengths(archive.catalogue)),
        archive=archive,
        studio=archive.studio,
        companion=archive.companion,
        live=archive.live,
        provider=make_provider(settings),
        mail=make_mail(settings),
        metrics=make_metrics(settings, partial(figures, archive.database, settings.storage_quota)),
        readiness=partial(readiness, archive),
        delivery=make_delivery(settings),
    )


def zone_of(settings: Settings) -> ZoneInfo:
    """The zone that is set. Raises `InvalidInput` when there is none of that name."""
    try:
        return ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            "TUALAI_TIME_ZONE is “%(time_zone)s”; use a name such as Asia/Ho_Chi_Minh.",
            time_zone=settings.time_zone,
        ) from error

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
from web.domain.events.hub import Hub, Pace
from web.domain.questions.asking import Asking, AskingLimits
from web.domain.questions.word_list import Watching
from web.domain.statistics.search_counter import SearchCounter
from web.domain.statistics.view_counter import ViewCounter, public_lengths
from web.services import Services


def create() -> Starlette:
    """Make the site for the data folder that TUALAI_HOME names."""
    raise_file_limit()
    stack = ExitStack()
    atexit.register(stack.close)
    settings = read_settings()
    set_up_logs(settings)
    archive = stack.enter_context(open_archive(settings))
    counter = SearchCounter(archive.searches)
    views = ViewCounter(archive.views, public_lengths(archive.catalogue))
    services = services_of(archive, counter, views)
    app = create_app(services)
    app.router.lifespan_context = partial(_counted_to_the_end, counter, views, services.hub)
    return app


@asynccontextmanager
async def _counted_to_the_end(
    counter: SearchCounter, views: ViewCounter, hub: Hub | None, _app: Starlette
) -> AsyncIterator[None]:
    """What waits to be counted is written when the site stops; granian's processes run no `atexit`."""
    if hub is not None:
        close_at_signals(hub)
    yield
    await run_in_threadpool(counter.flush)
    await run_in_threadpool(views.flush)


def asking_of(archive: Archive) -> Asking:
    """What takes workers' questions."""
    limits = AskingLimits(archive.settings.questions_of_address)
    return Asking(
        archive.questions, archive.contacts, archive.encryption(), Watching(archive.word_list), limits
    )


def pace_of(settings: Settings) -> Pace:
    """The limits of streams that are set."""
    return Pace(streams=settings.event_streams, of_address=settings.event_streams_of_address)


def services_of(
    archive: Archive, counter: SearchCounter | None = None, view_counter: ViewCounter | None = None
) -> Services:
    """What the site needs of an archive."""
    push = make_push(archive.settings, archive.encryption())
    return Services(
        catalogue=archive.catalogue,
        transcripts=archive.transcripts,
        versions=archive.versions,
        glossary=archive.glossary,
        lexicons=archive.lexicons,
        events=archive.events,
        hub=Hub(archive.events, archive.viewers, pace_of(archive.settings)),
        index=archive.index,
        storage=archive.storage,
        delivery=make_delivery(archive.settings),
        jobs=archive.jobs,
        plays=archive.plays,
        sign_in=archive.sign_in,
        taxonomy=archive.taxonomy,
        upload_service=archive.upload_service,
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
        metrics=make_metrics(
            archive.settings, partial(figures, archive.database, archive.settings.storage_quota)
        ),
        metrics_token=archive.settings.metrics_token.get_secret_value(),
        readiness=partial(readiness, archive),
        questions=archive.questions,
        contacts=archive.contacts,
        written_answers=archive.written_answers,
        board=archive.board,
        matching=archive.matching,
        demand=archive.demand,
        broadcasts=archive.broadcasts,
        live_address=archive.settings.live_address or archive.settings.live_rtmp,
        live_secret=archive.settings.live_secret.get_secret_value(),
        srt_address=archive.settings.live_srt,
        screens=archive.screens,
        encryption=archive.encryption(),
        asking=asking_of(archive),
        push_key=push.key if push else "",
        already_answered=archive.already_answered,
        word_list=archive.word_list,
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

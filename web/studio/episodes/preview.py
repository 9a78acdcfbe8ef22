"""An episode as a worker will see it, for who is signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.archive.episodes import EpisodeState
from web.access.published_episodes import PublishedEpisodes
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.public.episode_pages import episode_page
from web.rendering.context import language_of
from web.rendering.templating import render
from web.services import services_of
from web.studio.episodes.views import state_word


@guarded(Action.SEE_STUDIO)
def preview(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/preview`."""
    services, language = services_of(request), language_of(request)
    held = episode_for(request, signed_in)
    details = PublishedEpisodes(services).preview(held.episode.slug)
    job = services.archive.jobs.job_of(held.episode.slug)
    return render(
        request,
        "studio/preview.html",
        page=episode_page(request, details),
        slug=held.episode.slug,
        public=held.episode.state is EpisodeState.PUBLISHED,
        standing=state_word(held.episode, job, language, services.settings.zone),
    )


ROUTES = [Route("/studio/episodes/{slug}/preview", preview, methods=["GET"])]

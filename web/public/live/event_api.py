"""Where events are followed: by the public at an episode, by moderators at its desk, on screens by a secret link."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.errors import Forbidden, NotFound, Unavailable
from web.access.signed_in import SignedInRequest, guarded, signed_in_by
from web.access.visibility import episode_for, live_episode_of
from web.domain.accounts.permissions import Action
from web.domain.events.events import desk_channel, public_channel
from web.public.live.streams import answer
from web.services import companion_of


def public_events(request: Request) -> Response:
    """`GET /api/v1/episodes/{slug}/events?after=`: what anybody may know. Raises `NotFound`, `Withdrawn`."""
    slug = live_episode_of(request, str(request.path_params["slug"])).episode.slug
    return answer(request, (public_channel(slug),), viewer_of=slug)


@guarded(Action.MODERATE)
def desk_events(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}/desk/events?after=`: the desk's events and the public ones, in one order."""
    slug = episode_for(request, signed_in, Action.MODERATE).episode.slug
    return answer(
        request, (desk_channel(slug), public_channel(slug)), still=lambda: _still_moderates(request)
    )


def screen_events(request: Request) -> Response:
    """`GET /screens/{secret}/events?after=`: the public events of the screen's episode. Raises `NotFound`."""
    screens = companion_of(request).screens
    secret = str(request.path_params["secret"])
    slug = screens.screen(secret).episode
    return answer(request, (public_channel(slug),), still=_there(screens.screen, secret))


def _still_moderates(request: Request) -> bool:
    """Whether they are signed in yet, and may moderate the episode yet."""
    signed_in = signed_in_by(request)
    return signed_in is not None and _there(episode_for, request, signed_in, Action.MODERATE)()


def _there(look: Callable[..., object], *args: object) -> Callable[[], bool]:
    """A function that tells whether `look` still finds; a database that is away for a moment ends nothing."""

    def still() -> bool:
        try:
            look(*args)
        except (NotFound, Forbidden):
            return False
        except Unavailable:
            return True
        return True

    return still


ROUTES = [
    Route("/api/v1/episodes/{slug}/events", public_events, methods=["GET"]),
    Route("/api/v1/studio/episodes/{slug}/desk/events", desk_events, methods=["GET"]),
    Route("/screens/{secret}/events", screen_events, methods=["GET"]),
]

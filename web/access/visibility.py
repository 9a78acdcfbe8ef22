"""What somebody sees of the studio: everybody all programmes, contributors only their organisation's."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from media.archive.episodes import Episode, EpisodeState, Programme
from media.errors import Forbidden, NotFound
from web.access.published_episodes import EpisodeDetails, PublishedEpisodes
from web.access.signed_in import COOKIE, SignedInRequest
from web.domain.accounts.accounts import Account, Role, digest_of
from web.domain.accounts.permissions import Action
from web.domain.programme.live_episode import LiveEpisode, live_episode
from web.services import ArchiveServices, services_of


@dataclass(frozen=True, slots=True)
class Held:
    """An episode and its programme."""

    episode: Episode
    programme: Programme


def visible(account: Account, programme: Programme) -> bool:
    """Whether `account` sees the programme's episodes before they are public."""
    if account.role is not Role.CONTRIBUTOR:
        return account.active
    return account.active and bool(account.organisation) and account.organisation == programme.organisation


def programmes_for(archive: ArchiveServices, account: Account) -> list[Programme]:
    """The programmes that `account` sees, by title."""
    return [each for each in archive.catalogue.programmes() if visible(account, each)]


def episode_for(request: Request, signed_in: SignedInRequest, action: Action = Action.SEE_STUDIO) -> Held:
    """The episode that the address names (`slug`).

    Raises:
        NotFound: there is none.
        Forbidden: the visitor does not see it, or may not do `action` to it.
    """
    catalogue = services_of(request).archive.catalogue
    episode = catalogue.episode(str(request.path_params["slug"]))
    programme = catalogue.programme(episode.programme)
    if not visible(signed_in.account, programme):
        raise Forbidden("This episode is another organisation's; ask an editor.")
    signed_in.check(action, programme.organisation)
    return Held(episode, programme)


def may_preview(request: Request, episode: Episode) -> bool:
    """Whether the request comes from somebody signed in who sees this episode though it is not public."""
    services = services_of(request)
    token = request.cookies.get(COOKIE, "")
    if episode.state is EpisodeState.PUBLISHED or not token or services.studio is None:
        return False
    session = services.studio.sign_in.accounts.session(digest_of(token))
    return session is not None and visible(
        session.account, services.archive.catalogue.programme(episode.programme)
    )


def live_episode_of(request: Request, slug: str) -> LiveEpisode:
    """An episode that anybody may follow. Raises as `live_episode`."""
    services = services_of(request)
    broadcasts = services.live.broadcasts if services.live else None
    return live_episode(services.archive.catalogue, broadcasts, slug)


def shown(request: Request, published: PublishedEpisodes, slug: str) -> EpisodeDetails:
    """A public episode; another one for who may preview it. Raises `NotFound`, `Withdrawn`."""
    try:
        return published.episode(slug)
    except NotFound:
        if not may_preview(request, services_of(request).archive.catalogue.episode(slug)):
            raise
    return published.preview(slug)

"""The desk's list of episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.archive.editing import EpisodeFilter
from media.archive.episodes import Episode, EpisodeState
from web.access.signed_in import SignedInRequest, guarded, page
from web.access.visibility import programmes_for
from web.domain.accounts.accounts import Role
from web.domain.accounts.permissions import Action
from web.rendering.context import language_of
from web.services import services_of, studio_of
from web.studio.episodes.views import RowUpdate, present_live, present_row, state_names

PAGE = 30


@dataclass(frozen=True, slots=True)
class ListParams:
    """What the list's address asks for; "" for everything. `page` counts from 1."""

    state: str = ""
    programme: str = ""
    q: str = ""
    page: int = 1

    def url(self, **changes: object) -> str:
        """The list with some of it changed."""
        params: dict[str, object] = {
            "state": self.state,
            "programme": self.programme,
            "q": self.q,
            **changes,
        }
        kept = {name: value for name, value in params.items() if value}
        return f"/studio?{urlencode(kept)}" if kept else "/studio"


@guarded(Action.SEE_STUDIO)
def episodes(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio?state=&programme=&q=&page=`."""
    services, language = services_of(request), language_of(request)
    params = params_of(request)
    seen = {each.slug: each for each in programmes_for(services.archive, signed_in.account)}
    found, total = studio_of(request).editing.listed(wanted_of(params, signed_in, set(seen)))
    live = live_views(request, found)
    rows = [
        present_row(
            each,
            seen.get(each.programme),
            live[each.slug],
            language,
            each.programme in seen
            and signed_in.may(Action.EDIT_EPISODE, seen[each.programme].organisation),
        )
        for each in found
    ]
    today = datetime.now(services.settings.zone).date()
    due = studio_of(request).marking.due(today, None if not limited(signed_in) else set(seen))
    return page(
        request,
        signed_in,
        "episodes.html",
        params=params,
        rows=rows,
        total=total,
        states=state_names(language),
        programmes=seen.values(),
        due=due,
        previous=params.url(page=params.page - 1) if params.page > 1 else "",
        following=params.url(page=params.page + 1) if params.page * PAGE < total else "",
        slugs=[row.slug for row in rows],
    )


def params_of(request: Request) -> ListParams:
    """What the address asks for."""
    values = request.query_params
    number = values.get("page", "1")
    state = values.get("state", "")
    return ListParams(
        state if state in {each.value for each in EpisodeState} else "",
        values.get("programme", "")[:80],
        " ".join(values.get("q", "").split())[:200],
        max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def limited(signed_in: SignedInRequest) -> bool:
    """Whether the visitor sees only some programmes."""
    return signed_in.account.role is Role.CONTRIBUTOR


def wanted_of(params: ListParams, signed_in: SignedInRequest, seen: set[str]) -> EpisodeFilter:
    """What to ask the store for; `seen` are the programmes that the visitor sees."""
    return EpisodeFilter(
        EpisodeState(params.state) if params.state else None,
        params.programme,
        params.q,
        seen if limited(signed_in) else None,
        limit=PAGE,
        offset=(params.page - 1) * PAGE,
    )


def live_views(request: Request, found: Sequence[Episode]) -> dict[str, RowUpdate]:
    """What changes of episodes while one looks at them."""
    services, language, slugs = services_of(request), language_of(request), [e.slug for e in found]
    jobs = studio_of(request).editing.jobs_of(slugs)
    people = studio_of(request).presences.present(slugs)
    return {
        each.slug: present_live(
            each, jobs.get(each.slug), people.get(each.slug, []), language, services.settings.zone
        )
        for each in found
    }


ROUTES = [Route("/studio", episodes, methods=["GET"])]

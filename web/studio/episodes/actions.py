"""What editors do with an episode, whether by a form or by a script."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from starlette.requests import Request

from media.archive.episodes import Episode
from media.archive.publishing import Material, PublishingCheck, check_list, ready
from media.errors import Conflict, InvalidInput, NotFound
from media.hls.playlist import HLS_KINDS
from transcribe.segments import SegmentKind, SegmentState
from web.access.signed_in import SignedInRequest, sign_in_of
from web.access.visibility import Held, episode_for, visible
from web.domain.accounts.permissions import Action
from web.domain.accounts.presence import PLACES
from web.services import Services, services_of, studio_of

T = TypeVar("T")


def material_of(services: Services, episode: Episode) -> Material:
    """What an episode has."""
    renditions = services.archive.catalogue.renditions(episode.recording) if episode.recording else []
    transcript = services.archive.transcripts.transcript(episode.slug)
    answers = [
        s for s in services.archive.transcripts.segments(episode.slug) if s.kind is SegmentKind.ANSWER
    ]
    confirmed = sum(each.state is SegmentState.CONFIRMED for each in answers)
    return Material(
        playable=any(each.kind in HLS_KINDS for each in renditions),
        confirmed=confirmed,
        suggested=len(answers) - confirmed,
        transcript=transcript.version if transcript else 0,
    )


def checks_of(services: Services, episode: Episode) -> list[PublishingCheck]:
    """An episode's check list as it stands."""
    return check_list(episode, material_of(services, episode), datetime.now(services.settings.zone).date())


def publish(request: Request, signed_in: SignedInRequest) -> Episode:
    """Make the episode public now. Raises `Conflict` while something blocking is left."""
    held = episode_for(request, signed_in, Action.PUBLISH)
    _check_ready(request, held)
    return studio_of(request).editing.publish(held.episode.slug)


def schedule(request: Request, signed_in: SignedInRequest, at: datetime | None) -> Episode:
    """Make the episode public at `at` (UTC, without a zone), or no longer by itself (None)."""
    held = episode_for(request, signed_in, Action.PUBLISH)
    if at is not None:
        _check_ready(request, held)
        if at <= datetime.now(UTC).replace(tzinfo=None):
            raise InvalidInput("That time is past; choose a later one, or publish now.")
    return studio_of(request).editing.schedule(held.episode.slug, at)


def withdraw(request: Request, signed_in: SignedInRequest, reason: str) -> Episode:
    """Take the episode from the public, which is told the reason."""
    held = episode_for(request, signed_in, Action.PUBLISH)
    return studio_of(request).editing.withdraw(held.episode.slug, reason)


def check_move(request: Request, signed_in: SignedInRequest, programme: str) -> None:
    """Raise unless the visitor may edit episodes of `programme` too: they are moving one there."""
    found = services_of(request).archive.catalogue.programme(programme[:100])
    signed_in.check(Action.EDIT_EPISODE, found.organisation)


def check_newer(request: Request, signed_in: SignedInRequest, segment: str) -> None:
    """Raise `NotFound` unless the visitor sees the answer that is said to be newer."""
    placed = studio_of(request).marking.answer(segment) if segment else None
    catalogue = services_of(request).archive.catalogue
    if segment and (
        placed is None
        or not visible(signed_in.account, catalogue.programme(catalogue.episode(placed.episode).programme))
    ):
        raise NotFound("The newer answer is not there any more; look for it again.")


def work_again(request: Request, signed_in: SignedInRequest) -> None:
    """Process the episode's recording on from the step that failed. Raises `NotFound`, `Conflict`."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    services_of(request).archive.jobs.retry(_job(request, slug))
    sign_in_of(request).audit.note("episode.retry", slug)


def stop_work(request: Request, signed_in: SignedInRequest) -> None:
    """Stop processing the episode's recording. Raises `NotFound`, `Conflict`."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    services_of(request).archive.jobs.cancel(_job(request, slug))
    sign_in_of(request).audit.note("episode.cancel", slug)


def be_present(request: Request, signed_in: SignedInRequest, slug: str, what: str) -> None:
    """Note that the visitor has the episode open at `what`."""
    if what not in PLACES:
        raise InvalidInput("“what” is one of: %(places)s.", places=", ".join(sorted(PLACES)))
    studio_of(request).presences.beat(slug, signed_in.account.id, what)


def _job(request: Request, slug: str) -> str:
    job = services_of(request).archive.jobs.job_of(slug)
    if job is None:
        raise NotFound("Nothing is being made of this episode.")
    return job.id


def _check_ready(request: Request, held: Held) -> None:
    checks = checks_of(services_of(request), held.episode)
    if not ready(checks):
        left = ", ".join(check.need for check in checks if check.blocking and not check.met)
        raise Conflict(
            "Something is missing before it can be public: %(left)s. Mend that first.", left=left
        )

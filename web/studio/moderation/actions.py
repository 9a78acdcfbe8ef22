"""What moderators do, whether by a form or by a script; and what the desk is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from starlette.requests import Request

from media.errors import InvalidInput
from media.live.broadcast import Health
from web.access.signed_in import SignedInRequest
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.domain.matching.matching import Matching
from web.domain.moderation.board import on_air
from web.domain.questions.questions import Companion, Question, QuestionState
from web.services import LiveServices, companion_of, services_of

T = TypeVar("T")
OPEN_TO_MATCH = frozenset(QuestionState) - {QuestionState.ANSWERED, QuestionState.REFUSED}
MATCH_LIMIT = 250
"""Questions that are compared with each other; those with most votes."""


@dataclass(frozen=True, slots=True)
class DeskNow:
    """An episode's desk (or the archive's, `episode` None). `last` is the newest event before the questions were
    read; `since` is when the answers that run began, by question."""

    episode: str | None
    last: int
    questions: list[Question]
    since: dict[str, datetime]
    companion: Companion | None

    @property
    def answering(self) -> Question | None:
        """The question on air."""
        return on_air(self.questions)


def desk_episode(request: Request, signed_in: SignedInRequest) -> str | None:
    """The slug of the address; None for the board of questions to the archive itself."""
    if "slug" not in request.path_params:
        return None
    return episode_for(request, signed_in, Action.MODERATE).episode.slug


def desk_now(request: Request, episode: str | None) -> DeskNow:
    """Everything on a desk."""
    live = services_of(request).live
    last = live.events.newest() if live else 0
    board = companion_of(request).board
    found = board.questions(episode)
    since = since_of(request, episode)
    companion = companion_of(request).questions.companion(episode) if episode is not None else None
    return DeskNow(episode, last, found, since, companion)


def since_of(request: Request, episode: str | None) -> dict[str, datetime]:
    """When the answer that runs began, by its question."""
    marks = companion_of(request).board.marks(episode) if episode is not None else []
    return {mark.question: mark.began_at for mark in marks if mark.ended_at is None}


def health_of(live: LiveServices | None, episode: str) -> Health | None:
    """How the intake of its broadcast does; None where it has none."""
    if live is None or live.broadcasts.broadcast(episode) is None:
        return None
    return live.broadcasts.health(episode)


def same_questions(matching: Matching, questions: list[Question]) -> list[tuple[str, ...]]:
    """Ids of open questions that seem to say the same, the one with most votes first of each group."""
    waiting = [each for each in questions if each.merged_into is None and each.state in OPEN_TO_MATCH]
    waiting.sort(key=lambda each: (-each.votes, each.position))
    asked = tuple(sorted((each.id, each.shown) for each in waiting[:MATCH_LIMIT]))
    votes = {each.id: each.votes for each in waiting}
    found = _groups(matching, asked)  # type: ignore[arg-type] # hashed by identity
    return [tuple(sorted(group, key=lambda each: -votes[each])) for group in found]


@lru_cache(maxsize=16)
def _groups(matching: Matching, asked: tuple[tuple[str, str], ...]) -> list[tuple[str, ...]]:
    """Worked out once for all moderators who look at the same questions."""
    return matching.groups(asked)


def state_named(name: str) -> QuestionState:
    """A column by its name. Raises `InvalidInput`."""
    try:
        return QuestionState(name)
    except ValueError as error:
        raise InvalidInput(
            "There is no column “%(name)s”; choose one of %(columns)s.",
            name=name[:40],
            columns=", ".join(QuestionState),
        ) from error

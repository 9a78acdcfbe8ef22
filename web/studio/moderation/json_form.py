"""Questions and settings of the desk as JSON, and what its calls are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from web.domain.moderation.screens import Screen, ScreenKind
from web.domain.questions.questions import Companion, Hold, Question, QuestionState
from web.http.json_schema import Moment, Version, said
from web.http.typed_json import closed, like
from web.studio.moderation.views import utc_text

MERGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class DeskQuestion:
    """A question as moderators see it."""

    id: str
    episode: str | None
    original: str
    shown: str
    name: str
    workplace: str
    state: QuestionState
    held: bool
    position: float
    votes: int
    merged_into: str | None
    topics: tuple[str, ...]
    guest: str
    segment: str
    source: str
    created_at: Moment | None
    changed_at: Moment | None
    answered_at: Moment | None
    version: int


@dataclass(frozen=True, slots=True)
class CompanionJson:
    """How an episode takes questions."""

    open: bool
    hold: Hold
    version: int


@dataclass(frozen=True, slots=True)
class Answering:
    """The question on air, and since when."""

    question: str
    since: Moment | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on a desk."""

    last: Annotated[int, said("the newest event before this was read: what to follow on from")]
    questions: list[DeskQuestion]
    answering: Answering | None
    companion: CompanionJson | None


@dataclass(frozen=True, slots=True)
class ScreenJson:
    """A screen's link."""

    id: str
    kind: ScreenKind
    created_at: Moment
    address: Annotated[str | None, said("a secret; null where it can't be read any more")]


@closed
class Nothing(TypedDict):
    """Nothing is sent."""


@closed
class Seen(TypedDict, total=False):
    """What was seen of what is to be changed."""

    seen: Annotated[
        Version | None, said("the version that was seen; 409 with `current` when it is another now")
    ]


@closed
class Move(Seen):
    """Where a question goes."""

    state: QuestionState
    above: NotRequired[Annotated[str | None, said("the question to stand above; null: at the end")]]


@closed
class Edit(Seen, total=False):
    """What is shown of a question."""

    shown: str
    topics: tuple[str, ...]
    guest: str


@closed
class Merge(TypedDict):
    """The questions that another one stands for."""

    questions: Annotated[list[str], Field(min_length=1, max_length=MERGE_LIMIT)]


@closed
class Begin(Seen, total=False):
    """Who answers."""

    guest: Annotated[str, said("empty: to whom it was given")]


@closed
class Block(TypedDict, total=False):
    """For how long a device is refused."""

    days: Annotated[int, Field(ge=1, le=365)]


@closed
class CompanionChange(Seen):
    """How an episode shall take questions."""

    open: bool
    hold: Hold


@closed
class NewScreen(TypedDict):
    """What a link is for."""

    kind: ScreenKind


def question_json(question: Question) -> DeskQuestion:
    """A question as moderators see it."""
    return like(
        DeskQuestion,
        question,
        created_at=utc_text(question.created_at) or None,
        changed_at=utc_text(question.changed_at) or None,
        answered_at=utc_text(question.answered_at) or None,
    )


def companion_json(companion: Companion) -> CompanionJson:
    """How an episode takes questions."""
    return like(CompanionJson, companion)


def screen_json(screen: Screen, base: str) -> ScreenJson:
    """A screen's link."""
    address = f"{base}/screens/{screen.secret}" if screen.secret else None
    return ScreenJson(screen.digest, screen.kind, utc_text(screen.created_at), address)

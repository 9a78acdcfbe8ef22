"""Questions that workers ask, from the phone to the answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from media.errors import Conflict

TEXT_LENGTH = 1000
NAME_LENGTH = 80
WORKPLACE_LENGTH = 120


class QuestionState(StrEnum):
    """Where a question stands; the columns of the moderators' board."""

    INCOMING = "incoming"
    SHORTLISTED = "shortlisted"
    ON_AIR = "on_air"
    ANSWERED = "answered"
    LATER = "later"
    REFUSED = "refused"  # not shown to anybody but moderators and, as "not taken", on its receipt


OPEN_STATES = frozenset({QuestionState.INCOMING, QuestionState.SHORTLISTED, QuestionState.LATER})


class Hold(StrEnum):
    """Which questions wait for a moderator before anybody sees them."""

    ALL = "all"
    SUSPICIOUS = "suspicious"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as moderators see it.

    `original` is what was typed and never leaves the desk; `shown` what others may read: masked, links
    stripped, perhaps edited. `name` and `workplace` are shown, "" when the worker did not want that.
    `held`: it waits for a moderator and is not public. `position` orders a column of the board, smaller first.
    `votes` counts those of questions merged into it too, and who asked. `merged_into` is the id of the
    question that stands for it. `guest` is who shall answer, `segment` the id of the answer in the recording.
    """

    id: str
    episode: str | None
    original: str
    shown: str
    name: str = ""
    workplace: str = ""
    state: QuestionState = QuestionState.INCOMING
    held: bool = False
    position: float = 0.0
    votes: int = 1
    merged_into: str | None = None
    topics: tuple[str, ...] = ()
    guest: str = ""
    segment: str = ""
    source: str = "web"
    created_at: datetime | None = None
    changed_at: datetime | None = None
    answered_at: datetime | None = None
    version: int = 1

    @property
    def public(self) -> bool:
        """Whether anybody may read it (as `shown`)."""
        return not self.held and self.merged_into is None and self.state is not QuestionState.REFUSED


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question as anybody may see it: the only form that pages, calls and events for the public take.

    `answer` is the address of its answer, "" while there is none.
    """

    id: str
    episode: str | None
    shown: str
    name: str
    workplace: str
    state: QuestionState
    votes: int
    answer: str = ""


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What arrives. `receipt` is the digest of its code, `device` a pseudonym; `source_key` names an imported
    comment in its source, "" for none. `contacts` are (kind, sealed) pairs, kept apart from the question.
    `voter` is the pseudonym under which its asker's own vote counts, "" where there is no device; `id` may be
    chosen before, 32 hex digits."""

    episode: str | None
    original: str
    shown: str
    receipt: str
    device: str = ""
    name: str = ""
    workplace: str = ""
    held: bool = False
    source: str = "web"
    source_key: str = ""
    topics: tuple[str, ...] = ()
    contacts: tuple[tuple[str, bytes], ...] = ()
    voter: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """How an episode takes questions."""

    episode: str
    open: bool = True
    hold: Hold = Hold.SUSPICIOUS
    version: int = 1


class QuestionChanged(Conflict):
    """Somebody else changed the question meanwhile; nothing was saved. `current` is how it is now."""

    def __init__(self, current: Question) -> None:
        super().__init__(
            "Somebody else changed this question meanwhile; nothing was saved. Look at it again."
        )
        self.current = current


class ReceiptTaken(Conflict):
    """Another question has this receipt already; draw a new code."""


class Questions(Protocol):
    """What workers do with questions. One method is one transaction, and tells its events."""

    def ask(self, new: NewQuestion) -> Question:
        """Add a question, with a vote of its device.

        The same device, episode and text again gives the question there is already, its receipt replaced;
        the same source and key likewise. Raises `NotFound` (the episode), `Conflict` when asking is closed
        (imported comments, whose source is another, are taken then too), `ReceiptTaken`, `Forbidden` for a blocked device.
        """
        ...

    def question(self, id: str) -> Question:
        """Raises `NotFound`."""
        ...

    def by_receipt(self, receipt: str) -> Question:
        """The question of a receipt's digest, and not the one it was merged into. Raises `NotFound`."""
        ...

    def vote(self, question: str, voter: str) -> int:
        """Count a voter once, at the question that stands for it; return its votes.

        Raises `NotFound`, also for one that is not public.
        """
        ...

    def unvote(self, question: str, voter: str) -> int:
        """Take a vote back; return the votes left. Raises `NotFound`, also for one that is not public."""
        ...

    def voted(self, voters: Mapping[str, str]) -> set[str]:
        """Of questions by id and the voter's pseudonym for each, those voted for."""
        ...

    def merged(self, questions: Collection[str]) -> dict[str, list[str]]:
        """Of questions, the ids of those merged into each; only those that have any."""
        ...

    def of_episode(self, episode: str | None, *, public_only: bool) -> list[Question]:
        """Most votes first; merged ones are left out."""
        ...

    def answers(self, questions: Collection[Question]) -> dict[str, str]:
        """Of answered questions, by id, the addresses of their answers; only of those that anybody may see."""
        ...

    def companion(self, episode: str) -> Companion:
        """How an episode takes questions, the default when nothing was set."""
        ...

    def save_companion(self, companion: Companion) -> Companion:
        """Raises `Conflict` when it is not as seen."""
        ...


@dataclass(frozen=True, slots=True)
class PublicState:
    """How things stand for everybody: `now` is being answered since `since` (UTC, without a zone), `next` come
    then, `count` public questions were asked. None of these is held or refused."""

    now: Question | None
    since: datetime | None
    next: list[Question]
    count: int

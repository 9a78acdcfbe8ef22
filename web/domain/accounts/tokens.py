"""Bearer tokens for programs that call the API, and calls that are made once however often they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from web.domain.accounts.accounts import Account
from web.domain.accounts.permissions import Action

TOKEN_LIMIT = 20
"""Tokens an account may have."""

REPLAY_LIFE = timedelta(hours=24)
KEY_LENGTH = 200


class Scope(StrEnum):
    """What a token may do, within what its account may."""

    READ = "read"
    UPLOAD = "upload"
    EDIT = "edit"
    PUBLISH = "publish"
    FIGURES = "figures"


SCOPED: dict[Scope, frozenset[Action]] = {
    Scope.READ: frozenset({Action.SEE_STUDIO}),
    Scope.UPLOAD: frozenset({Action.SEE_STUDIO, Action.UPLOAD}),
    Scope.EDIT: frozenset({Action.SEE_STUDIO, Action.EDIT_EPISODE, Action.KEEP_TOPICS}),
    Scope.PUBLISH: frozenset({Action.SEE_STUDIO, Action.PUBLISH}),
    Scope.FIGURES: frozenset({Action.SEE_STUDIO, Action.SEE_FIGURES}),
}


def actions_of(scopes: frozenset[Scope]) -> frozenset[Action]:
    """Everything that tokens with these scopes may do."""
    return frozenset[Action]().union(*(SCOPED[scope] for scope in scopes))


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of an account; the secret itself is shown once. Times in UTC."""

    id: str
    account: Account
    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """What a call was answered with; `status` 0 while it is still being made."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Tokens(Protocol):
    """One method is one transaction; changes are in the audit log."""

    def add(self, account: str, digest: str, name: str, scopes: frozenset[Scope]) -> ApiToken:
        """Raises `NotFound`, `InvalidInput` (name), `Conflict` when the account has TOKEN_LIMIT."""
        ...

    def token(self, digest: str) -> ApiToken | None:
        """The token of an active account; notes that it was used."""
        ...

    def tokens(self, account: str) -> list[ApiToken]:
        """Newest first."""
        ...

    def remove(self, account: str, id: str) -> None:
        """Raises `NotFound`."""
        ...

    def begin(self, account: str, key: str, digest: str) -> Replay | None:
        """Begin a call sent with an idempotency key; None when it is new and now begun.

        `digest` is of what was sent. Raises `Conflict` when the same key came with something else.
        """
        ...

    def finish(self, account: str, key: str, replay: Replay | None) -> None:
        """Keep the answer for REPLAY_LIFE; None forgets the call, so that it can be made again."""
        ...

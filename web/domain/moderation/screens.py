"""Screens: the presenter's view and the hall's, under links that are secrets."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

SECRET_BYTES = 16


class ScreenKind(StrEnum):
    """What a screen shows."""

    PRESENTER = "presenter"
    HALL = "hall"


@dataclass(frozen=True, slots=True)
class Screen:
    """A link for a screen. `digest` names it, `secret` opens it: "" where that can't be read any more, as after
    the archive's key was lost; make another one then."""

    digest: str
    episode: str
    kind: ScreenKind
    created_at: datetime
    secret: str = ""


class Screens(Protocol):
    """Whoever has a link sees what anybody may see, and no more; it is good until it is taken back."""

    def add(self, episode: str, kind: ScreenKind) -> Screen:
        """Make a link. Raises `NotFound` for an unknown episode."""
        ...

    def of_episode(self, episode: str) -> list[Screen]:
        """The episode's links, the first made first."""
        ...

    def screen(self, secret: str) -> Screen:
        """What a link opens. Raises `NotFound` for one that is no more."""
        ...

    def revoke(self, episode: str, digest: str) -> None:
        """Take a link back; those who have it open are shown no more. Raises `NotFound`."""
        ...


def new_secret() -> str:
    """128 random bits in URL-safe letters."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256 in hex."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()

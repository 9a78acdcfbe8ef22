"""The port of signing in by an OpenID provider (OpenID Connect Core 1.0, authorization code with PKCE)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Began:
    """A sign-in that was begun: where the browser goes, and what it must bring back (kept in a cookie)."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is. `email` is "" unless the provider has verified it."""

    issuer: str
    subject: str
    email: str = ""
    name: str = ""


class Provider(Protocol):
    """An OpenID provider. `name` is shown on the sign-in page's button."""

    name: str

    def begin(self, redirect_uri: str) -> Began:
        """Begin a sign-in. Raises `Unavailable` when the provider does not answer."""
        ...

    def finish(self, began: Began, redirect_uri: str, answer: str) -> Identity:
        """Check what the browser brought back (`answer`: the whole address it came to).

        Raises:
            Forbidden: the provider refused, or what it says cannot be trusted.
            Unavailable: the provider does not answer.
        """
        ...

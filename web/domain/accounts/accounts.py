"""Accounts: who may work in the studio, and how they are let in."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from media.errors import InvalidInput

NAME_LENGTH = 120
PASSWORD_LENGTHS = (10, 256)
SESSION_IDLE = timedelta(days=14)
SESSION_LONGEST = timedelta(days=90)
_COMMON = frozenset(
    {"1234567890", "0123456789", "12345678910", "password12", "password123", "qwertyuiop", "abcdefghij"}
)


_EMAIL = re.compile(r"[!-?A-~\u00a1-\ud7ff]+@[0-9a-z\u00a1-\ud7ff-]+(\.[0-9a-z\u00a1-\ud7ff-]+)*")


class Role(StrEnum):
    """What somebody is here for; see `web.domain.accounts.permissions`."""

    ADMIN = "admin"
    EDITOR = "editor"
    MODERATOR = "moderator"
    CONTRIBUTOR = "contributor"


class LinkPurpose(StrEnum):
    """What a one-time link is good for; both end in choosing a password."""

    INVITATION = "invitation"
    RESET = "reset"


LINK_LIFE = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=2)}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who works here. `login` is a user name or e-mail address in lower case, `name` is shown.

    `organisation` is the slug of the organisation a contributor works for, "" for others. Who is not
    `active` cannot sign in, and keeps their name in the audit log.
    """

    id: str
    login: str
    name: str
    role: Role
    organisation: str = ""
    email: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in on some device; times in UTC. `agent` is what its browser calls itself."""

    id: str
    account: Account
    started_at: datetime
    seen_at: datetime
    agent: str = ""


class Accounts(Protocol):
    """Accounts, sessions and one-time links. One method is one transaction.

    Tokens are never stored, only their digests (`digest_of`).
    """

    def add(self, account: Account) -> Account:
        """Add an account (its `id` is given here) without a password. Raises `Conflict` for a taken login."""
        ...

    def save(self, account: Account) -> None:
        """Change an account; one made inactive is signed out everywhere. Raises `NotFound`, `Conflict`."""
        ...

    def account(self, id: str) -> Account:
        """Raises `NotFound`."""
        ...

    def by_login(self, login: str) -> Account | None:
        """The account with this login or this e-mail address."""
        ...

    def accounts(self) -> list[Account]:
        """By name."""
        ...

    def secret(self, id: str) -> str:
        """The password's hash, "" for none. Raises `NotFound`."""
        ...

    def set_secret(self, id: str, secret: str, *, keep: str = "") -> None:
        """Set the password's hash; ends links, and sessions but that with digest `keep`. Raises `NotFound`."""
        ...

    def renew_secret(self, id: str, secret: str) -> None:
        """Set a new hash of the same password; nothing else changes."""
        ...

    def start_session(self, account: str, digest: str, agent: str) -> None:
        """Remember a session. Raises `NotFound`."""
        ...

    def session(self, digest: str) -> Session | None:
        """The session of an active account that is neither idle nor old; notes that it was seen."""
        ...

    def sessions(self, account: str) -> list[Session]:
        """Of an account, last seen first."""
        ...

    def end_session(self, digest: str) -> None:
        """Sign out one device."""
        ...

    def end_sessions(self, account: str) -> None:
        """Sign out everywhere."""
        ...

    def add_link(self, account: str, digest: str, purpose: LinkPurpose) -> None:
        """Remember a one-time link; earlier ones of the account end. Raises `NotFound`."""
        ...

    def link(self, digest: str) -> tuple[Account, LinkPurpose] | None:
        """Whose a link is, while it is good."""
        ...

    def bind(self, account: str, issuer: str, subject: str) -> None:
        """Let the account be signed in to by an OpenID provider. Raises `NotFound`, `Conflict`."""
        ...

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """The account bound to somebody at an OpenID provider."""
        ...


def new_token() -> str:
    """A token nobody can guess: 256 bits, for addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is stored of a token; a plain SHA-256 does, for nobody can try all tokens."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def check_login(login: str) -> str:
    """A login in the form it is kept.

    Raises:
        InvalidInput: when it cannot be one.
    """
    login = login.strip().casefold()
    if not (2 <= len(login) <= NAME_LENGTH and login.isprintable() and not any(c.isspace() for c in login)):
        raise InvalidInput("A user name has 2 to 120 characters and no spaces, such as “lan.nguyen”.")
    return login


def check_name(name: str) -> str:
    """A name as shown. Raises `InvalidInput` when it is empty or too long."""
    name = " ".join(name.split())
    if not (1 <= len(name) <= NAME_LENGTH and name.isprintable()):
        raise InvalidInput(
            "Give a name of 1 to %(most)s characters, as it shall be shown.", most=NAME_LENGTH
        )
    return name


def check_email(email: str) -> str:
    """An e-mail address in the form it is kept, or "". Raises `InvalidInput`."""
    email = email.strip().casefold()
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
        raise InvalidInput("Give an e-mail address such as lan@example.vn, or none.")
    return email


def check_password(password: str, account: Account) -> str:
    """A password that can be chosen.

    Raises:
        InvalidInput: when it is too short, too long or too easy to guess.
    """
    least, most = PASSWORD_LENGTHS
    if not least <= len(password) <= most:
        raise InvalidInput(
            "A password has %(least)s to %(most)s characters; several words make a good one.",
            least=least,
            most=most,
        )
    plain = password.casefold()
    if plain in _COMMON or len(set(plain)) < 4 or plain in {account.login, account.email.casefold()}:
        raise InvalidInput("This password is too easy to guess; choose several words of your own.")
    return password

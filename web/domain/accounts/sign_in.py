"""Signing in and out: the rules; pages and the command line call them."""

from __future__ import annotations

from dataclasses import dataclass

from media.errors import Forbidden, NotFound
from web.domain.accounts.accounts import (
    Account,
    Accounts,
    LinkPurpose,
    check_password,
    digest_of,
    new_token,
)
from web.domain.accounts.attempts import BY_ADDRESS, BY_LOGIN, Attempts
from web.domain.accounts.audit import Audit
from web.domain.accounts.passwords import Passwords
from web.domain.accounts.tokens import Tokens


@dataclass(frozen=True, slots=True)
class SignIn:
    """The ways in, over the stores."""

    accounts: Accounts
    passwords: Passwords
    attempts: Attempts
    audit: Audit
    tokens: Tokens

    def sign_in(self, login: str, password: str, *, address: str, agent: str = "") -> str:
        """Return a new session's token.

        Args:
            login: a user name or e-mail address, as typed.
            password: as typed.
            address: where the attempt comes from, for counting.
            agent: what the browser calls itself.

        Raises:
            Forbidden: login or password is wrong (which is not told), or there were too many attempts.
        """
        login = login.strip().casefold()[:200]
        key = digest_of(login)[:32]
        if not (
            self.attempts.allow(BY_ADDRESS, digest_of(address)[:32]) and self.attempts.allow(BY_LOGIN, key)
        ):
            raise Forbidden(
                "Too many attempts; wait a quarter of an hour, or ask an admin for a reset link."
            )
        found = self.accounts.by_login(login)
        secret = self.accounts.secret(found.id) if found else ""
        if not self.passwords.right(secret, password) or found is None or not found.active:
            raise Forbidden("User name or password is wrong. Check both; capitals count in passwords.")
        self.attempts.forgive(BY_LOGIN, key)
        if self.passwords.outdated(secret):
            self.accounts.renew_secret(found.id, self.passwords.hashed(password))
        return self.start(found, agent)

    def start(self, account: Account, agent: str = "") -> str:
        """Sign in somebody whose identity is proven; return the session's token."""
        token = new_token()
        self.accounts.start_session(account.id, digest_of(token), agent[:200])
        return token

    def make_link(self, account: Account, purpose: LinkPurpose) -> str:
        """The token of a new one-time link for choosing a password."""
        token = new_token()
        self.accounts.add_link(account.id, digest_of(token), purpose)
        return token

    def use_link(self, token: str, password: str) -> Account:
        """Choose a password by a one-time link; signs out everywhere.

        Raises:
            NotFound: the link was used, is too old or never was.
            InvalidInput: the password cannot be chosen; the link stays good.
        """
        found = self.accounts.link(digest_of(token))
        if found is None:
            raise NotFound("This link has been used or is too old; ask an admin for a new one.")
        account, _ = found
        self.accounts.set_secret(account.id, self.passwords.hashed(check_password(password, account)))
        return account

    def change_password(self, account: Account, old: str, new: str, *, keep: str) -> None:
        """Change one's own password; signs out everywhere but here (`keep`: this session's digest).

        Raises:
            Forbidden: the old password is wrong, or there were too many attempts.
            InvalidInput: the new one cannot be chosen.
        """
        key = digest_of(account.login)[:32]
        if not self.attempts.allow(BY_LOGIN, key):
            raise Forbidden("Too many attempts; wait a quarter of an hour.")
        if not self.passwords.right(self.accounts.secret(account.id), old):
            raise Forbidden("The old password is wrong.")
        self.accounts.set_secret(account.id, self.passwords.hashed(check_password(new, account)), keep=keep)
        self.attempts.forgive(BY_LOGIN, key)

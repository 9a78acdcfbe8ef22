"""Passwords by argon2id (RFC 9106), with argon2-cffi's defaults (its low-memory profile)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """Implements `web.domain.accounts.passwords.Passwords`."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = ""

    def hashed(self, password: str) -> str:
        """See `Passwords.hashed`."""
        return self._hasher.hash(password.encode("utf-8", "surrogatepass"))

    def right(self, secret: str, password: str) -> bool:
        """See `Passwords.right`."""
        known = bool(secret)
        if not self._nobody:
            self._nobody = self.hashed("nobody's")
        try:
            self._hasher.verify(secret or self._nobody, password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
        return known

    def outdated(self, secret: str) -> bool:
        """See `Passwords.outdated`."""
        return self._hasher.check_needs_rehash(secret)

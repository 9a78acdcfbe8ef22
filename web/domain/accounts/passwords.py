"""The port of password hashing."""

from __future__ import annotations

from typing import Protocol


class Passwords(Protocol):
    """Slow on purpose."""

    def hashed(self, password: str) -> str:
        """What is stored of a password."""
        ...

    def right(self, secret: str, password: str) -> bool:
        """Whether `password` has the hash `secret`. Takes as long for an empty hash, which none has."""
        ...

    def outdated(self, secret: str) -> bool:
        """Whether the hash should be made anew with today's cost."""
        ...

"""Sealing: what only this archive can read again, such as how a worker is reached."""

from __future__ import annotations

from typing import Protocol


class Encryption(Protocol):
    """Encrypts small secrets at rest, and makes pseudonyms that cannot be turned back."""

    def encrypt(self, secret: bytes) -> bytes:
        """Encrypt with the newest key, authenticated; the same secret is never sealed alike twice."""
        ...

    def decrypt(self, sealed: bytes) -> bytes:
        """Raises `InvalidInput` when it was sealed with a key there no longer is, or was tampered with."""
        ...

    def pseudonym(self, *parts: str) -> str:
        """64 hex digits that are the same for the same parts and tell nothing of them (HMAC-SHA-256)."""
        ...

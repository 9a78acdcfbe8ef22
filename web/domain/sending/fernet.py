"""The `Sealing` port on Fernet (AES-128-CBC and HMAC-SHA-256; github.com/fernet/spec)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from media.errors import InvalidInput


def new_key() -> str:
    """A new key, 44 characters of URL-safe base64."""
    return Fernet.generate_key().decode()


class FernetEncryption:
    """Implements `web.domain.sending.encryption.Encryption` with keys newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises `InvalidInput` when there is no key, or one that is none."""
        try:
            self._box = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise InvalidInput(
                "A secret key is not usable: each must be 32 bytes in URL-safe base64;"
                " “tualai secret” makes one."
            ) from error
        # Of the oldest key, so that a new one in front changes nobody's pseudonym.
        self._mac = keys[-1].encode()

    def encrypt(self, secret: bytes) -> bytes:
        """See `Sealing.seal`."""
        return self._box.encrypt(secret)

    def decrypt(self, sealed: bytes) -> bytes:
        """See `Sealing.unseal`."""
        try:
            return self._box.decrypt(sealed)
        except InvalidToken as error:
            raise InvalidInput(
                "This was sealed with a secret key that is gone; put the old key back behind the new one."
            ) from error

    def pseudonym(self, *parts: str) -> str:
        """See `Sealing.pseudonym`."""
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._mac, text.encode(), "sha256").hexdigest()

"""What the page's script does while a worker types."""

from __future__ import annotations

from hashlib import sha256
from itertools import count

from web.domain.questions.proof_of_work import BITS

_LIMIT = (1 << (256 - BITS)).to_bytes(32, "big")


def solve(challenge: str) -> str:
    """Find a number that solves `challenge`."""
    begun = sha256(f"{challenge}:".encode())
    for nonce in count():
        tried = begun.copy()
        tried.update(b"%d" % nonce)
        if tried.digest() < _LIMIT:
            return str(nonce)
    raise AssertionError("there is always another number")

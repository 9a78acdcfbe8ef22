"""What the page's script does while a worker types."""

from __future__ import annotations

from hashlib import sha256

from web.domain.questions.proof_of_work import BITS, zero_bits


def solve(challenge: str) -> str:
    """Find a number that solves `challenge`."""
    nonce = 0
    while zero_bits(sha256(f"{challenge}:{nonce}".encode()).digest()) < BITS:
        nonce += 1
    return str(nonce)

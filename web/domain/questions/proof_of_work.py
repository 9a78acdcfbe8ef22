"""Proof of work: a second of a phone's time for each question, an hour of a robot's for thousands.

As in hashcash (A. Back, 2002): the page gets a challenge, its script finds a number with which SHA-256 of both
begins with BITS zero bits, while the worker is still typing.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256

from web.domain.sending.encryption import Encryption

BITS = 15
"""32,768 tries on average: about 0.1 s of a desk's computer, 1 s of a cheap phone."""
GOOD_SECONDS = 3 * 3600
_REMEMBERED = 50_000


class Proofs:
    """Gives challenges and judges what was found. A challenge is good once in a process. Safe between threads."""

    def __init__(self, encryption: Encryption, clock: Callable[[], float] = time.time) -> None:
        self._encryption, self._clock = encryption, clock
        self._used: dict[str, None] = {}
        self._lock = threading.Lock()

    def challenge(self) -> str:
        """A new challenge; nothing is kept of it."""
        head = f"{int(self._clock()):x}.{secrets.token_hex(8)}"
        return f"{head}.{self._mark(head)}"

    def solved(self, challenge: str, nonce: str) -> bool:
        """Whether `nonce` solves a challenge of ours that is neither old nor used; it is used then."""
        head, _, mark = challenge.rpartition(".")
        if len(challenge) > 80 or len(nonce) > 24 or not challenge.isascii() or not nonce.isalnum():
            return False
        if not hmac.compare_digest(mark, self._mark(head)) or self._is_old(head):
            return False
        if zero_bits(sha256(f"{challenge}:{nonce}".encode()).digest()) < BITS:
            return False
        with self._lock:
            if challenge in self._used:
                return False
            self._used[challenge] = None
            if len(self._used) > _REMEMBERED:
                del self._used[next(iter(self._used))]
        return True

    def _is_old(self, head: str) -> bool:
        made = int(head.partition(".")[0], 16)  # ours, as its mark says
        return not -60 < self._clock() - made < GOOD_SECONDS

    def _mark(self, head: str) -> str:
        return self._encryption.pseudonym("challenge", head)[:16]


def zero_bits(digest: bytes) -> int:
    """How many zero bits `digest` begins with."""
    return len(digest) * 8 - int.from_bytes(digest, "big").bit_length()

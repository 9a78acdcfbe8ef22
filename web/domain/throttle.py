"""Holding back senders of too much, without keeping who they are."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from hashlib import blake2b

from media.errors import Forbidden

SLOTS = 4096


class TooMany(Forbidden):
    """Too much was sent from one place; trying again later helps."""


class Throttle:
    """A token bucket for each of SLOTS groups of senders. A sender's group is a hash under a key that only
    this process knows and forgets; senders of one group share what is allowed. Memory never grows.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `burst` at once, and `rate` a second (https://en.wikipedia.org/wiki/Token_bucket)."""
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._left = [burst] * SLOTS
        self._seen = [clock()] * SLOTS
        self._lock = threading.Lock()

    def allow(self, sender: str) -> bool:
        """Take one token; False when there is none."""
        return self._take(sender, 1)

    def spent(self, sender: str) -> bool:
        """Whether there is no token left; takes none."""
        return not self._take(sender, 0)

    def _take(self, sender: str, tokens: int) -> bool:
        digest = blake2b(sender.encode("utf-8", "replace"), digest_size=4, key=self._key).digest()
        slot = int.from_bytes(digest, "big") % SLOTS
        with self._lock:
            now = self._clock()
            left = min(self._burst, self._left[slot] + (now - self._seen[slot]) * self._rate)
            self._seen[slot] = now
            self._left[slot] = left - tokens if left >= 1 else left
            return left >= 1

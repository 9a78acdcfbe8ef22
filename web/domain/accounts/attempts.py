"""The port of counting attempts, so that nobody can try all passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `count` attempts in `seconds`, for each key, of one `kind` of attempt."""

    kind: str
    count: int
    seconds: int


BY_LOGIN = Allowance("login", 10, 15 * 60)
BY_ADDRESS = Allowance("address", 60, 15 * 60)


class Attempts(Protocol):
    """Counted together for all processes."""

    def allow(self, allowance: Allowance, key: str) -> bool:
        """Count one attempt; False when there were too many (it does not count then)."""
        ...

    def forgive(self, allowance: Allowance, key: str) -> None:
        """Forget the attempts of a key, after a right one."""
        ...

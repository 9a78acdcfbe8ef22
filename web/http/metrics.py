"""Measuring the site: how many requests, how long, and what monitoring reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing the site stands on. The site can serve while what is not `needed` is away."""

    name: str
    ok: bool
    needed: bool
    found: str = ""


Readiness = Callable[[], list[HealthCheck]]


class Metrics(Protocol):
    """Counts requests and writes all figures in Prometheus' text format."""

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the pattern, never an address with words of a person in it; `seconds`
        is the time until the answer began, so that open streams do not count as slow."""
        ...

    def written(self) -> tuple[bytes, str]:
        """All figures, and their content type."""
        ...

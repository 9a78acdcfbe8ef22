"""Who may still commit: a worker that was frozen and taken for dead comes back to find that it may not."""

from __future__ import annotations

from dataclasses import dataclass

from infra.jobs.plan import Key
from media.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one piece of a job. `token` is of one run of it; whoever is given the piece after that has
    another, and nothing is committed under an old one."""

    job: str
    key: Key
    epoch: int
    token: str

    def __str__(self) -> str:
        return f"job {self.job[:8]}, {self.key}"


class LeaseLost(Cancelled):
    """Another worker has the piece, or its job was cancelled or has failed: nothing of this run counts."""

    def __init__(self) -> None:
        super().__init__(
            "The job was cancelled, or another worker does this now. What was finished is kept."
        )

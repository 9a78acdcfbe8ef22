"""Durable work: what is asked for, how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from media.errors import Message


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Job:
    """The processing of one episode's recording.

    `step` is the name of the current step, `step_number` of `step_count`; `fraction` (0–1) is of the
    whole job; `seconds_left` is an estimate, None while there is nothing to estimate from. `error`
    is a sentence for people, set when `state` is FAILED.
    """

    id: str
    episode: str
    state: JobState
    step: str = ""
    step_number: int = 0
    step_count: int = 0
    fraction: float = 0.0
    note: str = ""
    seconds_left: float | None = None
    error: Message | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime | None = None


class Jobs(Protocol):
    """The queue of jobs as others see it."""

    def jobs(self, limit: int = 100) -> list[Job]:
        """Newest first."""
        ...

    def job(self, id: str) -> Job:
        """Raises `NotFound`."""
        ...

    def job_of(self, episode: str) -> Job | None:
        """The newest job of an episode."""
        ...

    def retry(self, id: str) -> Job:
        """Start a failed or cancelled job again from its failed step.

        Raises `NotFound`, or `Conflict` when it has not ended or is done.
        """
        ...

    def cancel(self, id: str) -> Job:
        """Ask a job to stop; finished steps stay. Raises `NotFound`, or `Conflict` when it has ended."""
        ...

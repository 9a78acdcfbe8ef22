"""From a step's progress to the job's row that everybody reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from infra.db.job_records import JobRecords
from infra.work import Step
from media.errors import Cancelled
from media.progress import Progress

WRITE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """A step's number from 1, its title, and where its share of the whole (0–1) starts and ends."""

    number: int
    title: str
    start: float
    end: float


def places(steps: Sequence[Step]) -> dict[str, Place]:
    """Where each step lies in the whole, by name."""
    total = sum(step.weight for step in steps)
    ends = list(accumulate((step.weight / total for step in steps), initial=0.0))
    return {
        step.name: Place(number + 1, step.title, ends[number], ends[number + 1])
        for number, step in enumerate(steps)
    }


class Reporter:
    """Writes one job's progress at most once a second, and notices when the job is cancelled."""

    def __init__(
        self,
        records: JobRecords,
        job: str,
        steps: Sequence[Step],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`steps` are all steps in their order; `stopped` tells whether the worker is at its end."""
        self._records, self._job, self._stopped = records, job, stopped
        self._places = places(steps)
        self._written = 0.0
        self._began: tuple[float, float] | None = None

    def step(self, name: str, start: float = 0.0, end: float = 1.0) -> Progress:
        """A `Progress` for the part `start`–`end` of step `name`.

        It raises `Cancelled` when somebody has cancelled the job.
        """
        place = self._places[name]
        first, last = place.start, place.end
        low, high = first + (last - first) * start, first + (last - first) * end

        def report(fraction: float, note: str) -> None:
            if self._stopped():
                raise Cancelled("The worker was stopped; the next one goes on from here.")
            moment = time.monotonic()
            if moment - self._written < WRITE_SECONDS:
                return
            self._written = moment
            self._write(place, low + (high - low) * min(1.0, max(0.0, fraction)), note)

        self._written = 0.0
        report(0.0, "")
        return report

    def _write(self, place: Place, fraction: float, note: str) -> None:
        alive = self._records.report(
            self._job,
            step=place.title,
            step_number=place.number,
            step_count=len(self._places),
            fraction=fraction,
            note=note,
            seconds_left=self._seconds_left(fraction),
        )
        if not alive:
            raise Cancelled("The job was cancelled. What was finished is kept; retry it to go on.")

    def _seconds_left(self, fraction: float) -> float | None:
        """If the rest goes as fast as what this worker has done of it; None until there is enough to tell."""
        moment = time.monotonic()
        if self._began is None:
            self._began = moment, fraction
        began, done_before = self._began
        done = fraction - done_before
        return (moment - began) * (1 - fraction) / done if done > 0.02 else None

"""The worker: takes jobs from DBOS's queue and runs the pipeline's steps durably."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, StepOptions

from infra import pipeline, speech_steps, taking_dbos
from infra.archive import Archive
from infra.embedding_duty import EmbeddingDuty
from infra.jobs_dbos import APPLICATION_VERSION, QUEUE, TAKE_QUEUE, WORKFLOW
from infra.reporting import Reporter
from infra.watching_duty import WatchingDuty
from infra.work import Work
from media.errors import ArchiveError, Cancelled, Unavailable
from media.jobs import JobState
from search.learning import learn

log = logging.getLogger("tualai.worker")

HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 30.0
INDEX_SECONDS = 0.5
EMBEDDING_SECONDS = 1.0
LEARNING_SECONDS = 10.0
PUBLISHING_SECONDS = 5.0
WATCHING_SECONDS = 5.0
POLL_SECONDS = 0.3

Part = tuple[float, float]

_closing = threading.Event()  # no more end states are written
_stopped = threading.Event()  # the job engine is gone: steps still under way end at their next report
_archive: Archive | None = None  # DBOS calls the workflow with plain values only; set by run_worker


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=50)
def process(job: str) -> None:
    """Process one recording. Its steps and their order are part of what is stored: see docs/decisions/jobs.md."""
    archive = _the_archive()
    archive.records.begin(job)
    reporter = Reporter(archive.records, job, pipeline.STEPS, _stopped.is_set)
    work: Work | None = None
    try:
        work = _work(archive, job)
        _run_steps(_Run(reporter, work), work)
    except Exception as error:
        if not _closing.is_set():  # a worker that is stopped leaves its job as it is, for the next one
            archive.records.end(job, *_ended_by(job, error))
            if work is not None:
                speech_steps.forget_sound(work)
        raise
    archive.records.end(job, JobState.DONE)
    speech_steps.forget_sound(work)


def _ended_by(job: str, error: Exception) -> tuple[JobState, str | None]:
    """The state an error leaves a job in, and the sentence that says why."""
    if isinstance(error, Cancelled):
        return JobState.CANCELLED, None
    if isinstance(error, ArchiveError):
        return JobState.FAILED, str(error)
    log.error("job %s", job, exc_info=error)
    return (
        JobState.FAILED,
        f"Something unexpected went wrong ({error!r}). Nothing that was done is lost; retry it, and report"
        " this if it comes again.",
    )


class _Run:
    """Runs steps of one job durably: a step that has finished once is never run again."""

    def __init__(self, reporter: Reporter, work: Work) -> None:
        self._reporter, self._work, self._number = reporter, work, 0

    def __call__(self, name: str, do: Callable[..., Any], *args: Any, part: Part = (0.0, 1.0)) -> Any:
        """Run `do(work, *args, progress)` as step `name`, of which it is the `part`; return its result."""

        self._number += 1
        label = f"{self._work.episode.slug}: step {self._number} ({name})"

        def attempt() -> Any:
            log.info("%s begins", label)
            return do(self._work, *args, self._reporter.step(name, *part))

        options: StepOptions = {
            "name": name,
            "retries_allowed": True,
            "max_attempts": 4,
            "interval_seconds": 2.0,
            "should_retry": lambda error: isinstance(error, Unavailable),
        }
        result = DBOS.run_step(options, attempt)
        log.info("%s is done", label)
        return result


def _run_steps(run: _Run, work: Work) -> None:
    work.state["playable"] = run("playable", pipeline.make_playable)
    run("pictures", pipeline.make_pictures)
    if not run("captions", speech_steps.import_sidecar):
        heard = _recognise_all(run, work)
        run("transcript", speech_steps.save_recognised, heard)
    run("segments", pipeline.segment)
    run("ladder", pipeline.make_ladder)


def _recognise_all(run: _Run, work: Work) -> list[Any]:
    windows = run("speech", speech_steps.plan_speech, part=(0.0, 0.05))
    language: str | None = work.episode.language or None
    heard: list[Any] = []
    for number, (start, end) in enumerate(windows):
        part = (0.05 + 0.95 * number / len(windows), 0.05 + 0.95 * (number + 1) / len(windows))
        heard.append(run("speech", speech_steps.recognise, start, end, language, part=part))
        if language is None and heard[-1]["words"]:
            language = heard[-1]["language"]
    return heard


def _work(archive: Archive, job: str) -> Work:
    episode = archive.catalogue.episode(archive.records.job(job).episode)
    replacing = archive.replacements.recording_of(job)
    if replacing is not None:
        return Work(archive, episode, replacing, {}, job)
    if episode.recording is None:
        raise ArchiveError(f"Episode “{episode.slug}” has no recording to process.")
    return Work(archive, episode, archive.catalogue.recording(episode.recording), {}, job)


def _the_archive() -> Archive:
    if _archive is None:
        raise RuntimeError("the worker was not started by running_worker()")
    return _archive


@contextmanager
def running_worker(archive: Archive, name: str) -> Iterator[None]:
    """Work in the background while the block runs.

    Args:
        archive: what to work on; its database must be migrated.
        name: unique among the workers alive and the same after a restart, so that what a killed
            worker had in hand is taken up again at once.
    """
    global _archive  # noqa: PLW0603  (see above)
    _archive = archive
    _closing.clear()
    _stopped.clear()
    DBOS(
        config={
            "name": "tualai",
            "system_database_url": archive.database.url,
            "application_version": APPLICATION_VERSION,
            "executor_id": name,
            "log_level": "ERROR",
            "run_migrations": False,
        }
    )
    stop = threading.Event()
    archive.records.seen(name)  # before anybody could take this one's work for a dead worker's
    taking_dbos.prepare(archive, _closing.is_set)
    DBOS.listen_queues([QUEUE, TAKE_QUEUE])
    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=archive.settings.worker_slots,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
    taking_dbos.register()
    duties: tuple[tuple[float, Callable[[Archive, str], None]], ...] = (
        (HEARTBEAT_SECONDS, _heartbeat),
        (INDEX_SECONDS, _refresh),
        (EMBEDDING_SECONDS, EmbeddingDuty(_closing.is_set)),
        (LEARNING_SECONDS, _learn),
        (PUBLISHING_SECONDS, _publish),
        (taking_dbos.SWEEP_SECONDS, taking_dbos.sweep_uploads),
        (WATCHING_SECONDS, WatchingDuty()),
    )
    threads = [
        threading.Thread(target=_keep, args=(stop, seconds, duty, archive, name), daemon=True)
        for seconds, duty in duties
    ]
    try:
        for thread in threads:
            thread.start()
        yield
    finally:
        stop.set()
        _closing.set()
        for thread in threads:
            thread.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=0)
        _stopped.set()
        archive.records.forget(name)


def _keep(
    stop: threading.Event, seconds: float, duty: Callable[[Archive, str], None], archive: Archive, name: str
) -> None:
    while not stop.is_set():
        try:
            duty(archive, name)
        except Unavailable as error:
            log.warning("%s", error)
        except Exception:
            log.exception("in the background")
        stop.wait(seconds)


def _heartbeat(archive: Archive, name: str) -> None:
    archive.records.seen(name)
    for job in archive.jobs.adopt_orphans(archive.records.workers(DEAD_AFTER_SECONDS)):
        log.warning("job %s is taken over: its worker has not been seen for %d s", job, DEAD_AFTER_SECONDS)


def _refresh(archive: Archive, _name: str) -> None:
    started = time.monotonic()
    if count := pipeline.refresh_index(archive):
        log.info("indexed %d episodes in %.2f s", count, time.monotonic() - started)


def _learn(archive: Archive, _name: str) -> None:
    started = time.monotonic()
    if count := learn(archive.learnings, archive.catalogue, archive.transcripts):
        log.info("learnt from %d episodes in %.2f s", count, time.monotonic() - started)


def _publish(archive: Archive, _name: str) -> None:
    for slug in archive.editing.publish_due():
        log.info("%s is published, as scheduled", slug)

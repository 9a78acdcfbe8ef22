"""The worker: takes pieces from DBOS's queues and has the crew do them; beside that, its duties."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

from dbos import DBOS

from infra.assembly.archive import Archive
from infra.background import live_recording
from infra.background.embeddings import EmbeddingTask
from infra.background.live_captions import LiveCaptionTask
from infra.background.notifications import NotificationTask
from infra.background.place_answers import SETTLING_SECONDS, settle_marks
from infra.background.watch_folder import WatchFolderTask
from infra.db.jobs.queue_dbos import (
    APPLICATION_VERSION,
    OLD_QUEUE,
    OLD_WORKFLOW,
    PIECE_WORKFLOW,
    TAKE_QUEUE,
)
from infra.db.outbox.events import SqlEvents
from infra.intake import uploads_dbos
from infra.jobs.dead_workers import Watcher
from infra.jobs.plan import QUEUES, QUICK, TRANSCODE, TRANSCRIBE, Key
from infra.pipeline import steps as pipeline
from infra.processes.runner import PieceRunner
from media.errors import Unavailable
from search.diacritics.learning import learn

log = logging.getLogger("tualai.worker")

HEARTBEAT_SECONDS = 4.0
DEAD_AFTER_SECONDS = 18.0
"""With a beat's phase and a poll, a dead host's work is in others' hands within 25 s."""
MEND_SECONDS = 60.0
INDEX_SECONDS = 0.5
EMBEDDING_SECONDS = 1.0
LEARNING_SECONDS = 10.0
PUBLISHING_SECONDS = 5.0
FORGETTING_SECONDS = 3600.0
WATCHING_SECONDS = 5.0
CAPTIONING_SECONDS = 1.0
TELLING_SECONDS = 15.0
POLL_SECONDS = {QUICK: 0.3, TRANSCODE: 0.6, TRANSCRIBE: 0.6, OLD_QUEUE: 3.0}

Duty = Callable[[Archive, str], None]

_runner: PieceRunner | None = None  # DBOS calls workflows with plain values only; set by running_worker


@DBOS.workflow(name=PIECE_WORKFLOW, max_recovery_attempts=1000)
def piece(job: str, name: str, number: int, epoch: int) -> None:
    """Do one piece of a job. Whether it is to be done, how often and by whom, our own table says."""
    _the_runner().run(job, Key(name, number), epoch)


@DBOS.workflow(name=OLD_WORKFLOW, max_recovery_attempts=1000)
def process(job: str) -> None:
    """Queue the pieces of a job that a version before pieces queued as a whole, wherever it stood. It must call
    nothing of DBOS's: what that version recorded of its steps would be taken for the results."""
    _the_archive().jobs.begin(job)


_archive: Archive | None = None


def _the_runner() -> PieceRunner:
    if _runner is None:
        raise RuntimeError("the worker was not started by running_worker()")
    return _runner


def _the_archive() -> Archive:
    if _archive is None:
        raise RuntimeError("the worker was not started by running_worker()")
    return _archive


@contextmanager
def running_worker(
    archive: Archive, name: str, queues: Collection[str] = QUEUES, tasks: bool = True
) -> Iterator[None]:
    """Work in the background while the block runs, one piece of each queue at a time.

    At its end nothing more is begun; what runs has `worker_drain` seconds (of the settings) to end, then others
    begin it anew.

    Args:
        archive: what to work on; its database must be migrated.
        name: unique among the workers alive and the same after a restart, so that what a killed
            worker had in hand is taken up again at once.
        queues: of `infra.jobs.plan.QUEUES`, those to take pieces from.
        duties: whether to keep the index, vectors and so on up to date too, where `queues` has quick work.
    """
    global _archive, _runner  # noqa: PLW0603  (see above)
    runner = _runner = PieceRunner(archive, name)
    _archive = archive
    _launch(archive, name, queues, runner)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_keep, args=(stop, seconds, task, archive, name), daemon=True)
        for seconds, task in _tasks(runner, tasks and QUICK in queues, tasks and TRANSCRIBE in queues)
    ]
    try:
        for thread in threads:
            thread.start()
        yield
    finally:
        runner.draining.set()
        DBOS.destroy(
            workflow_completion_timeout_sec=round(archive.settings.worker_drain) if runner.busy else 0
        )
        runner.release()
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
        archive.records.forget(name)


def _launch(archive: Archive, name: str, queues: Collection[str], runner: PieceRunner) -> None:
    DBOS(
        config={
            "name": "tualai",
            "system_database_url": archive.database.url,
            "sys_db_pool_size": archive.settings.database_pool + archive.settings.database_pool_overflow,
            "application_version": APPLICATION_VERSION,
            "executor_id": name,
            "log_level": "ERROR",
            "run_migrations": False,
        }
    )
    archive.records.seen(name)  # before anybody could take this one's work for a dead worker's
    runner.recover()
    uploads_dbos.prepare(archive, runner.closing.is_set)
    DBOS.listen_queues([*queues, *((OLD_QUEUE, TAKE_QUEUE) if QUICK in queues else ())])
    DBOS.launch()
    for queue, seconds in POLL_SECONDS.items():  # the same for every worker: a queue's row is shared by all
        DBOS.register_queue(
            queue, worker_concurrency=1, polling_interval_sec=seconds, on_conflict="always_update"
        )
    uploads_dbos.register()


def _tasks(runner: PieceRunner, all_of_them: bool, speech: bool) -> list[tuple[float, Duty]]:
    kept: list[tuple[float, Duty]] = [(HEARTBEAT_SECONDS, Heartbeat(runner)), (MEND_SECONDS, _mend)]
    if all_of_them:
        kept += [
            (INDEX_SECONDS, _refresh),
            (EMBEDDING_SECONDS, EmbeddingTask(runner.draining.is_set)),
            (LEARNING_SECONDS, _learn),
            (PUBLISHING_SECONDS, _publish),
            (FORGETTING_SECONDS, _forget_events),
            (uploads_dbos.SWEEP_SECONDS, uploads_dbos.sweep_uploads),
            (WATCHING_SECONDS, WatchFolderTask()),
            (live_recording.RECORDING_SECONDS, live_recording.record_ended),
            (SETTLING_SECONDS, settle_marks),
            (live_recording.SWEEP_SECONDS, live_recording.sweep_segments),
            (TELLING_SECONDS, NotificationTask()),
        ]
    if speech:
        kept.append((CAPTIONING_SECONDS, LiveCaptionTask(runner.draining.is_set)))
    return kept


def _keep(stop: threading.Event, seconds: float, task: Duty, archive: Archive, name: str) -> None:
    while not stop.is_set():
        try:
            task(archive, name)
        except Unavailable as error:
            log.warning("%s", error)
        except Exception:
            log.exception("in the background")
        stop.wait(seconds)


class Heartbeat:
    """Says that this worker lives, and takes over what dead ones had in hand."""

    def __init__(self, runner: PieceRunner) -> None:
        self._runner, self._watcher = runner, Watcher(DEAD_AFTER_SECONDS)
        self._last = time.monotonic()

    def __call__(self, archive: Archive, name: str) -> None:
        archive.records.seen(name)
        before, self._last = self._last, time.monotonic()
        if self._last - before > DEAD_AFTER_SECONDS:
            self._watcher.forget()  # frozen, or the database was away: then the others could not write either
        self._runner.recover()
        beats = archive.records.beats()
        for worker in self._watcher.dead(beats, time.monotonic()) - {name}:
            log.warning("worker %s is dead: it has said nothing for %d s", worker, DEAD_AFTER_SECONDS)
            archive.records.forget(worker)
            del beats[worker]
        for what in archive.jobs.recover_orphans({*beats, name}):
            log.warning("%s is taken over from a worker that is gone", what)


def _mend(archive: Archive, _name: str) -> None:
    archive.jobs.mend()
    archive.jobs.clear()


def _refresh(archive: Archive, _name: str) -> None:
    started = time.monotonic()
    if count := pipeline.refresh_index(archive):
        log.info("indexed %d episodes in %.2f s", count, time.monotonic() - started)


def _learn(archive: Archive, _name: str) -> None:
    started = time.monotonic()
    if count := learn(archive.learnings, archive.catalogue, archive.transcripts):
        log.info("learnt from %d episodes in %.2f s", count, time.monotonic() - started)


def _forget_events(archive: Archive, _name: str) -> None:
    if count := SqlEvents(archive.database).sweep(timedelta(days=archive.settings.event_days)):
        log.info("forgot %d old events", count)


def _publish(archive: Archive, _name: str) -> None:
    for slug in archive.studio.editing.publish_due():
        log.info("%s is published, as scheduled", slug)

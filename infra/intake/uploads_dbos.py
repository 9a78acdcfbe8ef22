"""Durable taking of uploads: one workflow for each, on a queue of its own, so that it does not wait behind an hour
of speech recognition. Asked for by `infra.db.jobs.queue_dbos`, run by `infra.processes.worker_dbos`."""

from __future__ import annotations

import logging
from collections.abc import Callable

from dbos import DBOS, StepOptions

from infra.assembly.archive import Archive
from infra.db.jobs.queue_dbos import TAKE_QUEUE, TAKE_WORKFLOW
from infra.intake.uploads import sweep, take_upload
from media.errors import ArchiveError, Message, NotFound, Unavailable

log = logging.getLogger("tualai.worker")

POLL_SECONDS = 0.5
SWEEP_SECONDS = 30.0

_archive: Archive | None = None  # DBOS calls the workflow with plain values only; set by `prepare`
_closing: Callable[[], bool] = bool


def prepare(archive: Archive, closing: Callable[[], bool]) -> None:
    """Say what to work on, before the job engine is launched. `closing`: no more end states are written."""
    global _archive, _closing
    _archive, _closing = archive, closing


def register() -> None:
    """Open the queue, after the job engine is launched."""
    DBOS.register_queue(
        TAKE_QUEUE, worker_concurrency=1, polling_interval_sec=POLL_SECONDS, on_conflict="always_update"
    )


@DBOS.workflow(name=TAKE_WORKFLOW, max_recovery_attempts=50)
def take(upload: str) -> None:
    """Take one upload. One step: it is idempotent as a whole."""
    archive = _archive
    if archive is None:
        raise RuntimeError("the worker was not started by running_worker()")
    store = archive.studio.upload_service.uploads
    options: StepOptions = {
        "name": TAKE_WORKFLOW,
        "retries_allowed": True,
        "max_attempts": 4,
        "interval_seconds": 2.0,
        "should_retry": lambda error: isinstance(error, Unavailable),
    }
    try:
        store.begin(upload)
        log.info("upload %s: taking begins", upload[:8])
        DBOS.run_step(options, lambda: take_upload(archive, upload))
        log.info("upload %s is taken", upload[:8])
    except NotFound as error:
        _end(archive, upload, error.message)
    except Exception as error:
        if _closing():  # a worker that is stopped leaves it as it is, for the next one
            raise
        if isinstance(error, ArchiveError):
            _end(archive, upload, error.message)
        else:
            log.exception("upload %s", upload)
            _end(
                archive,
                upload,
                Message(
                    "Something unexpected went wrong (%(why)s). The file is kept; try it again.",
                    why=repr(error),
                ),
            )
        raise


def _end(archive: Archive, upload: str, error: Message) -> None:
    archive.studio.upload_service.uploads.refuse(upload, error)


def sweep_uploads(archive: Archive, _name: str) -> None:
    """A worker's duty: complete what was killed before it was noted, remove what expired."""
    if count := sweep(archive):
        log.info("%d uploads were completed or removed", count)

"""Doing pieces: each under a lease, so that only one run of it counts, whatever happens to workers meanwhile."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from infra.assembly.archive import Archive
from infra.jobs.leases import Lease, LeaseLost
from infra.jobs.plan import Key
from infra.monitoring.logs import named
from infra.monitoring.prometheus import step_done
from infra.pipeline import encoding_steps, speech_steps, steps
from infra.pipeline.work import HandedFilesGone, Work, place_of
from infra.processes.reporting import Estimates, Reporter
from media.errors import ArchiveError, Cancelled, Message, Unavailable
from media.jobs import JobState
from media.progress import Progress

log = logging.getLogger("tualai.worker")

PIECES: dict[str, Callable[[Work, Progress], Any]] = {
    "playable": steps.make_playable,
    "early-sound": encoding_steps.encode_sound,
    "early": encoding_steps.encode_chunk,
    "early-join": encoding_steps.join,
    "pictures": steps.make_pictures,
    "captions": speech_steps.import_sidecar,
    "listen": speech_steps.listen,
    "hear": speech_steps.hear,
    "transcript": speech_steps.save_recognised,
    "segments": steps.segment,
    "measure": encoding_steps.measure,
    "sound": encoding_steps.encode_sound,
    "encode": encoding_steps.encode_chunk,
    "join": encoding_steps.join,
    "tidy": steps.tidy,
}
MOST_TRIES = 9
LONGEST_PAUSE = 30.0
"""Seconds. With these, what is away for two minutes fails nothing."""
LEFT_SECONDS = 5.0
T = TypeVar("T")


class PieceRunner:
    """A worker's runs of pieces."""

    def __init__(self, archive: Archive, worker: str) -> None:
        self._archive, self._worker = archive, worker
        self._pieces = archive.jobs.pieces
        self._runs: dict[str, Lease] = {}
        self._estimates = Estimates()
        self.draining = threading.Event()
        """Nothing more is begun."""
        self.closing = threading.Event()
        """What runs ends at its next report, and nothing more is written."""

    def run(self, job: str, key: Key, epoch: int) -> None:
        """Do a piece, if it is still this epoch's to do; say what came of it."""
        if key.name not in PIECES:  # while an upgrade is under way: a newer worker knows it
            log.warning("job %s, %s is of a newer version; it is left to a worker of that", job[:8], key)
            self.draining.wait(LEFT_SECONDS)
        if self.draining.is_set() or key.name not in PIECES:
            self._patiently(lambda: self._pieces.release(job, key, epoch, died=False))
            return
        lease = Lease(job, key, epoch, secrets.token_hex(8))
        with self._at_work(lease), named(job):
            if not self._patiently(lambda: self._pieces.take(lease, self._worker)):
                return
            try:
                self._do(lease)
            except LeaseLost:
                log.warning("%s is no longer this worker's; nothing of it is kept", lease)
                self._remove_files(lease)
            except Cancelled:
                if not self.closing.is_set():
                    raise

    def release(self) -> None:
        """Give up what still runs: others begin it anew at once, and nothing of this worker's counts."""
        self.closing.set()
        for lease in list(self._runs.values()):
            try:
                if self._pieces.release(lease.job, lease.key, lease.epoch, died=False):
                    log.info("%s is handed over", lease)
            except Unavailable as error:  # others will take this worker for dead, which comes to the same
                log.warning("%s: %s", lease, error)

    def recover(self) -> None:
        """Queue what this worker is said to have in hand and has not: it, or one of its name, was killed."""
        for lease in self._pieces.held(self._worker):
            lost = (
                lease.token not in self._runs
            )  # asked after the rows: a run is known here before it is there
            if lost and self._pieces.release(lease.job, lease.key, lease.epoch, died=True):
                log.warning("%s is begun anew", lease)

    @property
    def busy(self) -> bool:
        """Whether anything runs."""
        return bool(self._runs)

    def _do(self, lease: Lease) -> None:
        began, outcome = time.monotonic(), "handed over"
        try:
            outcome = self._outcome(lease)
        finally:
            step_done(lease.key.name, outcome, time.monotonic() - began)

    def _outcome(self, lease: Lease) -> str:
        """Do it, and say in a word what came of it."""
        reporter = Reporter(self._pieces, lease, self._estimates, self.closing.is_set)
        began = time.monotonic()
        try:
            with self._pieces.committing(lease):
                work = self._work(lease)
                label = f"{work.episode.slug}: {lease}"
                log.info("%s begins", label)
                result = PIECES[lease.key.name](work, reporter)
        except LeaseLost:
            raise
        except Superseded as error:
            self._fail(lease, JobState.CANCELLED, None)
            log.info("%s: %s", lease, error)
            return "cancelled"
        except Unavailable as error:
            self._not_now(lease, error)
            return "not now"
        except Cancelled:
            raise
        except HandedFilesGone as error:
            log.warning("%s: %s Its job begins anew.", lease, error)
            self._patiently(lambda: self._pieces.start_over(lease))
            return "begun anew"
        except ArchiveError as error:
            self._fail(lease, JobState.FAILED, error.message)
        except Exception as error:
            log.exception("%s", lease)
            self._fail(lease, JobState.FAILED, _unexpected(error))
        else:
            self._patiently(lambda: self._pieces.finish(lease, result))
            log.info("%s is done in %.1f s", label, time.monotonic() - began)
            return "done"
        return "failed"

    def _work(self, lease: Lease) -> Work:
        archive = self._archive
        wanted, done = self._pieces.wanted(lease)
        episode = archive.catalogue.episode(archive.records.job(lease.job).episode)
        recording = archive.replacements.recording_of(lease.job)
        if recording is None:
            if episode.recording is None:
                raise ArchiveError("Episode “%(slug)s” has no recording to process.", slug=episode.slug)
            recording = archive.catalogue.recording(episode.recording)
        begun = done.get(Key("playable"))
        if begun is not None and begun["recording"] != recording.id:
            raise Superseded("another recording has taken the place of the one this job is about")
        return Work(archive, episode, recording, done, lease.job, lease.key, lease.token, wanted)

    def _not_now(self, lease: Lease, error: Unavailable) -> None:
        tries = self._patiently(lambda: self._pieces.tries(lease))
        if tries >= MOST_TRIES:
            self._fail(lease, JobState.FAILED, error.message)
            return
        seconds = min(LONGEST_PAUSE, 2.0 * 2**tries)
        log.warning("%s is tried again in %d s: %s", lease, seconds, error)
        self._patiently(lambda: self._pieces.postpone(lease, seconds, str(error)))

    def _fail(self, lease: Lease, state: JobState, error: Message | None) -> None:
        self._patiently(lambda: self._archive.jobs.failed(lease, state, error))
        self._remove_files(lease)

    def _remove_files(self, lease: Lease) -> None:
        """No other run has this prefix."""
        place = place_of(lease.job, lease.key, lease.token)
        try:
            self._archive.storage.delete(place)
        except ArchiveError as error:
            log.warning("%s stays behind: %s", place, error)

    def _patiently(self, do: Callable[[], T]) -> T:
        """Wait for the database while it is away: a result is not lost because a server is restarted."""
        pause = 0.5
        while True:
            try:
                return do()
            except Unavailable as error:
                if self.closing.wait(pause):
                    raise Cancelled("The worker was stopped; the next one goes on from here.") from error
                log.warning("%s", error)
                pause = min(5.0, 2 * pause)

    @contextmanager
    def _at_work(self, lease: Lease) -> Iterator[None]:
        self._runs[lease.token] = lease
        try:
            yield
        finally:
            del self._runs[lease.token]


class Superseded(Cancelled):
    """The job's recording is no longer the episode's."""


def _unexpected(error: Exception) -> Message:
    return Message(
        "Something unexpected went wrong (%(why)s). Nothing that was done is lost; retry it, and report this"
        " if it comes again.",
        why=repr(error),
    )

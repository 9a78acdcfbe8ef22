"""A worker's duty: the folder that the settings name is watched."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from infra.assembly.archive import Archive
from infra.background.watched_folder import Settling, WatchedFolder, look
from infra.intake.recording import IngestedRecording
from media.errors import ArchiveError

log = logging.getLogger("tualai.worker")


class WatchFolderTask:
    """Looks into the folder; nothing where none is set."""

    def __init__(self) -> None:
        self._settling = Settling()

    def __call__(self, archive: Archive, _name: str) -> None:
        settings = archive.settings
        if settings.watch_folder is None or not settings.watch_programme:
            return
        archive.catalogue.programme(settings.watch_programme)
        watch = WatchedFolder(settings.watch_folder, settings.watch_programme, settle=settings.watch_settle)
        look(archive, watch, self._settling, time.monotonic(), _tell)


def _tell(path: Path, result: IngestedRecording | ArchiveError) -> None:
    if isinstance(result, ArchiveError):
        log.warning("%s: %s", path, result)
    else:
        log.info("%s is %s“%s”", path, "already " if result.known else "", result.episode.slug)

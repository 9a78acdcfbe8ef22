"""One recording being worked on, and what a step of that work is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.archive import Archive
from media.encoder import Encoder
from media.episodes import Episode, Recording, Rendition, renditions_prefix

State = dict[str, Any]
"""What earlier steps returned, by step name. Plain JSON values."""


@dataclass(frozen=True, slots=True)
class Work:
    """One recording being worked on, by a job of this id."""

    archive: Archive
    episode: Episode
    recording: Recording
    state: State
    job: str = ""

    @property
    def encoder(self) -> Encoder:
        return self.archive.encoder()

    def source(self) -> AbstractContextManager[Path]:
        """The recording as a local file."""
        return self.archive.storage.local_path(self.recording.storage_key)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder that is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self.archive.scratch, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def keep(self, folder: Path, renditions: list[Rendition]) -> None:
        """Store what was made, then let the catalogue refer to it."""
        self.archive.storage.put_folder(renditions_prefix(self.recording.id), folder)
        self.archive.catalogue.save_renditions(self.recording.id, renditions)

    def made(self, name: str) -> Rendition | None:
        """A rendition there is already."""
        found = self.archive.catalogue.renditions(self.recording.id)
        return next((rendition for rendition in found if rendition.name == name), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A step's name, what people read while it runs, and its share of the whole work."""

    name: str
    title: str
    weight: float

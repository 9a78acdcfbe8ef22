"""One recording being worked on, by one run of one piece of its job."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.assembly.archive import Archive
from infra.jobs.plan import Key
from media.archive.episodes import Episode, Recording, Rendition, renditions_prefix
from media.encoding.port import Encoder
from media.errors import NotFound

_BLOCK = 1 << 20


class HandedFilesGone(NotFound):
    """What earlier pieces handed over was removed, as happens to a job that failed and was left alone for long."""


@dataclass(frozen=True, slots=True)
class Work:
    """One recording being worked on, by a run of piece `key` of `job`.

    `done` has the results of the job's finished pieces (plain JSON), `wanted` what this one is told; `token` is of
    this run alone.
    """

    archive: Archive
    episode: Episode
    recording: Recording
    done: Mapping[Key, Any]
    job: str = ""
    key: Key = Key("")  # noqa: RUF009 - a tuple
    token: str = ""
    wanted: dict[str, Any] = field(default_factory=dict)

    @property
    def encoder(self) -> Encoder:
        return self.archive.encoder()

    @property
    def place(self) -> str:
        """Where files for later pieces go, by a prefix that no other run has: they count only once this run's result
        names them."""
        return place_of(self.job, self.key, self.token)

    def source(self) -> AbstractContextManager[Path]:
        """The recording as a local file."""
        return self.archive.storage.local_path(self.recording.storage_key)

    @contextmanager
    def handed(self, key: str) -> Iterator[Path]:
        """A file that an earlier piece handed over. Raises `HandedFilesGone`."""
        with ExitStack() as stack:
            try:
                path = stack.enter_context(self.archive.storage.local_path(key))
            except NotFound as error:
                raise HandedFilesGone(error.message) from error
            yield path

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder that is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self.archive.scratch, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def keep(self, folder: Path, renditions: list[Rendition]) -> None:
        """Store what was made, then let the catalogue refer to it.

        The files go under a digest of them all: a run that comes back late writes the same bytes in the same place,
        or others in another, to which nobody refers. So what is served never changes under its address.
        """
        name = digest(folder)
        prefix = renditions_prefix(self.recording.id)
        self.archive.storage.put_folder(f"{prefix}/{name}", folder)
        named = [replace(each, path=f"{name}/{each.path}") for each in renditions]
        self.archive.catalogue.save_renditions(self.recording.id, named)

    def made(self, name: str) -> Rendition | None:
        """A rendition there is already."""
        found = self.archive.catalogue.renditions(self.recording.id)
        return next((rendition for rendition in found if rendition.name == name), None)


def work_prefix(job: str) -> str:
    """Storage prefix of what pieces of a job hand to later ones; gone when the job is done."""
    return f"work/{job}"


def place_of(job: str, key: Key, token: str) -> str:
    """Storage prefix of what one run of a piece hands to later ones."""
    return f"{work_prefix(job)}/{key.name}-{key.number}-{token}"


def digest(folder: Path) -> str:
    """Twenty hexadecimal digits of the names and bytes of all files in a folder."""
    whole = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        whole.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                whole.update(block)
    return whole.hexdigest()[:20]

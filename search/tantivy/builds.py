"""Builds of a tantivy index in a folder: one in use, swapped in one step.

`<folder>/current` names the build in use, a folder `<version>-<random>` beside it. A rebuild writes a
new build and replaces that file; readers look at it before every search. The lock of the build in use
is the writers' lock; it is tantivy's own and goes away with its process.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tantivy import Index

from media.errors import Unavailable

POINTER = "current"
_HEAP_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Build:
    """An opened build; `commit` identifies the newest commit it has been loaded at."""

    name: str
    index: Any
    commit: tuple[int, int]
    folder: Path

    @property
    def schema(self) -> Any:
        """For building queries."""
        return self.index.schema


@contextmanager
def translated() -> Iterator[None]:
    """Turn tantivy's errors, panics included, into `Unavailable`."""
    try:
        yield
    except (OSError, ValueError) as error:
        if "LockBusy" in str(error):
            raise Unavailable(
                "Another program is writing to the search index; it is tried again shortly."
            ) from error
        raise Unavailable(
            "The search index cannot be used (%(why)s); run “tualai reindex” to build it anew.", why=error
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, which cannot be imported
            raise
        raise Unavailable("The search index is damaged; run “tualai reindex” to build it anew.") from error


class Builds:
    """The builds in `folder`, of the schema `version`. Safe to share between threads."""

    def __init__(self, folder: Path, version: int, schema: Any) -> None:
        """Nothing is opened or created before it is needed."""
        self._folder = folder
        self._version = version
        self._schema = schema
        self._opened: Build | None = None
        self._opening = threading.Lock()
        self._writing = threading.Lock()

    def newest(self) -> Build | None:
        """The build in use at its newest commit; None when there is none of this version that works."""
        with self._opening:
            for _ in range(3):  # a rebuild elsewhere may remove the build between two looks
                name = self._pointed()
                if name is None:
                    return None
                with contextlib.suppress(Unavailable), translated():
                    self._opened = self._refreshed(name)
                    return self._opened
                self._opened = None
            return None

    @contextmanager
    def writer(self) -> Iterator[tuple[Any, Path]]:
        """The only writer of the build in use, which is made when there is none, and its folder.

        Raises `Unavailable`.
        """
        with self._writing, self._locked() as opened:
            yield opened

    @contextmanager
    def replacing(self) -> Iterator[tuple[Any, Path]]:
        """The writer and the folder of a new build, which is the one in use afterwards.

        Holds the old build's lock meanwhile, so that no change to it is lost. Raises `Unavailable`.
        """
        with self._writing, self._locked():
            name = self._new_name()
            try:
                with translated(), _closing(self._created(name)) as writer:
                    yield writer, self._folder / name
                self._point_to(name)
            except BaseException:
                shutil.rmtree(self._folder / name, ignore_errors=True)
                raise
            self._remove_others(name)

    @contextmanager
    def _locked(self) -> Iterator[tuple[Any, Path]]:
        with translated():
            build = self.newest() or self._fresh()
            with _closing(build.index) as writer:
                if self._pointed() != build.name:
                    raise Unavailable("The search index has just been rebuilt; it is tried again shortly.")
                yield writer, build.folder

    def _refreshed(self, name: str) -> Build:
        stat = (self._folder / name / "meta.json").stat()
        commit = (stat.st_ino, stat.st_mtime_ns)
        opened = self._opened
        if opened is not None and (opened.name, opened.commit) == (name, commit):
            return opened
        if opened is None or opened.name != name:
            index = Index.open(str(self._folder / name))
            index.config_reader("manual")
        else:
            index = opened.index
        index.reload()
        return Build(name, index, commit, self._folder / name)

    def _pointed(self) -> str | None:
        """Name of the build in use, when it is of this version."""
        try:
            name = (self._folder / POINTER).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return name if name.startswith(f"{self._version}-") and Path(name).name == name else None

    def _fresh(self) -> Build:
        name = self._new_name()
        self._created(name)
        self._point_to(name)
        build = self.newest()
        if build is None:
            raise Unavailable(
                "No search index can be made in %(folder)s; make that folder writable.", folder=self._folder
            )
        return build

    def _created(self, name: str) -> Any:
        path = self._folder / name
        path.mkdir(parents=True)
        return Index(self._schema, str(path))

    def _new_name(self) -> str:
        return f"{self._version}-{secrets.token_hex(4)}"

    def _point_to(self, name: str) -> None:
        new = self._folder / f"{POINTER}.{name}"
        with new.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / POINTER)

    def _remove_others(self, name: str) -> None:
        """Old builds go; whoever has one open keeps it until the next search."""
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _closing(index: Any) -> Iterator[Any]:
    """A writer that gives its lock back at the end; what was not committed is forgotten."""
    writer = index.writer(_HEAP_BYTES, 1)
    try:
        yield writer
    finally:
        with contextlib.suppress(ValueError):  # its folder may just have been replaced
            writer.wait_merging_threads()

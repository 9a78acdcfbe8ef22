"""Whether requests can be served: asked by load balancers every few seconds, so cheap."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from infra.assembly.archive import Archive
from media.errors import ArchiveError
from web.http.metrics import HealthCheck


def readiness(archive: Archive) -> list[HealthCheck]:
    """The database must answer; without the store or the index most pages still serve."""
    return [
        _check("database", True, archive.database.revision),
        _check("storage", False, partial(_first, archive)),
        _check("index", False, archive.index.current),
    ]


def _first(archive: Archive) -> None:
    next(iter(archive.storage.list("readyz")), None)


def _check(name: str, needed: bool, ask: Callable[[], object]) -> HealthCheck:
    try:
        ask()
    except ArchiveError as error:
        return HealthCheck(name, False, needed, str(error))
    return HealthCheck(name, True, needed)

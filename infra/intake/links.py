"""Fetching what a link leads to, with the settings' limits."""

from __future__ import annotations

from pathlib import Path

from infra.assembly.archive import Archive
from media.progress import Progress


def fetch(archive: Archive, link: str, target: Path, progress: Progress) -> tuple[str, int]:
    """Fetch `link` into `target`; return a name for it and its bytes. Raises `InvalidInput`, `Unavailable`."""
    from media.ingest.guarded_proxy import CheckingProxy
    from media.ingest.ytdlp import fetch as fetch_by_ytdlp

    largest = archive.studio.upload_service.largest
    archive.studio.upload_service.files.check_room(0)
    found = fetch_by_ytdlp(
        link,
        target,
        archive.scratch,
        proxy=CheckingProxy(largest + (64 << 20)),
        largest=largest,
        seconds=archive.settings.link_minutes * 60,
        progress=progress,
    )
    return found.filename, found.length

"""What the files of a recording are, by their names' endings."""

from __future__ import annotations

from pathlib import PurePosixPath

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
SERVED = {
    ".m3u8": PLAYLIST_TYPE,
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".ts": "video/mp2t",
    ".aac": "audio/aac",
    ".vtt": "text/vtt; charset=utf-8",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""Media types of what the site serves; files of other kinds stay inside."""

INDEXES = (".m3u8", ".vtt")
"""Texts that name other files: to be stored after those."""


def content_type(key: str) -> str:
    """The media type of a stored file, never one that a browser would run."""
    return SERVED.get(suffix_of(key), "application/octet-stream")


def suffix_of(key: str) -> str:
    """The ending of a name, in lower case, with its dot."""
    return PurePosixPath(key).suffix.lower()

"""Which stored files a recording's rows refer to. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from media.archive.episodes import Rendition, RenditionKind, renditions_prefix
from media.hls.playlist import HLS_KINDS, init_uri, parse_segments

AREAS = ("recordings", "documents", "live", "work")
"""The first parts of all keys that an archive has for good."""

_TILE = re.compile(r"^(\S+)#xywh=", re.MULTILINE)


def files_of(rendition: Rendition, recording: str, read: Callable[[str], str]) -> Iterator[str]:
    """The keys of all files of a rendition; `read` gives the text of one."""
    top = renditions_prefix(recording)
    key = f"{top}/{rendition.path}"
    yield key
    if rendition.kind in HLS_KINDS:
        playlist = read(key)
        names = [init_uri(playlist), *(segment.uri for segment in parse_segments(playlist))]
    elif rendition.kind is RenditionKind.STORYBOARD:
        names = [*_TILE.findall(read(key))]
    else:
        names = []
    folder = key.rpartition("/")[0]
    yield from (f"{folder}/{name}" for name in dict.fromkeys(names) if name)


def is_referred_to(
    key: str, recording: str, source: str, captions: Iterable[str], renditions: Iterable[Rendition]
) -> bool:
    """Whether a file of a recording that is in use belongs to it: its source, captions handed in with it, and
    whatever lies beside a rendition in a folder of its own."""
    if key == source or key in captions:
        return True
    top = f"{renditions_prefix(recording)}/"
    if not key.startswith(top):
        return False
    path = key.removeprefix(top)
    for rendition in renditions:
        folder = rendition.path.rpartition("/")[0]
        if path == rendition.path or (folder and path.startswith(f"{folder}/")):
            return True
    return False


def digest_in(key: str) -> str | None:
    """The SHA-256 of a file's bytes, in hex, where its key says it: sources and documents."""
    match = re.fullmatch(r"recordings/([0-9a-f]{64})/source\.\w+|documents/([0-9a-f]{64})\.pdf", key)
    return (match[1] or match[2]) if match else None

"""Measuring an HLS package on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from media.archive.episodes import Rendition, RenditionKind
from media.errors import InvalidInput
from media.hls.codecs import codecs_of
from media.hls.playlist import bandwidth, init_uri, parse_segments

PLAYLIST = "index.m3u8"
INIT = "init.mp4"
SEGMENT = "seg_%05d.m4s"


@dataclass(frozen=True, slots=True)
class Package:
    """A measured package: what a `Rendition` needs, and the longest segment in seconds."""

    rendition: Rendition
    longest_segment: float
    seconds: float


def measure(
    folder: Path, name: str, kind: RenditionKind, size: tuple[int, int] = (0, 0), frame_rate: float = 0.0
) -> Package:
    """Measure the package in `folder`/`name`.

    Raises:
        InvalidInput: when it has no segment: nothing in the source could be decoded.
    """
    home = folder / name
    playlist = home / PLAYLIST
    text = playlist.read_text("utf-8") if playlist.is_file() else ""
    segments = parse_segments(text)
    init = init_uri(text)
    if not segments or init is None or not all((home / part.uri).is_file() for part in segments):
        raise InvalidInput(
            "Nothing in the file could be decoded to be played; export it again as an MP4 file."
        )
    rates = bandwidth(segments, [(home / part.uri).stat().st_size for part in segments])
    rendition = Rendition(
        name=name,
        kind=kind,
        path=f"{name}/{PLAYLIST}",
        width=size[0],
        height=size[1],
        bandwidth=rates.peak,
        average_bandwidth=rates.average,
        codecs=codecs_of((home / init).read_bytes()),
        size_bytes=folder_bytes(home),
        frame_rate=round(frame_rate, 3),
    )
    return Package(
        rendition, max(part.seconds for part in segments), sum(part.seconds for part in segments)
    )


def folder_bytes(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())

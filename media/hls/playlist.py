"""HLS playlists: reading ffmpeg's media playlists, writing the master playlist. Pure.

Format: RFC 8216 and draft-pantos-hls-rfc8216bis.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from media.archive.episodes import Rendition, RenditionKind

MASTER = "master.m3u8"
HLS_KINDS = frozenset({RenditionKind.SOURCE, RenditionKind.VIDEO, RenditionKind.AUDIO})


@dataclass(frozen=True, slots=True)
class PlaylistSegment:
    """One segment of a media playlist: its address and length in seconds."""

    uri: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """Bits a second: the highest over any stretch of segments, and the mean."""

    peak: int
    average: int


def master_playlist(renditions: Iterable[Rendition]) -> str:
    """Write the master playlist over the HLS renditions among `renditions`.

    Variants are addressed relative to the recording's renditions prefix, best first within those with
    a picture, sound alone last. The first is what a player starts with: the middle of a ladder would
    start faster, but players measure and switch within one segment.
    """
    variants = [r for r in renditions if r.kind in HLS_KINDS]
    ordered = sorted(
        variants, key=lambda r: (r.kind is RenditionKind.AUDIO, -r.height * r.width, -r.bandwidth)
    )
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant in ordered:
        lines += [_stream_information(variant), variant.path]
    return "\n".join(lines) + "\n"


def _stream_information(rendition: Rendition) -> str:
    attributes = [f"BANDWIDTH={max(1, rendition.bandwidth)}"]
    if rendition.average_bandwidth:
        attributes.append(f"AVERAGE-BANDWIDTH={rendition.average_bandwidth}")
    if rendition.codecs:
        attributes.append(f'CODECS="{rendition.codecs}"')
    if rendition.width and rendition.height:
        attributes.append(f"RESOLUTION={rendition.width}x{rendition.height}")
    if rendition.frame_rate:
        attributes.append(f"FRAME-RATE={rendition.frame_rate:.3f}")
    return "#EXT-X-STREAM-INF:" + ",".join(attributes)


def parse_segments(playlist: str) -> list[PlaylistSegment]:
    """The segments of a media playlist; lines that make no sense are skipped."""
    segments = []
    seconds = 0.0
    for line in map(str.strip, playlist.splitlines()):
        if match := re.match(r"#EXTINF:(\d+(?:\.\d+)?)", line):
            seconds = float(match[1])
        elif line and not line.startswith("#"):
            segments.append(PlaylistSegment(line, seconds))
            seconds = 0.0
    return segments


def init_uri(playlist: str) -> str | None:
    """The address of the initialisation section (`EXT-X-MAP`)."""
    match = re.search(r'#EXT-X-MAP:(?:.*,)?URI="([^"]+)"', playlist)
    return match[1] if match else None


def with_addresses(playlist: str, address: Callable[[str], str | None]) -> str:
    """A media playlist whose segments and initialisation section are where `address` says, by their names;
    those for which it says None stay."""

    def quoted(match: re.Match[str]) -> str:
        return f'URI="{address(match[1]) or match[1]}"'

    lines = []
    for line in playlist.splitlines():
        if line.startswith("#EXT-X-MAP:"):
            lines.append(re.sub(r'URI="([^"]*)"', quoted, line))
        else:
            lines.append(line if line.startswith("#") or not line.strip() else address(line) or line)
    return "\n".join(lines) + "\n"


def bandwidth(segments: Sequence[PlaylistSegment], sizes: Sequence[int]) -> Bandwidth:
    """Measure bits a second from segments and their sizes in bytes.

    The peak is over contiguous segments that last between half and one and a half target durations
    (RFC 8216 4.1), so that a tiny last segment counts with its neighbour.
    """
    total = sum(segment.seconds for segment in segments)
    if total <= 0:
        return Bandwidth(0, 0)
    average = round(8 * sum(sizes) / total)
    target = max(segment.seconds for segment in segments)
    peak = average
    for start in range(len(segments)):
        seconds = 0.0
        size = 0
        for number in range(start, len(segments)):
            seconds += segments[number].seconds
            size += sizes[number]
            if seconds > 1.5 * target:
                break
            if seconds >= 0.5 * target:
                peak = max(peak, round(8 * size / seconds))
    return Bandwidth(peak, average)

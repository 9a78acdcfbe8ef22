"""The encoding ladder: which renditions a recording gets. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from media.archive.episodes import Rendition
from media.probing.media_info import MediaInfo, VideoInfo

# Short side in pixels → cap of the video in kb/s. These are ceilings for a talking head with slides:
# quality is held constant (CRF) below them, and such pictures stay at a quarter to a half of them.
CAPS = {1080: 1500, 720: 800, 480: 400, 240: 130}
SMALLEST_CAP = 48
AUDIO_KBPS = 48
FASTEST = 30.0
EARLY_SHORT_SIDE = 480
OWN_RUNG_FACTOR = 1.25  # a source this much above a usual rung gets a rung of its own size
LONGEST_SIDE = 4096  # of H.264 level 4.x: √(8·MaxFS) macroblocks, ITU-T H.264 table A-1
SOURCE_BANDWIDTH_FACTOR = 1.5
AUDIBLE_GAIN_DB = 2.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One rendition to encode; `video_kbps` (a cap) and `audio_kbps` in kb/s. Height 0: sound only."""

    name: str
    width: int
    height: int
    frame_rate: float
    video_kbps: int
    audio_kbps: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to encode. `first` is encoded on its own before everything else, so that a source that could
    not be remuxed can be watched early; `rest` is encoded together from one decode. `keep_source`: the
    remuxed source stays in the master playlist as its top."""

    first: Rung | None
    rest: tuple[Rung, ...]
    keep_source: bool

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """All rungs, tallest first, sound last."""
        both = (*((self.first,) if self.first else ()), *self.rest)
        return tuple(sorted(both, key=lambda rung: -min(rung.width, rung.height)))


def plan_ladder(info: MediaInfo, gain_db: float, remuxed: Rendition | None) -> Plan:
    """Plan the ladder: never above the source, 1080/720/480/240 by the short side, and sound alone.

    `gain_db` is the loudness change that encoded sound gets; `remuxed` the source as packaged without
    encoding, if it was. It stays only when it does not spoil switching: about as large as the rung it
    stands for, and not audibly louder or softer than the others.
    """
    rungs = [*video_rungs(info), *audio_rungs(info)]
    keep = remuxed is not None and info.video is not None and _fits(remuxed, rungs[0], info, gain_db)
    if keep:
        rungs = rungs[1:]
    if remuxed is not None:
        return Plan(None, tuple(rungs), keep)
    first = _early(rungs)
    return Plan(first, tuple(rung for rung in rungs if rung is not first), False)


def video_rungs(info: MediaInfo) -> list[Rung]:
    """The rungs with a picture, tallest first."""
    video = info.video
    if video is None:
        return []
    rate = frame_rate(video)
    audio_kbps = AUDIO_KBPS if info.audio else 0
    found: dict[tuple[int, int], Rung] = {}
    for side in short_sides(video):
        width, height = scaled_size(video, side)
        short = min(width, height)
        rung = Rung(f"{short}p", width, height, rate, video_cap(short), audio_kbps)
        found.setdefault((width, height), rung)
    return list(found.values())


def audio_rungs(info: MediaInfo) -> list[Rung]:
    """The rung of sound alone, when there is sound."""
    return [Rung("audio", 0, 0, 0.0, 0, AUDIO_KBPS)] if info.audio else []


def short_sides(video: VideoInfo) -> list[int]:
    """Short sides in pixels of the rungs for a source, tallest first."""
    own = min(video.width, video.height)
    usual = [side for side in CAPS if side <= own]
    if not usual or (usual[0] < max(CAPS) and own >= OWN_RUNG_FACTOR * usual[0]):
        return [own, *usual]
    return usual


def scaled_size(video: VideoInfo, short_side: int) -> tuple[int, int]:
    """Width and height, both even, never above the source's (but at least 2×2)."""
    factor = min(
        short_side / min(video.width, video.height),
        LONGEST_SIDE / max(video.width, video.height),
        1.0,
    )
    return _even(video.width, factor), _even(video.height, factor)


def _even(length: int, factor: float) -> int:
    nearest = 2 * round(length * factor / 2)
    return max(2, min(nearest, length - length % 2))


def frame_rate(video: VideoInfo) -> float:
    """Constant frames a second to encode at: halved until 30 at most (50 → 25, 60 → 30); a variable
    rate becomes 25 or 30."""
    if video.variable_frame_rate:
        return 25.0 if video.frame_rate <= 25.1 else 30.0
    rate = video.frame_rate
    while rate > FASTEST + 0.5:
        rate /= 2
    return min(max(rate, 1.0), FASTEST)


def video_cap(short_side: int) -> int:
    """Cap in kb/s for any short side: straight between the table's points, by area below them."""
    points = sorted(CAPS.items())
    if short_side <= points[0][0]:
        low_side, low_cap = points[0]
        return max(SMALLEST_CAP, round(low_cap * (short_side / low_side) ** 2))
    for (low, low_cap), (high, high_cap) in pairwise(points):
        if short_side <= high:
            return round(low_cap + (high_cap - low_cap) * (short_side - low) / (high - low))
    return points[-1][1]


def _fits(remuxed: Rendition, top: Rung, info: MediaInfo, gain_db: float) -> bool:
    allowed = SOURCE_BANDWIDTH_FACTOR * 1000 * (top.video_kbps + top.audio_kbps)
    audible = info.audio is not None and abs(gain_db) > AUDIBLE_GAIN_DB
    return remuxed.average_bandwidth <= allowed and not audible


def _early(rungs: list[Rung]) -> Rung | None:
    """The tallest rung of at most 480, else the smallest with a picture, else sound."""
    pictures = [rung for rung in rungs if rung.height]
    early = [rung for rung in pictures if min(rung.width, rung.height) <= EARLY_SHORT_SIDE]
    if early:
        return early[0]
    left = pictures or rungs
    return left[-1] if left else None

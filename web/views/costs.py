"""What playing costs in bytes, and which sources there are to play. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from media.archive.episodes import Rendition, RenditionKind
from media.hls.playlist import MASTER
from web.text.language import Language
from web.text.times import megabytes

TYPICAL_HEIGHT = 480
"""Pixels: what a phone on automatic quality mostly gets; the cost beside a play button is of this."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What playing a span costs, in words such as “1,2 MB”; empty when that cannot be played."""

    video: str
    sound: str


@dataclass(frozen=True, slots=True)
class QualityChoice:
    """One quality to choose. `name` is `auto`, a rendition's name or `audio`; `label` and `cost` are
    in words; `url` is of a playlist; `sound_only` marks the data saver."""

    name: str
    label: str
    cost: str
    url: str
    sound_only: bool


def typical(renditions: Sequence[Rendition]) -> Rendition | None:
    """The video rendition that automatic quality mostly plays on a phone; None without video."""
    videos = sorted(_videos(renditions), key=lambda each: each.height)
    small = [each for each in videos if each.height <= TYPICAL_HEIGHT]
    return (small[-1] if small else videos[0]) if videos else None


def sound(renditions: Sequence[Rendition]) -> Rendition | None:
    """The sound-only rendition; None while there is none."""
    return next((each for each in renditions if each.kind == RenditionKind.AUDIO), None)


def cost(renditions: Sequence[Rendition], seconds: float, language: Language) -> Cost:
    """Return what playing `seconds` costs."""
    return Cost(
        video=_megabytes(typical(renditions), seconds, language),
        sound=_megabytes(sound(renditions), seconds, language),
    )


def choices(
    base: str, renditions: Sequence[Rendition], seconds: float, language: Language
) -> list[QualityChoice]:
    """Return what can be chosen in the player, automatic first, sound only last.

    Args:
        base: address of the recording's media, ending in a slash.
        renditions: all of the recording.
        seconds: length of the recording, for the costs.
    """
    result = []
    videos = sorted(_videos(renditions), key=lambda each: -each.height)
    if videos:
        automatic = _megabytes(typical(renditions), seconds, language)
        result.append(QualityChoice("auto", language.say("Tự động"), automatic, base + MASTER, False))
    result += [
        QualityChoice(
            each.name,
            language.say("Bản gốc") if each.kind == RenditionKind.SOURCE else f"{each.height}p",
            _megabytes(each, seconds, language),
            base + each.path,
            False,
        )
        for each in videos
    ]
    if (audio := sound(renditions)) is not None:
        label = language.say("Chỉ nghe tiếng")
        result.append(
            QualityChoice("audio", label, _megabytes(audio, seconds, language), base + audio.path, True)
        )
    elif not videos:
        result += _source_without_video(base, renditions, seconds, language)
    return result


def _source_without_video(
    base: str, renditions: Sequence[Rendition], seconds: float, language: Language
) -> list[QualityChoice]:
    """A remuxed recording of sound only, playable before its encoded sound is there."""
    return [
        QualityChoice(
            "auto", language.say("Tự động"), _megabytes(each, seconds, language), base + MASTER, True
        )
        for each in renditions
        if each.kind == RenditionKind.SOURCE
    ]


def _videos(renditions: Sequence[Rendition]) -> list[Rendition]:
    kinds = (RenditionKind.VIDEO, RenditionKind.SOURCE)
    return [each for each in renditions if each.kind in kinds and each.height]


def _megabytes(rendition: Rendition | None, seconds: float, language: Language) -> str:
    if rendition is None:
        return ""
    bits = rendition.average_bandwidth or rendition.bandwidth
    return megabytes(bits * seconds / 8, language) if bits else ""

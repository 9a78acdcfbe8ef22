"""The port of the media engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from media.episodes import Rendition
from media.ladder import Rung
from media.mediainfo import MediaInfo
from media.progress import Progress


class Encoder(Protocol):
    """Probes, remuxes and encodes. Every path it writes lies in the folder it is given.

    All methods raise `InvalidInput` when the source cannot be read (the message says what is wrong with
    the file and what would do), `Unavailable` when the engine itself is missing or was stopped from outside,
    and let `Cancelled` from `progress` pass after stopping the engine.
    """

    def probe(self, source: Path) -> MediaInfo:
        """Describe `source`; refuses playlists, concat scripts, pictures and files without sound and picture."""
        ...

    def remux(self, source: Path, info: MediaInfo, folder: Path, progress: Progress) -> Rendition:
        """Package without re-encoding as HLS in fragmented MP4, into `folder`/source/. See `can_remux`.

        Raises `NotRemuxable` (`media.remux`) when the packets turn out unfit: encode the source instead.
        """
        ...

    def loudness(self, source: Path, info: MediaInfo, progress: Progress) -> float | None:
        """Integrated loudness (EBU R 128) in LUFS; None without sound or with silence only."""
        ...

    def render(
        self,
        source: Path,
        info: MediaInfo,
        rungs: Sequence[Rung],
        gain_db: float,
        folder: Path,
        progress: Progress,
    ) -> list[Rendition]:
        """Encode all `rungs` from one decode, as HLS in fragmented MP4 with aligned keyframes, each
        into `folder`/<rung name>/; the sound is changed by `gain_db` and limited."""
        ...

    def poster(self, source: Path, info: MediaInfo, folder: Path) -> Rendition | None:
        """A JPEG of a telling frame; None without video."""
        ...

    def storyboard(
        self, source: Path, info: MediaInfo, folder: Path, progress: Progress
    ) -> Rendition | None:
        """Sprite sheets and `storyboard/storyboard.vtt` (WebVTT with `#xywh=`); None without video."""
        ...

    def waveform(self, source: Path, info: MediaInfo, folder: Path, progress: Progress) -> Rendition | None:
        """`waveform.json` (`media.peaks`): ten levels a second, and silences; None without sound."""
        ...

    def speech_audio(self, source: Path, info: MediaInfo, target: Path, progress: Progress) -> None:
        """Write the sound as 16 kHz mono 16-bit PCM WAV, on the recording's clock. Needs `info.audio`."""
        ...

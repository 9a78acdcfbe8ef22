"""The port of the media engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from media.archive.episodes import Rendition
from media.encoding.chunks import Chunk
from media.encoding.ladder import Rung
from media.probing.media_info import MediaInfo
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

        Raises `NotRemuxable` (`media.encoding.remux`) when the packets turn out unfit: encode the source instead.
        """
        ...

    def loudness(self, source: Path, info: MediaInfo, progress: Progress) -> float | None:
        """Integrated loudness (EBU R 128) in LUFS; None without sound or with silence only."""
        ...

    def encode_chunk(
        self,
        source: Path,
        info: MediaInfo,
        rungs: Sequence[Rung],
        chunk: Chunk,
        folder: Path,
        progress: Progress,
    ) -> list[Path]:
        """Encode the picture of all `rungs` over one chunk from one decode, with aligned keyframes, each into
        `folder`/<rung name>.mp4; return these, or none when the picture ends before the chunk begins."""
        ...

    def encode_sound(
        self, source: Path, info: MediaInfo, gain_db: float, target: Path, progress: Progress
    ) -> None:
        """Encode the whole sound, changed by `gain_db` and limited, into the file `target`. Needs `info.audio`."""
        ...

    def join(
        self,
        rung: Rung,
        chunks: Sequence[tuple[Chunk, Path]],
        sound: Path | None,
        folder: Path,
        progress: Progress,
    ) -> Rendition:
        """Package what `encode_chunk` made of one rung, in its order, and the sound, without encoding again, as
        HLS in fragmented MP4 into `folder`/<rung name>/."""
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
        """All of that at once: the packages of `rungs`, the same to the byte as from chunks that were encoded
        by several workers."""
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
        """`waveform.json` (`media.probing.peaks`): ten levels a second, and silences; None without sound."""
        ...

    def speech_audio(self, source: Path, info: MediaInfo, target: Path, progress: Progress) -> None:
        """Write the sound as 16 kHz mono 16-bit PCM WAV, on the recording's clock. Needs `info.audio`."""
        ...

"""Encoding the ladder on ffmpeg: the picture in chunks, the sound once and whole, then both joined as HLS."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import ffmpeg

from media.archive.episodes import Rendition, RenditionKind
from media.encoding.chunks import Chunk, concat_list, plan_chunks, seek_seconds
from media.encoding.ladder import Rung
from media.encoding.rungs import SOUND, chunk_file
from media.errors import InvalidInput
from media.ffmpeg.graphs import pictures, sound_of
from media.ffmpeg.options import audio_options, hls_options, video_options
from media.ffmpeg.programs import Programs, find_programs
from media.ffmpeg.runner import INPUT_OPTIONS, FfmpegRun, input_address, limits_for, run_ffmpeg
from media.hls.packaging import PLAYLIST, measure
from media.probing.media_info import MediaInfo
from media.progress import Progress, scaled

MARGIN_BYTES = 64 << 20
LIST = "chunks.ffconcat"
JOINING = {"protocol_whitelist": "file,pipe", "format_whitelist": "concat,mov"}
"""What is joined was made here."""


class RungEncoder:
    """The part of the `Encoder` port that makes rungs. `setting` is a path to ffmpeg (or its folder), else it is
    found when first needed."""

    def __init__(self, setting: str | None = None) -> None:
        self._setting = setting

    @cached_property
    def programs(self) -> Programs:
        """The programs used. Raises `Unavailable`."""
        return find_programs(self._setting)

    def encode_chunk(
        self,
        source: Path,
        info: MediaInfo,
        rungs: Sequence[Rung],
        chunk: Chunk,
        folder: Path,
        progress: Progress,
    ) -> list[Path]:
        """See `Encoder.encode_chunk`.

        Reading begins before the chunk, with the timestamps of a reading from the start (`itsoffset` gives back
        what `ss` takes off), so that the same source picture falls on the same frame in every chunk.
        """
        rate = rungs[0].frame_rate
        start = seek_seconds(chunk, rate)
        entry = _input(source, **({"ss": start, "itsoffset": start} if start else {}))
        shown = pictures(entry, info, rungs, chunk, self.programs)
        names = [chunk_file(rung) for rung in rungs]
        outputs = [
            ffmpeg.output(shown[rung.name], name, format="mp4", **video_options(rung))
            for rung, name in zip(rungs, names, strict=True)
        ]
        out = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
        end = info.duration if chunk.end is None else chunk.end / rate
        length = max(0.0, end - chunk.first / rate)
        self._run(out, folder, length, _largest_file(length), "render", progress)
        made = [folder / name for name in names]
        return made if all(_has_frames(path) for path in made) else []

    def encode_sound(
        self, source: Path, info: MediaInfo, gain_db: float, target: Path, progress: Progress
    ) -> None:
        """See `Encoder.encode_sound`."""
        if info.audio is None:
            raise InvalidInput("The recording has no sound to be encoded.")
        sound = sound_of(_input(source), info.audio, gain_db)
        out = ffmpeg.output(sound, f"file:{target.absolute()}", format="mp4", **audio_options())
        self._run(out, target.parent, info.duration, _largest_file(info.duration), "sound", progress)

    def join(
        self,
        rung: Rung,
        chunks: Sequence[tuple[Chunk, Path]],
        sound: Path | None,
        folder: Path,
        progress: Progress,
    ) -> Rendition:
        """See `Encoder.join`: one run of the packager over copies of the packets, so that numbers, lengths and
        timestamps are those of a stream that was encoded in one go."""
        streams = []
        if rung.height:
            streams.append(ffmpeg.input(_listed(rung, chunks, folder), format="concat", **JOINING)["v:0"])
        if sound is not None and rung.audio_kbps:
            streams.append(ffmpeg.input(input_address(sound), **JOINING)["a:0"])
        target = hls_target(folder, rung.name)
        out = ffmpeg.output(*streams, target, c="copy", **hls_options(rung.name))
        files = [path for _, path in chunks] + ([sound] if sound else [])
        size = MARGIN_BYTES + sum(path.stat().st_size for path in files)
        self._run(out, folder, 0.0, size, "join", progress)
        for path in folder.glob("part-*"):
            path.unlink()
        (folder / LIST).unlink(missing_ok=True)
        kind = RenditionKind.VIDEO if rung.height else RenditionKind.AUDIO
        package = measure(folder, rung.name, kind, (rung.width, rung.height), rung.frame_rate)
        return replace(package.rendition, frame_rate=round(rung.frame_rate, 3))

    def render(
        self,
        source: Path,
        info: MediaInfo,
        rungs: Sequence[Rung],
        gain_db: float,
        folder: Path,
        progress: Progress,
    ) -> list[Rendition]:
        """See `Encoder.render`. Sound is AAC-LC, mono, 48 kHz in every rung alike: speech needs no more,
        and players switch without a click."""
        shown = [rung for rung in rungs if rung.height]
        chunks = plan_chunks(info, shown[0].frame_rate) if shown else []
        parts = folder / "parts"
        parts.mkdir()
        try:
            encoded = []
            for number, chunk in enumerate(chunks):
                place = parts / str(number)
                place.mkdir()
                part = scaled(progress, 0.9 * number / len(chunks), 0.9 * (number + 1) / len(chunks))
                if self.encode_chunk(source, info, shown, chunk, place, part):
                    encoded.append((chunk, place))
            sound = None
            if any(rung.audio_kbps for rung in rungs):
                sound = parts / SOUND
                self.encode_sound(source, info, gain_db, sound, scaled(progress, 0.9, 0.95))
            made = []
            for number, rung in enumerate(rungs):
                files = [(chunk, place / chunk_file(rung)) for chunk, place in encoded]
                last = scaled(
                    progress, 0.95 + 0.05 * number / len(rungs), 0.95 + 0.05 * (number + 1) / len(rungs)
                )
                made.append(self.join(rung, files if rung.height else [], sound, folder, last))
            return made
        finally:
            shutil.rmtree(parts)

    def _run(
        self,
        out: Any,
        folder: Path | None,
        duration: float,
        file_bytes: int,
        note: str,
        progress: Progress,
        loglevel: str = "error",
    ) -> str:
        work = FfmpegRun(folder, duration, note, progress, loglevel)
        return run_ffmpeg(self.programs, ffmpeg.get_args(out), limits_for(duration, file_bytes), work)


def hls_target(folder: Path, name: str) -> str:
    """The playlist's path below `folder` (where ffmpeg runs, so that no name of ours can hold a `%d`)."""
    empty(folder / name)
    return f"{name}/{PLAYLIST}"


def empty(folder: Path) -> None:
    """Make an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _input(source: Path, **options: Any) -> Any:
    return ffmpeg.input(input_address(source), **INPUT_OPTIONS, **options)


def _listed(rung: Rung, chunks: Sequence[tuple[Chunk, Path]], folder: Path) -> str:
    """The concat script's name; the files get plain names beside it, as the demuxer's safe mode wants."""
    if not chunks:
        raise InvalidInput(
            "Nothing in the file could be decoded to be played; export it again as an MP4 file."
        )
    names = [f"part-{number:05d}.mp4" for number in range(len(chunks))]
    for name, (_, path) in zip(names, chunks, strict=True):
        (folder / name).symlink_to(path.absolute())
    (folder / LIST).write_text(concat_list(names, [chunk for chunk, _ in chunks], rung.frame_rate), "ascii")
    return LIST


def _has_frames(path: Path) -> bool:
    """Whether anything was encoded: a track without samples has no `stts` entry (ISO/IEC 14496-12, 8.6.1.2)."""
    data = path.read_bytes() if path.is_file() else b""
    at = data.rfind(b"stts")
    return at >= 0 and int.from_bytes(data[at + 8 : at + 12], "big") > 0


def _largest_file(seconds: float) -> int:
    """Bound in bytes of one written file that lasts `seconds`."""
    return MARGIN_BYTES + int(seconds) * 1_000_000

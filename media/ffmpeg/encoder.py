"""The media engine on ffmpeg: ffmpeg-python composes the graphs, `runner_ffmpeg` runs them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import ffmpeg

from media.archive.episodes import Rendition, RenditionKind
from media.encoding.remux import LONGEST_SEGMENT_SECONDS, NotRemuxable
from media.encoding.storyboard import COLUMNS, FOLDER, ROWS, VTT, Layout, layout, vtt
from media.errors import InvalidInput
from media.ffmpeg.graphs import SPEECH_RATE, exact_rate, levels, on_the_clock, standard_range
from media.ffmpeg.options import hls_options
from media.ffmpeg.probe import probe_file
from media.ffmpeg.rungs import MARGIN_BYTES, RungEncoder, empty, hls_target
from media.ffmpeg.runner import INPUT_OPTIONS, input_address
from media.hls.packaging import folder_bytes, measure
from media.probing import peaks
from media.probing.loudness import parse_loudness
from media.probing.media_info import MediaInfo
from media.progress import Progress, silent

POSTER_SHORT_SIDE = 720
SOURCE_NAME = "source"
VERIFIED_SECONDS = 1.0


class FfmpegEncoder(RungEncoder):
    """The `Encoder` port on ffmpeg."""

    def probe(self, source: Path) -> MediaInfo:
        """See `Encoder.probe`."""
        return probe_file(self.programs, source)

    def remux(self, source: Path, info: MediaInfo, folder: Path, progress: Progress) -> Rendition:
        """See `Encoder.remux`. Raises `NotRemuxable` when the packets turn out unfit."""
        entry = _input(source)
        streams = [entry[str(s.index)] for s in (info.video, info.audio) if s]
        options: dict[str, Any] = {"c": "copy", "map_metadata": -1, "map_chapters": -1}
        if info.audio and info.audio.codec == "aac":
            options["bsf:a"] = "aac_adtstoasc"  # needed from MPEG-TS, does nothing elsewhere
        out = ffmpeg.output(
            *streams, hls_target(folder, SOURCE_NAME), **hls_options(SOURCE_NAME), **options
        )
        try:
            self._verify_start(source, info)
            size = source.stat().st_size + MARGIN_BYTES
            self._run(out, folder, info.duration, size, "remux", progress)
            video = info.video
            shape = (video.width, video.height) if video else (0, 0)
            rate = video.frame_rate if video else 0.0
            package = measure(folder, SOURCE_NAME, RenditionKind.SOURCE, shape, rate)
        except InvalidInput as error:
            raise NotRemuxable(
                "The recording cannot be packaged as it is; encode it. %(why)s", why=error
            ) from error
        if package.longest_segment > LONGEST_SEGMENT_SECONDS or package.seconds < 0.9 * info.duration - 1:
            raise NotRemuxable(
                "The recording cannot be packaged as it is (its keyframes are too far apart); encode it."
            )
        return package.rendition

    def loudness(self, source: Path, info: MediaInfo, progress: Progress) -> float | None:
        """See `Encoder.loudness`; of the mono mix, as heard from two speakers."""
        if info.audio is None:
            return None
        sound = (
            _input(source)[str(info.audio.index)]
            .filter("aformat", channel_layouts="mono")
            # Its line for each frame is then left out of the log; “quiet” is unknown to ffmpeg 5.
            .filter("ebur128", dualmono=1, framelog="verbose")
        )
        out = ffmpeg.output(sound, "-", format="null")
        log = self._run(out, None, info.duration, 0, "loudness", progress, loglevel="info")
        return parse_loudness(log)

    def poster(self, source: Path, info: MediaInfo, folder: Path) -> Rendition | None:
        """See `Encoder.poster`: the most typical of the keyframes in a minute from a tenth on."""
        if info.video is None:
            return None
        start = round(info.duration / 10, 3) if info.duration > 20 else 0
        attempts: tuple[dict[str, Any], ...] = (
            {"skip_frame": "nokey", "ss": start, "t": 60},
            {"t": 30},
        )
        for options in attempts:
            if rendition := self._poster(source, info, folder, options):
                return rendition
        return None

    def storyboard(
        self, source: Path, info: MediaInfo, folder: Path, progress: Progress
    ) -> Rendition | None:
        """See `Encoder.storyboard`. Reads keyframes only; all frames where that finds none."""
        if info.video is None:
            return None
        plan = layout(info.video, info.duration)
        home = folder / FOLDER
        for skip in ({"skip_frame": "nokey"}, {}):
            empty(home)
            self._sheets(source, info, plan, folder, skip, progress)
            if len(list(home.iterdir())) == plan.sheets:
                break
        else:
            shutil.rmtree(home)
            return None
        (home / VTT).write_text(vtt(plan, info.duration), "utf-8")
        return Rendition(
            name=FOLDER,
            kind=RenditionKind.STORYBOARD,
            path=f"{FOLDER}/{VTT}",
            width=plan.width,
            height=plan.height,
            size_bytes=folder_bytes(home),
        )

    def waveform(self, source: Path, info: MediaInfo, folder: Path, progress: Progress) -> Rendition | None:
        """See `Encoder.waveform`."""
        if info.audio is None:
            return None
        printed = folder / "levels.txt"
        sound = levels(_input(source)[str(info.audio.index)], peaks.PER_SECOND, printed.name)
        try:
            out = ffmpeg.output(sound, "-", format="null")
            self._run(out, folder, info.duration, MARGIN_BYTES, "waveform", progress)
            found = peaks.parse_levels(printed.read_text("ascii", "replace"))
        except InvalidInput:
            return None  # the archive can do without a drawing
        finally:
            printed.unlink(missing_ok=True)
        size = (folder / peaks.FILE).write_text(peaks.waveform_json(found), "ascii")
        return Rendition(peaks.NAME, RenditionKind.WAVEFORM, peaks.FILE, size_bytes=size)

    def speech_audio(self, source: Path, info: MediaInfo, target: Path, progress: Progress) -> None:
        """See `Encoder.speech_audio`. Raises `InvalidInput` also when there is no sound."""
        if info.audio is None:
            raise InvalidInput("The recording has no sound to be transcribed; attach captions instead.")
        sound = on_the_clock(_input(source)[str(info.audio.index)])
        out = ffmpeg.output(
            sound, f"file:{target.absolute()}", format="wav", ar=SPEECH_RATE, ac=1, acodec="pcm_s16le"
        )
        bound = int(info.duration * SPEECH_RATE * 2) + MARGIN_BYTES
        self._run(out, target.parent, info.duration, bound, "speech", progress)

    def _verify_start(self, source: Path, info: MediaInfo) -> None:
        """Decode the first seconds strictly: a browser gives up on a stream that ffmpeg would conceal."""
        if info.video is None:
            return
        picture = _input(source, err_detect="explode", t=VERIFIED_SECONDS)[str(info.video.index)]
        out = ffmpeg.output(picture, "-", format="null").global_args("-xerror")
        self._run(out, None, VERIFIED_SECONDS, 0, "check", silent)

    def _poster(
        self, source: Path, info: MediaInfo, folder: Path, options: dict[str, Any]
    ) -> Rendition | None:
        video = info.video
        assert video is not None  # noqa: S101 - `poster` has looked
        name = "poster.jpg"
        factor = min(1.0, POSTER_SHORT_SIDE / min(video.width, video.height))
        width, height = (max(2, 2 * round(side * factor / 2)) for side in (video.width, video.height))
        picture = standard_range(
            _input(source, **options)[str(video.index)].filter("thumbnail", n=60),
            video,
            self.programs,
        )
        picture = picture.filter("scale", width, height).filter("setsar", 1)
        out = ffmpeg.output(
            picture, name, vframes=1, format="image2", update=1, pix_fmt="yuvj420p", **{"q:v": 4}
        )
        try:
            self._run(out, folder, 0, MARGIN_BYTES, "poster", silent)
        except InvalidInput:
            return None  # no keyframe in that minute
        size = (folder / name).stat().st_size if (folder / name).is_file() else 0
        if not size:
            return None
        return Rendition("poster", RenditionKind.POSTER, name, width, height, size_bytes=size)

    def _sheets(
        self,
        source: Path,
        info: MediaInfo,
        plan: Layout,
        folder: Path,
        skip: dict[str, str],
        progress: Progress,
    ) -> None:
        video = info.video
        assert video is not None  # noqa: S101 - `storyboard` has looked
        picture = (
            standard_range(_input(source, **skip)[str(video.index)], video, self.programs)
            .filter("tpad", stop=-1, stop_mode="clone")  # the last picture until all sheets are full
            .filter("fps", fps=exact_rate(1 / plan.interval), start_time=0)
            .filter("scale", plan.width, plan.height)
            .filter("setsar", 1)
            .filter("tile", f"{COLUMNS}x{ROWS}")
        )
        out = ffmpeg.output(
            picture,
            f"{FOLDER}/sheet_%04d.jpg",
            format="image2",
            vframes=plan.sheets,
            start_number=0,
            pix_fmt="yuvj420p",
            **{"q:v": 5},
        )
        try:
            self._run(out, folder, info.duration, MARGIN_BYTES, "storyboard", progress)
        except InvalidInput:
            if not skip:
                raise


def _input(source: Path, **options: Any) -> Any:
    return ffmpeg.input(input_address(source), **INPUT_OPTIONS, **options)

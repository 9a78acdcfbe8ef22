"""The ffmpeg engine on real, small recordings."""

from __future__ import annotations

import json
import re
import subprocess
import wave
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from media.archive.episodes import RenditionKind
from media.encoding.ladder import Rung, plan_ladder
from media.encoding.remux import NotRemuxable, can_remux
from media.errors import Cancelled, InvalidInput
from media.ffmpeg.encoder import FfmpegEncoder
from media.hls.playlist import parse_segments
from media.progress import silent
from tests.media.conftest import AAC, H264, Make, picture, sound

RUNGS = (
    Rung("240p", 320, 240, 25.0, 130, 48),
    Rung("120p", 160, 120, 25.0, 60, 48),
    Rung("audio", 0, 0, 0.0, 0, 48),
)


def looked_at(encoder: FfmpegEncoder, path: Path) -> Any:
    """What ffprobe says of a package or file, all frames decoded."""
    command = [
        str(encoder.programs.ffprobe),
        "-v",
        "error",
        "-count_frames",
        "-show_streams",
        "-show_format",
    ]
    done = subprocess.run([*command, "-of", "json", str(path)], check=True, capture_output=True, timeout=60)
    assert done.stderr == b""
    return json.loads(done.stdout)


def streams(description: Any) -> dict[str, Any]:
    return {stream["codec_type"]: stream for stream in description["streams"]}


def test_probe(encoder: FfmpegEncoder, talk: Path) -> None:
    info = encoder.probe(talk)
    assert info.video and info.audio
    assert (info.video.codec, info.video.width, info.video.height) == ("h264", 320, 240)
    assert (info.audio.codec, info.audio.profile, info.audio.channels) == ("aac", "LC", 2)
    assert info.duration == pytest.approx(9, abs=0.1)
    assert can_remux(info)


def test_probe_finds_an_untold_duration(encoder: FfmpegEncoder, make: Make) -> None:
    command = (*sound(4), "-c:a", "libopus", "-f", "webm", "-live", "1")
    info = encoder.probe(make("untold.webm", *command))
    assert info.duration == pytest.approx(4, abs=0.1)


def test_probe_of_sound_with_cover_art(encoder: FfmpegEncoder, make: Make) -> None:
    cover = make("cover.jpg", *picture(seconds=0.04), "-frames:v", "1")
    path = make(
        "cover.mp3", *sound(2), "-i", str(cover), "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic"
    )  # fmt: skip
    info = encoder.probe(path)
    assert info.video is None and info.audio is not None


def test_remux(encoder: FfmpegEncoder, talk: Path, tmp_path: Path) -> None:
    rendition = encoder.remux(talk, encoder.probe(talk), tmp_path, silent)
    found = streams(looked_at(encoder, tmp_path / rendition.path))
    assert (rendition.kind, rendition.path) == (RenditionKind.SOURCE, "source/index.m3u8")
    assert rendition.codecs == f"{found['video']['mime_codec_string']},mp4a.40.2".replace(
        "avc1." + rendition.codecs[5:11].lower(), rendition.codecs[:11]
    )
    assert int(found["video"]["nb_read_frames"]) == 225
    assert rendition.bandwidth >= rendition.average_bandwidth > 10_000
    assert rendition.size_bytes == sum(p.stat().st_size for p in (tmp_path / "source").iterdir())


def test_remux_from_a_transport_stream(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make("talk.ts", *picture(), *sound(), *H264, *AAC)
    rendition = encoder.remux(path, encoder.probe(path), tmp_path, silent)
    assert int(streams(looked_at(encoder, tmp_path / rendition.path))["video"]["nb_read_frames"]) == 225


def test_remux_refuses_rare_keyframes(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make("rare.mp4", *picture("64x64", "5", 20), *H264, "-g", "1000")
    with pytest.raises(NotRemuxable, match="keyframes"):
        encoder.remux(path, encoder.probe(path), tmp_path, silent)


def test_remux_refuses_what_browsers_would_give_up_on(
    encoder: FfmpegEncoder, talk: Path, tmp_path: Path
) -> None:
    data = bytearray(talk.read_bytes())
    start = data.index(b"mdat")
    data[start + 6000 : start + 9000] = bytes(3000)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data)
    with pytest.raises(NotRemuxable):
        encoder.remux(broken, encoder.probe(broken), tmp_path, silent)


@pytest.fixture(scope="module")
def rendered(encoder: FfmpegEncoder, talk: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("rendered")
    reports: list[float] = []
    info = encoder.probe(talk)
    made = encoder.render(talk, info, RUNGS, -6.0, folder, lambda done, note: reports.append(done))
    return folder, {rendition.name: rendition for rendition in made}, reports


def test_render_makes_every_rung(encoder: FfmpegEncoder, rendered: Any) -> None:
    folder, made, reports = rendered
    assert list(made) == ["240p", "120p", "audio"]
    for name, size in (("240p", (320, 240)), ("120p", (160, 120))):
        found = streams(looked_at(encoder, folder / made[name].path))
        assert (
            (found["video"]["width"], found["video"]["height"])
            == size
            == (made[name].width, made[name].height)
        )
        assert found["video"]["r_frame_rate"] == "25/1" and int(found["video"]["nb_read_frames"]) == 225
        assert (found["audio"]["channels"], found["audio"]["sample_rate"]) == (1, "48000")
        assert re.fullmatch(r"avc1\.6400[0-9A-F]{2},mp4a\.40\.2", made[name].codecs)
    assert set(streams(looked_at(encoder, folder / made["audio"].path))) == {"audio"}
    assert (made["audio"].codecs, made["audio"].kind) == ("mp4a.40.2", RenditionKind.AUDIO)
    assert reports == sorted(reports) and reports[-1] == 1.0


def test_rungs_are_aligned_at_four_seconds(rendered: Any) -> None:
    folder, made, _ = rendered
    lengths = [
        [round(part.seconds, 2) for part in parse_segments((folder / made[name].path).read_text())]
        for name in ("240p", "120p")
    ]
    assert lengths[0] == lengths[1] == [4.0, 4.0, 1.0]


def test_gain_is_applied(encoder: FfmpegEncoder, talk: Path, rendered: Any, tmp_path: Path) -> None:
    folder = rendered[0]
    info = encoder.probe(talk)
    before = encoder.loudness(talk, info, silent)
    sound_file = tmp_path / "all.mp4"
    parts = sorted((folder / "audio").glob("seg_*"))
    sound_file.write_bytes(b"".join(p.read_bytes() for p in [folder / "audio" / "init.mp4", *parts]))
    after = encoder.loudness(sound_file, encoder.probe(sound_file), silent)
    assert before is not None and after is not None
    assert after - before == pytest.approx(-6.0, abs=0.5)


def test_loudness_of_silence_is_none(encoder: FfmpegEncoder, make: Make) -> None:
    path = make("silence.wav", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=3")
    assert encoder.loudness(path, encoder.probe(path), silent) is None


def test_a_limiter_keeps_large_gains_from_clipping(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path
) -> None:
    path = make("soft.wav", *sound(3, level=0.5))
    info = encoder.probe(path)
    encoder.render(path, info, [RUNGS[2]], 20.0, tmp_path, silent)
    decoded = subprocess.run(
        [str(encoder.programs.ffmpeg), "-v", "error", "-i", str(tmp_path / "audio/index.m3u8"), "-f", "s16le", "-"],
        check=True, capture_output=True, timeout=30,
    ).stdout  # fmt: skip
    peak = max(
        abs(int.from_bytes(decoded[i : i + 2], "little", signed=True)) for i in range(0, len(decoded), 2)
    )
    assert 20_000 < peak < 32_000


@pytest.mark.parametrize(
    ("name", "options", "size"),
    [
        ("rotated.mp4", ("-display_rotation", "90"), (180, 320)),
        ("wide.mp4", ("-vf", "setsar=4/3"), (426, 180)),
        ("odd.mp4", ("-vf", "scale=321:181,format=yuv444p"), (320, 180)),
        ("ten.mp4", ("-vf", "format=yuv420p10le"), (320, 180)),
        ("tiny.mp4", ("-vf", "scale=2:2,setsar=1"), (2, 2)),
    ],
)
def test_peculiar_pictures_come_out_upright_and_square(
    encoder: FfmpegEncoder,
    make: Make,
    tmp_path: Path,
    name: str,
    options: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    before = options if options[0].startswith("-display") else ()
    after = () if before else options
    path = make(
        name, *before, *picture("320x180", seconds=1), *after, "-c:v", "libx264", "-preset", "ultrafast"
    )
    info = encoder.probe(path)
    plan = plan_ladder(info, 0.0, None)
    assert plan.first is not None
    encoder.render(path, info, [plan.first], 0.0, tmp_path, silent)
    found = streams(looked_at(encoder, tmp_path / plan.first.name / "index.m3u8"))["video"]
    assert (found["width"], found["height"]) == size
    assert found["pix_fmt"] == "yuv420p" and "side_data_list" not in found
    assert encoder.poster(path, info, tmp_path) is not None


def test_interlaced_fields_are_woven(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make(
        "fields.mpg", *picture("320x240", "50", 2), "-vf", "interlace", "-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-b:v", "1M"
    )  # fmt: skip
    info = encoder.probe(path)
    assert info.video and info.video.interlaced
    rung = plan_ladder(info, 0, None).first
    assert rung is not None
    encoder.render(path, info, [rung], 0.0, tmp_path, silent)
    found = streams(looked_at(encoder, tmp_path / rung.name / "index.m3u8"))["video"]
    assert found.get("field_order", "progressive") == "progressive" and found["r_frame_rate"] == "25/1"


@pytest.mark.slow
def test_a_picture_that_ends_early_is_held(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make("short-picture.mp4", *picture(seconds=2), *sound(13), *H264, *AAC)
    info = encoder.probe(path)
    encoder.render(path, info, RUNGS[:1], 0.0, tmp_path, silent)
    segments = parse_segments((tmp_path / "240p/index.m3u8").read_text())
    assert [round(segment.seconds) for segment in segments] == [4, 4, 4, 1]


def test_poster_and_storyboard(encoder: FfmpegEncoder, talk: Path, tmp_path: Path) -> None:
    info = encoder.probe(talk)
    poster = encoder.poster(talk, info, tmp_path)
    board = encoder.storyboard(talk, info, tmp_path, silent)
    assert poster and board
    with Image.open(tmp_path / poster.path) as image:
        assert image.size == (320, 240) == (poster.width, poster.height)
    with Image.open(tmp_path / "storyboard" / "sheet_0000.jpg") as image:
        assert image.size == (800, 600)
        first, second = (image.crop((160 * i, 0, 160 * i + 160, 120)).tobytes() for i in range(2))
        assert first != second
    text = (tmp_path / board.path).read_text()
    assert text.count("#xywh=") == 2 and "00:00:05.000 --> 00:00:09." in text


def test_storyboard_of_a_moment(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make("moment.mp4", *picture(seconds=0.2), *H264)
    assert encoder.storyboard(path, encoder.probe(path), tmp_path, silent) is not None
    assert (tmp_path / "storyboard/sheet_0000.jpg").stat().st_size > 0


def test_storyboard_fills_sheets_when_the_picture_ends_early(
    encoder: FfmpegEncoder, talk: Path, tmp_path: Path
) -> None:
    info = replace(encoder.probe(talk), duration=140.0)
    assert encoder.storyboard(talk, info, tmp_path, silent) is not None
    assert sorted(p.name for p in (tmp_path / "storyboard").glob("*.jpg")) == [
        "sheet_0000.jpg",
        "sheet_0001.jpg",
    ]


def test_sound_alone_has_no_poster_or_storyboard(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path
) -> None:
    path = make("sound.wav", *sound(1))
    info = encoder.probe(path)
    assert encoder.poster(path, info, tmp_path) is None
    assert encoder.storyboard(path, info, tmp_path, silent) is None


def test_speech_audio(encoder: FfmpegEncoder, talk: Path, tmp_path: Path) -> None:
    target = tmp_path / "speech.wav"
    encoder.speech_audio(talk, encoder.probe(talk), target, silent)
    with wave.open(str(target)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 16_000, 2)
        assert file.getnframes() / 16_000 == pytest.approx(9, abs=0.1)


def test_speech_audio_keeps_the_recordings_clock(
    encoder: FfmpegEncoder, make: Make, tmp_path: Path
) -> None:
    late = make("late.mkv", *picture(seconds=5), "-itsoffset", "3", *sound(2), *H264, *AAC)
    target = tmp_path / "speech.wav"
    encoder.speech_audio(late, encoder.probe(late), target, silent)
    with wave.open(str(target)) as file:
        samples = file.readframes(file.getnframes())
    first = next(
        i
        for i in range(0, len(samples), 2)
        if abs(int.from_bytes(samples[i : i + 2], "little", signed=True)) > 500
    )
    assert first / 2 / 16_000 == pytest.approx(3, abs=0.05)


def test_without_sound_there_is_no_speech(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make("mute.mp4", *picture(seconds=1), *H264)
    with pytest.raises(InvalidInput, match="no sound"):
        encoder.speech_audio(path, encoder.probe(path), tmp_path / "x.wav", silent)


@pytest.mark.slow
def test_cancelling_stops_at_once(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = make("long.mp4", *picture("640x480", "25", 60), *H264)

    def stop(done: float, note: str) -> None:
        raise Cancelled("Stopped as asked.")

    with pytest.raises(Cancelled):
        encoder.render(path, encoder.probe(path), RUNGS[:1], 0.0, tmp_path, stop)
    assert not (tmp_path / "240p" / "index.m3u8").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["-dash.mp4", "it's.mp4", "a:b.mp4", "100%d.mp4", "a b[0];,=.mp4", "xin chào.mp4"]
)
def test_any_file_name(encoder: FfmpegEncoder, talk: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name.removesuffix(".mp4")
    folder.mkdir()
    path = folder / name
    path.write_bytes(talk.read_bytes())
    info = encoder.probe(path)
    assert encoder.render(path, info, RUNGS[2:], 1.0, folder, silent)[0].size_bytes > 1000
    assert encoder.poster(path, info, folder) is not None
    assert encoder.storyboard(path, info, folder, silent) is not None


def test_the_first_frames_are_the_same_in_all_rungs(encoder: FfmpegEncoder, rendered: Any) -> None:
    folder, made, _ = rendered
    starts = [
        float(streams(looked_at(encoder, folder / made[name].path))["video"]["start_time"])
        for name in ("240p", "120p")
    ]
    assert all(abs(a - b) < 0.001 for a, b in pairwise(starts))


@pytest.mark.slow
def test_high_dynamic_range_becomes_standard(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    if "libx265" not in encoder.programs.encoders:
        pytest.skip("this ffmpeg cannot make HEVC to test with")
    colours = "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
    tags = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    path = make(
        "hdr.mp4", *picture("320x180", seconds=1), "-vf", f"format=yuv420p10le,setparams={colours}", "-c:v", "libx265",
        "-preset", "ultrafast", "-x265-params", tags,
    )  # fmt: skip
    info = encoder.probe(path)
    assert info.video and info.video.high_dynamic_range
    assert encoder.poster(path, info, tmp_path) is not None
    rung = plan_ladder(info, 0, None).first
    assert rung is not None
    encoder.render(path, info, [rung], 0.0, tmp_path, silent)
    found = streams(looked_at(encoder, tmp_path / rung.name / "index.m3u8"))["video"]
    assert found["pix_fmt"] == "yuv420p"
    if {"zscale", "tonemap"} <= encoder.programs.filters or encoder.programs.version.startswith(
        ("n8", "8")
    ):
        assert found["color_transfer"] == "bt709"

"""Taking in files: real ones, hostile ones, and all the awkward ones of the shared data."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from media.archive.episodes import Rendition, RenditionKind, renditions_prefix
from media.encoding.ladder import plan_ladder
from media.encoding.remux import NotRemuxable, can_remux
from media.errors import Cancelled, InvalidInput, NotFound, Unavailable
from media.ffmpeg.encoder import FfmpegEncoder
from media.hls.playlist import MASTER, master_playlist
from media.ingest.ingest import check_room, ingest
from media.probing.loudness import gain_for
from media.progress import Progress, silent
from media.storage.folder import FolderStorage
from tests.fakes.storage_memory import MemoryStorage
from tests.media.conftest import SHARED, Make, picture

Take = Callable[..., object]


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "store")


def take(
    path: Path, storage: FolderStorage | MemoryStorage, encoder: FfmpegEncoder, progress: Progress = silent
):  # type: ignore[no-untyped-def]
    return ingest(
        path, storage=storage, encoder=encoder, scratch=path.parent / "scratch", progress=progress
    )


def left_behind(*folders: Path) -> list[Path]:
    return [path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()]


def test_a_recording_is_stored_under_its_checksum(
    encoder: FfmpegEncoder, talk: Path, storage: FolderStorage, tmp_path: Path
) -> None:
    reports: list[float] = []
    path = tmp_path / "Buổi 1.MP4"
    path.write_bytes(talk.read_bytes())
    result = take(path, storage, encoder, lambda done, note: reports.append(done))
    expected = hashlib.sha256(talk.read_bytes()).hexdigest()
    recording = result.recording
    assert (recording.id, recording.filename, recording.size_bytes) == (
        expected,
        "Buổi 1.MP4",
        talk.stat().st_size,
    )
    assert recording.storage_key == f"recordings/{expected}/source.mp4"
    assert not result.already_stored
    with storage.open(recording.storage_key) as file:
        assert file.read() == talk.read_bytes()
    assert recording.info.video is not None and recording.info.duration == pytest.approx(9, abs=0.1)
    assert reports == sorted(reports) and reports[-1] == 1.0
    assert left_behind(tmp_path / "scratch") == [] and path.exists()


def test_the_same_bytes_twice_are_stored_once(
    encoder: FfmpegEncoder, talk: Path, storage: FolderStorage, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.mp4", tmp_path / "b.mov"
    for path in (first, second):
        path.write_bytes(talk.read_bytes())
    one, two = take(first, storage, encoder), take(second, storage, encoder)
    assert two.already_stored and two.recording.storage_key == one.recording.storage_key
    assert two.recording.info == one.recording.info
    assert len(list(storage.list("recordings"))) == 1


HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
HOSTILE = {
    "hls-file.mp4": HLS.format("file:///etc/passwd"),
    "hls-http.ts": HLS.format("http://127.0.0.1:9/x.ts"),
    "concat.mp4": "ffconcat version 1.0\nfile '/etc/passwd'\n",
    "concat-script.mkv": "ffconcat version 1.0\nfile http://127.0.0.1:9/x\n",
    "dash.mp4": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"></MPD>',
    "picture.mp4": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "subtitles.mp4": "1\n00:00:01,000 --> 00:00:02,000\nxin chào\n",
    "captions.mp4": "WEBVTT\n\n00:01.000 --> 00:02.000\nxin chào\n",
    "text.mp3": "This is no recording at all.\n" * 100,
    "sdp.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_leave_nothing(
    encoder: FfmpegEncoder, storage: FolderStorage, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE[name])
    with pytest.raises(InvalidInput) as caught:
        take(path, storage, encoder)
    check_sentence(str(caught.value))
    assert left_behind(tmp_path / "store", tmp_path / "scratch") == []


def check_sentence(message: str) -> None:
    """One sentence for people: no path of ours, no address in memory, no Python."""
    assert message.endswith(".") and "\n" not in message and len(message) < 300
    assert not any(word in message for word in ("scratch", "0x", "Traceback", "Error("))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_pictures_are_refused(
    encoder: FfmpegEncoder, storage: FolderStorage, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "picture.mp4"
    Image.new("RGB", (64, 48), "red").save(path, kind)
    with pytest.raises(InvalidInput, match="pictures"):
        take(path, storage, encoder)
    assert left_behind(tmp_path / "store", tmp_path / "scratch") == []


def test_a_huge_picture_is_refused(
    encoder: FfmpegEncoder, make: Make, storage: FolderStorage, tmp_path: Path
) -> None:
    path = tmp_path / "huge.mkv"
    wide = make("huge.mkv", *picture("16000x64", "1", 1), "-c:v", "ffv1").read_bytes()
    path.write_bytes(wide)
    with pytest.raises(InvalidInput, match="at most 8192 pixels"):
        take(path, storage, encoder)


def test_a_truncated_recording_is_refused(
    encoder: FfmpegEncoder, talk: Path, storage: FolderStorage, tmp_path: Path
) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(talk.read_bytes()[:20_000])
    with pytest.raises(InvalidInput, match="cut short"):
        take(path, storage, encoder)


def test_what_is_no_file_is_refused(encoder: FfmpegEncoder, storage: FolderStorage, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(InvalidInput, match=r"empty\.mp4 is empty"):
        take(tmp_path / "empty.mp4", storage, encoder)
    for name in ("pipe.mp4", ""):
        with pytest.raises(InvalidInput, match="is not a file"):
            take(tmp_path / name, storage, encoder)
    with pytest.raises(NotFound, match="There is no file"):
        take(tmp_path / "none.mp4", storage, encoder)


def test_cancelling_leaves_nothing(
    encoder: FfmpegEncoder, talk: Path, storage: FolderStorage, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(talk.read_bytes())

    def stop(done: float, note: str) -> None:
        raise Cancelled("Stopped as asked.")

    with pytest.raises(Cancelled):
        take(path, storage, encoder, stop)
    assert left_behind(tmp_path / "store", tmp_path / "scratch") == []


def test_no_room(encoder: FfmpegEncoder, talk: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(talk.read_bytes())
    storage = MemoryStorage(free=1000)
    with pytest.raises(Unavailable, match="free some space"):
        take(path, storage, encoder)
    assert storage.files == {} and left_behind(tmp_path / "scratch") == []


def test_check_room() -> None:
    check_room(10, 1 << 40, None)
    check_room(10, 1 << 40, 1 << 40)
    with pytest.raises(Unavailable, match="scratch folder"):
        check_room(1 << 30, 1 << 30, None)
    with pytest.raises(Unavailable, match="store"):
        check_room(1 << 30, 1 << 40, 1 << 30)


def test_sound_without_pictures_is_taken(encoder: FfmpegEncoder, make: Make, tmp_path: Path) -> None:
    path = tmp_path / "talk.anything"
    path.write_bytes(make("one.wav", "-f", "lavfi", "-i", "sine=d=1").read_bytes())
    result = take(path, MemoryStorage(), encoder)
    assert result.recording.storage_key.endswith("/source.wav") and result.recording.info.video is None


def processed(path: Path, encoder: FfmpegEncoder, storage: FolderStorage, work: Path) -> list[Rendition]:
    """Everything the pipeline makes from a recording; what is to be played is in the store."""
    recording = take(path, storage, encoder).recording
    info = recording.info
    with storage.local_path(recording.storage_key) as source:
        remuxed = None
        if can_remux(info):
            try:
                remuxed = encoder.remux(source, info, work, silent)
            except NotRemuxable:
                remuxed = None
        gain = gain_for(encoder.loudness(source, info, silent))
        plan = plan_ladder(info, gain, remuxed)
        made = encoder.render(source, info, plan.rungs, gain, work, silent)
        if remuxed and plan.keep_source:
            made.insert(0, remuxed)
        board = encoder.storyboard(source, info, work, silent)
        poster = encoder.poster(source, info, work)
        assert (board is None) == (info.video is None) == (poster is None)
    (work / MASTER).write_text(master_playlist(made))
    storage.put_folder(renditions_prefix(recording.id), work)
    return made


def awkward() -> list[dict[str, str]]:
    """The rows of manifest.tsv whose files are beside the checkout."""
    manifest = SHARED / "manifest.tsv"
    if not manifest.is_file():
        return []
    rows = csv.DictReader(io.StringIO(manifest.read_text("utf-8")), delimiter="\t")
    return [row for row in rows if (SHARED / row["file"]).is_file()]


@pytest.mark.shared_data
def test_the_awkward_recordings_are_there() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the real test data is not at {SHARED}: awkward recordings are NOT tested")
    assert len(awkward()) > 30


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize("row", awkward(), ids=lambda row: row["file"])
def test_every_awkward_recording_is_playable_or_refused(
    encoder: FfmpegEncoder, storage: FolderStorage, tmp_path: Path, row: dict[str, str]
) -> None:
    """The manifest's `ffprobe_error` tells which cannot be read at all."""
    path = tmp_path / row["file"]
    path.write_bytes((SHARED / row["file"]).read_bytes())
    work = tmp_path / "work"
    work.mkdir()
    if row["ffprobe_error"]:
        with pytest.raises(InvalidInput) as caught:
            processed(path, encoder, storage, work)
        check_sentence(str(caught.value))
        assert left_behind(tmp_path / "store", tmp_path / "scratch") == []
        return
    made = processed(path, encoder, storage, work)
    check_playable(row, made, encoder, tmp_path / "store")
    assert left_behind(tmp_path / "scratch", work) == []


def check_playable(row: dict[str, str], made: list[Rendition], encoder: FfmpegEncoder, store: Path) -> None:
    """Every media playlist in the store decodes, and lasts as long as the recording does."""
    kinds = {rendition.kind for rendition in made}
    assert kinds & {RenditionKind.VIDEO, RenditionKind.SOURCE, RenditionKind.AUDIO}, row["file"]
    for rendition in made:
        (playlist,) = store.rglob(rendition.path)
        command = [
            str(encoder.programs.ffmpeg),
            "-nostdin",
            "-v",
            "error",
            "-i",
            str(playlist),
            "-f",
            "null",
            "-",
        ]
        done = subprocess.run(command, check=False, capture_output=True, timeout=120)
        assert done.returncode == 0, (row["file"], rendition.name, done.stderr[-300:])
        if rendition.kind is not RenditionKind.SOURCE:
            assert done.stderr == b"", (row["file"], rendition.name, done.stderr[-300:])
        assert rendition.codecs and rendition.bandwidth >= rendition.average_bandwidth > 0

"""A watched folder: what settled is taken once, whatever happens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.background.watched_folder import Settling, WatchedFolder, find, look
from infra.configuration.settings import Settings
from infra.db.archive.watched_folder import SeenFile
from infra.intake.recording import IngestedRecording
from media.archive.episodes import Programme, recording_prefix
from media.errors import ArchiveError, Unavailable
from tests.infra.clips import QUESTIONS_SRT, make_clip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("watched_folder"),
]  # processes, ffmpeg and whole archives


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 2.0)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """A home with one programme, to copy from: opening an archive for the first time takes a while."""
    home = tmp_path_factory.mktemp("grown")
    shutil.copy(empty_database, home / "tualai.sqlite")
    with open_archive(Settings(home=home, embedder="off")) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    return home


@pytest.fixture
def home(tmp_path: Path, grown: Path) -> Path:
    return shutil.copytree(grown, tmp_path / "home")


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    with open_archive(Settings(home=home, embedder="off")) as opened:
        yield opened


@pytest.fixture
def card(tmp_path: Path, clip: Path) -> Path:
    """A camera card: a recording with captions, things that are none."""
    place = tmp_path / "thẻ/DCIM/100"
    place.mkdir(parents=True)
    shutil.copy(clip, place / "Buổi_sáng.MP4")
    os.utime(place / "Buổi_sáng.MP4", (1_773_550_000, 1_773_550_000))  # 15 March 2026
    (place / "Buổi_sáng.srt").write_text(QUESTIONS_SRT, "utf-8")
    (place / "THUMB.JPG").write_bytes(b"x")
    (place / ".hidden.mp4").write_bytes(b"x")
    (place / "empty.mp4").touch()
    (place / "link.mp4").symlink_to("/etc/hostname")
    return tmp_path / "thẻ"


class Ear:
    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def __call__(self, path: Path, result: IngestedRecording | ArchiveError) -> None:
        said = "refused" if isinstance(result, ArchiveError) else result.episode.slug
        self.heard.append((path.name, said))


def test_a_settled_recording_is_taken_once_with_its_captions(archive: Archive, card: Path) -> None:
    watch, settling, ear = WatchedFolder(card, "dh", settle=30), Settling(), Ear()
    assert look(archive, watch, settling, 0, ear) == 0
    assert look(archive, watch, settling, 29, ear) == 0
    assert look(archive, watch, settling, 30, ear) == 1
    assert look(archive, watch, settling, 99, ear) == 0
    assert ear.heard == [("Buổi_sáng.MP4", "buoi-sang")]
    episode = archive.catalogue.episode("buoi-sang")
    assert (episode.title, episode.date) == ("Buổi sáng", date(2026, 3, 15))
    assert any(
        "captions.srt" in key for key in archive.storage.list(recording_prefix(str(episode.recording)))
    )
    assert (card / "DCIM/100/Buổi_sáng.MP4").exists()


@pytest.mark.slow
def test_a_file_that_still_grows_is_left_alone(archive: Archive, card: Path) -> None:
    watch, settling, ear = WatchedFolder(card, "dh", settle=30), Settling(), Ear()
    look(archive, watch, settling, 0, ear)
    with (card / "DCIM/100/Buổi_sáng.MP4").open("ab") as file:
        file.write(b"\0" * 10)
    assert look(archive, watch, settling, 40, ear) == 0
    assert look(archive, watch, settling, 70, ear) == 1


@pytest.mark.slow
def test_a_restart_and_another_name_take_nothing_twice(
    home: Path, archive: Archive, card: Path, clip: Path
) -> None:
    ear = Ear()
    look(archive, WatchedFolder(card, "dh", settle=0), Settling(), 0, ear)
    with open_archive(Settings(home=home, embedder="off")) as again:
        assert look(again, WatchedFolder(card, "dh", settle=0), Settling(), 0, ear) == 0
        shutil.copy(clip, card / "khác.mp4")
        assert look(again, WatchedFolder(card, "dh", settle=0), Settling(), 0, ear) == 1
    assert ear.heard[-1] == ("khác.mp4", "buoi-sang")
    assert len(archive.catalogue.episodes()) == 1


@pytest.mark.slow
def test_what_cannot_be_taken_is_said_once(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "thẻ hỏng"
    folder.mkdir()
    (folder / "hỏng.mp4").write_bytes(b"not a recording")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.mp4"))).write_bytes(b"nor this")
    ear = Ear()
    for _ in range(2):
        look(archive, WatchedFolder(folder, "dh", settle=0), Settling(), 0, ear)
    assert [said for _, said in ear.heard] == ["refused", "refused"]
    assert len(archive.watched.refused()) == 2


@pytest.mark.slow
def test_files_move_only_when_told(archive: Archive, card: Path, tmp_path: Path) -> None:
    done = card / "xong"
    (done).mkdir()
    (done / "Buổi_sáng.MP4").write_bytes(b"another")
    look(archive, WatchedFolder(card, "dh", settle=0, move_to=done), Settling(), 0, Ear())
    assert sorted(each.name for each in done.iterdir()) == [
        "Buổi_sáng-2.MP4",
        "Buổi_sáng.MP4",
        "Buổi_sáng.srt",
    ]


def test_a_card_that_is_not_there(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not there"):
        look(archive, WatchedFolder(tmp_path / "không có", "dh"), Settling(), 0, Ear())


def test_what_is_found(card: Path) -> None:
    assert [Path(each.path).name for each in find(card)] == ["Buổi_sáng.MP4"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), max_size=30))
def test_nothing_settles_before_it_was_the_same_for_long_enough(looks: list[tuple[int, int]]) -> None:
    settling, at, same_since = Settling(), 0.0, 0.0
    last: int | None = None
    for size, step in looks:
        at += step
        if size != last:
            same_since, last = at, size
        found = settling.settled([SeenFile("a", size, 0)], at, 4)
        assert bool(found) == (at - same_since >= 4)

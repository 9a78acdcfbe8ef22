"""What only an index in files can suffer: other processes, damage, kills."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import search.tantivy.index
import search.tantivy.vectors
from media.errors import Unavailable
from search.index import SearchQuery
from search.passages.passage import Passage, PassageKind
from search.tantivy.builds import POINTER
from search.tantivy.index import TantivyIndex

ROOT = Path(__file__).parents[3]
PASSAGE = Passage(
    "tap-1:speech:0", "tap-1", PassageKind.SPEECH, "", "nghỉ thai sản sáu tháng", 0.0, 9.0,
    "diem-hen", "Tập 1", date(2026, 3, 8), "vi", vectors=np.eye(1, 16, dtype=np.float32),
)  # fmt: skip
THAI_SAN = SearchQuery("thai san", vector=np.eye(1, 16, dtype=np.float32)[0])


def build(folder: Path) -> Path:
    return folder / (folder / POINTER).read_text()


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    assert index.search(THAI_SAN).hits == ()
    assert index.counts() == {}
    assert index.suggest("thai") == []
    assert not index.current()
    assert not (tmp_path / "index").exists()


def test_another_reader_sees_every_commit_and_swap(tmp_path: Path) -> None:
    writer, reader = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    for number in range(1, 4):
        writer.replace(f"tap-{number}", [replace(PASSAGE, id=f"{number}", episode=f"tap-{number}")])
        assert reader.search(THAI_SAN).total == number
    writer.rebuild([("tap-1", [PASSAGE])])
    assert reader.search(THAI_SAN).total == 1
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == [build(tmp_path)]


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    index, other = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    index.replace("tap-1", [PASSAGE])
    with index._builds.writer():
        with pytest.raises(Unavailable, match="Another program"):
            other.replace("tap-2", [])
        with pytest.raises(Unavailable):
            other.rebuild([])
        assert other.search(THAI_SAN).total == 1
    other.replace("tap-1", [])
    assert index.counts() == {}


def test_a_failed_rebuild_leaves_the_old_index(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path)
    index.replace("tap-1", [PASSAGE])
    broken = replace(PASSAGE, kind="no such kind")  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        index.rebuild([("tap-2", [broken])])
    assert index.counts() == {"tap-1": 1}
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == [build(tmp_path)]
    index.replace("tap-1", [])
    assert index.counts() == {}


def test_another_version_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    TantivyIndex(tmp_path).replace("tap-1", [PASSAGE])
    monkeypatch.setattr(search.tantivy.index, "VERSION", 999)
    newer = TantivyIndex(tmp_path)
    assert not newer.current()
    assert newer.search(THAI_SAN).total == 0
    newer.rebuild([("tap-1", [PASSAGE])])
    assert newer.current()
    assert newer.search(THAI_SAN).total == 1


@pytest.mark.parametrize(
    "damage", ["no pointer", "bad pointer", "outside", "no folder", "no meta", "bad meta", "cut files"]
)
def test_a_damaged_index_opens_empty_and_can_be_rebuilt(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "index"
    TantivyIndex(folder).replace("tap-1", [PASSAGE])
    used = build(folder)
    if damage == "no pointer":
        (folder / POINTER).unlink()
    elif damage == "bad pointer":
        (folder / POINTER).write_bytes(b"\xff\x00\n")
    elif damage == "outside":
        (folder / POINTER).write_text(f"1-/../../{used.name}")
    elif damage == "no folder":
        used.rename(tmp_path / "gone")
    elif damage == "no meta":
        (used / "meta.json").unlink()
    elif damage == "bad meta":
        (used / "meta.json").write_text("{")
    else:
        for path in used.iterdir():
            if path.suffix in {".term", ".store", ".idx"}:
                path.write_bytes(b"")
    index = TantivyIndex(folder)
    assert not index.current()
    assert index.search(THAI_SAN).hits == ()
    assert index.counts() == {}
    index.rebuild([("tap-1", [PASSAGE])])
    assert index.current()
    assert index.search(THAI_SAN).total == 1


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from search.tantivy.index import TantivyIndex
from tests.search.tantivy.test_index import PASSAGE
index = TantivyIndex(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(100_000):
    pair = [replace(PASSAGE, id=f"{number}-{k}", start=float(k)) for k in range(2)]
    if number % 5 == 4:
        index.rebuild([("tap-1", pair)])
    else:
        index.replace("tap-1", pair)
"""


def killed_writer(folder: Path, after: float) -> None:
    """Kill a process while it writes without a pause."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(after)
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()


@pytest.mark.slow
def test_kill_9_while_writing_leaves_a_working_index(tmp_path: Path) -> None:
    for after in (0.02, 0.11, 0.17):
        killed_writer(tmp_path, after)
        index = TantivyIndex(tmp_path)
        ids = {hit.passage.id.split("-")[0] for hit in index.search(THAI_SAN).hits}
        assert len(ids) <= 1, "a commit is whole or not there"
        assert index.search(THAI_SAN).total == (1 if ids == {"tap"} else 2 * len(ids))
        near = index.nearest(THAI_SAN)
        assert {hit.passage.id for hit in near} == {hit.passage.id for hit in index.search(THAI_SAN).hits}
        assert {hit.closeness for hit in near} <= {1.0}
        index.replace("tap-1", [PASSAGE])
        assert index.counts() == {"tap-1": 1}
        assert index.search(THAI_SAN).total == len(index.nearest(THAI_SAN)) == 1


@pytest.mark.slow
def test_kill_9_at_many_moments(tmp_path: Path, thorough: bool) -> None:
    for number in range(0, 25, 1 if thorough else 10):
        killed_writer(tmp_path, 0.05 + number * 0.013)
        index = TantivyIndex(tmp_path)
        index.replace("tap-1", [PASSAGE])
        assert index.counts() == {"tap-1": 1}
        assert index.search(THAI_SAN).total == len(index.nearest(THAI_SAN)) == 1


@pytest.mark.parametrize("name", ["vectors", "rows"])
def test_what_a_killed_writer_left_half_written_does_no_harm(tmp_path: Path, name: str) -> None:
    index = TantivyIndex(tmp_path)
    index.replace("tap-1", [PASSAGE])
    (file,) = build(tmp_path).glob(f"meaning/*/{name}")
    with file.open("ab") as torn:
        torn.write(b"torn" * 33)
    assert len(TantivyIndex(tmp_path).nearest(THAI_SAN)) == 1
    other = replace(PASSAGE, id="2", episode="tap-2", vectors=np.eye(2, 16, dtype=np.float32))
    index.replace("tap-2", [other])
    for reader in (index, TantivyIndex(tmp_path)):
        assert {hit.passage.id for hit in reader.nearest(THAI_SAN)} == {"2", PASSAGE.id}


def test_vectors_of_the_past_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.tantivy.vectors, "ROOM", 6)
    index, reader = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    index.rebuild([("tap-0", [replace(PASSAGE, id="0", episode="tap-0")])])
    for number in range(40):
        index.replace("tap-1", [replace(PASSAGE, id=f"{number}-{k}", start=k * 9.0) for k in range(3)])
        assert {h.passage.id for h in reader.nearest(THAI_SAN)} == {
            "0",
            *(f"{number}-{k}" for k in range(3)),
        }
        (file,) = build(tmp_path).glob("meaning/*/vectors")
        assert file.stat().st_size <= 20 * 32


@pytest.mark.parametrize(
    "text", ["điều 139 bộ luật lao động", "dieu 139", "điều một trăm ba mươi chín nói gì"]
)
def test_the_article_a_title_names_comes_before_those_that_mention_it(tmp_path: Path, text: str) -> None:
    index = TantivyIndex(tmp_path)
    named = replace(PASSAGE, id="139", kind=PassageKind.CHAPTER, title="Điều 139. Nghỉ thai sản")
    mention = "Theo Điều 139 của Bộ luật Lao động thì lao động nữ được nghỉ; điều 139 nói gì thì làm nấy."
    others = [replace(PASSAGE, id=f"{n}", title=f"Điều {n}", text=mention) for n in (13, 39, 140)]
    index.replace("tap-1", [*others, named])
    assert index.search(SearchQuery(text)).hits[0].passage == named

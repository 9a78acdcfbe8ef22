"""Settings: where they come from, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.configuration.settings import Settings, read_settings
from infra.processes.site import zone_of
from media.errors import InvalidInput


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("TUALAI_")]:
        monkeypatch.delenv(name)


def test_the_file_in_the_data_folder_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tualai.toml").write_text('site_name = "Hỏi đáp"\nworker_slots = 3\n', "utf-8")
    monkeypatch.setenv("TUALAI_HOME", str(tmp_path))
    monkeypatch.setenv("TUALAI_WORKER_SLOTS", "2")
    settings = read_settings()
    assert (settings.home, settings.site_name, settings.worker_slots) == (tmp_path, "Hỏi đáp", 2)
    assert read_settings(tmp_path / "other").site_name == "Tualai"


@pytest.mark.parametrize("text", ["worker_slots = 0", 'speech_threads = "many"', "not toml ["])
def test_wrong_settings_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "tualai.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"worker_slots|speech_threads|tualai\.toml"):
        read_settings(tmp_path)


def test_the_zone_is_one_there_is(tmp_path: Path) -> None:
    assert str(zone_of(Settings(home=tmp_path))) == "Asia/Ho_Chi_Minh"
    for name in ("Mars/Olympus", "", "../../etc/passwd", "/etc/passwd"):
        with pytest.raises(InvalidInput, match="TUALAI_TIME_ZONE"):
            zone_of(Settings(home=tmp_path, time_zone=name))

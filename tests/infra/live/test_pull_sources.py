from __future__ import annotations

from pathlib import Path

import pytest

from infra.configuration.settings import Settings
from infra.live.pull_sources import intake_ffmpeg
from media.errors import InvalidInput
from media.ffmpeg.programs import Programs


def ffmpeg(folder: Path, *protocols: str) -> Path:
    """A program that says which protocols it has."""
    folder.mkdir()
    program = folder / "ffmpeg"
    listed = "\\n".join(["Input:", *protocols, "Output:", "srt"])
    program.write_text(f"#!/bin/sh\nprintf '{listed}\\n'\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("ours", "system", "wanted"),
    [
        (("file", "srt"), ("srt",), "ours"),
        (("file",), ("file", "srt"), "system"),
    ],
)
def test_srt_is_taken_in_by_an_ffmpeg_that_has_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ours: tuple[str, ...],
    system: tuple[str, ...],
    wanted: str,
) -> None:
    found = {"ours": ffmpeg(tmp_path / "ours", *ours), "system": ffmpeg(tmp_path / "system", *system)}
    monkeypatch.setenv("PATH", f"{tmp_path / 'system'}:/usr/bin:/bin")
    settings = Settings(home=tmp_path, live_srt="srt://127.0.0.1:9000")
    assert intake_ffmpeg(settings, programs(found["ours"])) == str(found[wanted])


def test_without_srt_ours_is_taken_and_with_it_the_cure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = ffmpeg(tmp_path / "ours", "file")
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert intake_ffmpeg(Settings(home=tmp_path), programs(ours)) == str(ours)
    with pytest.raises(InvalidInput, match="apt-get install ffmpeg"):
        intake_ffmpeg(Settings(home=tmp_path, live_srt="srt://127.0.0.1:9000"), programs(ours))


def programs(ours: Path) -> Programs:
    return Programs(ours, ours, "8.1", "package", frozenset(), frozenset())

from __future__ import annotations

from pathlib import Path

import pytest

from media.errors import Unavailable
from media.ffmpeg.programs import find_programs, parse_names, parse_version, version_number


@pytest.mark.parametrize(
    ("version", "number"),
    [
        ("5.1.6-0+deb12u1", (5, 1)),
        ("n8.1.2", (8, 1)),
        ("4.4.2", (4, 4)),
        ("N-118000-gabc", (99, 0)),
        ("7.0", (7, 0)),
    ],
)
def test_version_number(version: str, number: tuple[int, int]) -> None:
    assert version_number(version) == number


def test_parse_version() -> None:
    assert parse_version("ffmpeg version n8.1.2 Copyright (c)\nbuilt with gcc") == "n8.1.2"
    assert parse_version("ffprobe version 5.1.6 Copyright") == "5.1.6"
    assert parse_version("GNU bash, version 5") == ""


def test_parse_names() -> None:
    listing = """Encoders:
 V..... = Video
 ------
 V....D libx264              libx264 H.264 / AVC
 A....D aac                  AAC (Advanced Audio Coding)
 T.. volume            A->A       Change input volume.
 .. zscale            V->V       Apply resizing
"""
    assert {"libx264", "aac", "volume", "zscale"} <= parse_names(listing)


def test_what_is_found_works() -> None:
    programs = find_programs()
    assert programs.ffmpeg.is_file() and programs.ffprobe.is_file()
    assert {"libx264", "aac"} <= programs.encoders
    assert {"ebur128", "fps", "tile", "alimiter"} <= programs.filters
    chosen = find_programs(str(programs.ffmpeg))
    assert (chosen.origin, chosen.ffprobe, chosen.version) == (
        "setting",
        programs.ffprobe,
        programs.version,
    )


def fake(folder: Path, version: str) -> Path:
    for name in ("ffmpeg", "ffprobe"):
        program = folder / name
        says = f'echo "{name} version {version} Copyright"; echo " V....D libx264              H.264"'
        program.write_text(f"#!/bin/sh\n{says}\n")
        program.chmod(0o755)
    return folder


def test_a_setting_that_is_wrong_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"pip install tualai\[ffmpeg\]"):
        find_programs(str(tmp_path / "none"))
    with pytest.raises(Unavailable, match=r"version 4\.2 without what is needed"):
        find_programs(str(fake(tmp_path, "4.2")))


@pytest.mark.parametrize(
    ("version", "origin", "alone"),
    [("4.4", "package", ""), ("5.1.9-0+deb12u1", "package", "system"), ("8.0", "system", "system")],
)
def test_the_system_s_is_taken_when_it_is_as_new_as_those_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, origin: str, alone: str
) -> None:
    monkeypatch.setenv("PATH", f"{fake(tmp_path, version)}:/usr/bin:/bin")
    assert find_programs().origin == origin
    monkeypatch.setattr("media.ffmpeg.programs._packaged", lambda: None)
    if alone:
        assert find_programs().origin == alone
    else:
        with pytest.raises(Unavailable, match="too old"):
            find_programs()


def test_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("media.ffmpeg.programs._packaged", lambda: None)
    with pytest.raises(Unavailable, match="apt-get install ffmpeg"):
        find_programs()

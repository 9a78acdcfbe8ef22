"""The demonstration archive as shipped: complete, small, and in step with its own script."""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from media.archive.episodes import check_slug
from transcribe.captions.formats import read_captions
from transcribe.cues import Cue

FOLDER = Path(__file__).parents[3] / "infra" / "demo_archive"
MANIFEST = tomllib.loads((FOLDER / "archive.toml").read_text("utf-8"))
SCRIPT = tomllib.loads((FOLDER / "script.toml").read_text("utf-8"))
EPISODES: list[dict[str, Any]] = MANIFEST["episodes"]
CAPTIONED = [episode for episode in EPISODES if not episode["live"]]


def cues_of(episode: dict[str, Any]) -> list[Cue]:
    return read_captions((FOLDER / episode["captions"]).read_bytes())


def name(episode: dict[str, Any]) -> str:
    return Path(episode["file"]).stem


def box_types(data: bytes) -> list[bytes]:
    """The top-level boxes of an MP4 (ISO/IEC 14496-12, 4.2)."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        assert size >= 8, "a box must hold its own header"
        found.append(data[at + 4 : at + 8])
        at += size
    assert at == len(data), "the last box is cut short"
    return found


def test_archive_is_small_and_has_no_stray_files() -> None:
    media = {path.relative_to(FOLDER).as_posix(): path.stat().st_size for path in FOLDER.glob("media/*")}
    assert set(media) == {episode["file"] for episode in EPISODES}
    assert sum(media.values()) <= 12_500_000
    captions = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("captions/*")}
    assert captions == {episode["captions"] for episode in CAPTIONED}


def test_exactly_one_recording_is_for_the_machine_to_hear() -> None:
    (live,) = [episode for episode in EPISODES if episode["live"]]
    assert "captions" not in live
    assert live["language"] == "en"
    assert "do máy tổng hợp" in live["notice"]


def test_manifest_is_in_step_with_the_script() -> None:
    for made, written in zip(EPISODES, SCRIPT["episodes"], strict=True):
        for key in ("slug", "title", "date", "topics", "description"):
            assert made[key] == written[key]
        asked = [part["headline"] for part in written["parts"] if part["kind"] == "question"]
        assert [question["question"] for question in made["questions"]] == asked
    assert MANIFEST["programme"] == SCRIPT["programme"]


def test_topics_and_addresses() -> None:
    topics = {check_slug(topic["slug"]) for topic in MANIFEST["topics"]}
    assert topics == {"thai-san", "lam-them-gio", "bao-hiem-xa-hoi", "tien-luong", "an-toan-lao-dong"}
    assert len({check_slug(episode["slug"]) for episode in EPISODES}) == 6
    assert topics == {topic for episode in EPISODES for topic in episode["topics"]}
    assert all(isinstance(episode["date"], date) for episode in EPISODES)


@pytest.mark.parametrize("episode", EPISODES, ids=name)
def test_recording_is_whole_and_starts_with_its_index(episode: dict[str, Any]) -> None:
    boxes = box_types((FOLDER / episode["file"]).read_bytes())
    assert boxes.index(b"moov") < boxes.index(b"mdat")
    assert 120 <= episode["duration"] <= 360


@pytest.mark.parametrize("episode", EPISODES, ids=name)
def test_questions_follow_each_other(episode: dict[str, Any]) -> None:
    questions = episode["questions"]
    assert 3 <= len(questions) <= 4
    assert all(q["start"] < q["answer_start"] < q["end"] <= episode["duration"] for q in questions)
    assert all(a["end"] <= b["start"] for a, b in pairwise(questions))


@pytest.mark.parametrize("episode", CAPTIONED, ids=name)
def test_captions_are_readable(episode: dict[str, Any]) -> None:
    cues = cues_of(episode)
    assert all(a.end <= b.start for a, b in pairwise(cues))
    assert cues[-1].end <= episode["duration"]
    for cue in cues:
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert max(map(len, lines)) <= 42
        assert 0 < cue.end - cue.start <= 7.001


@pytest.mark.parametrize("episode", CAPTIONED, ids=name)
def test_captions_begin_where_questions_and_answers_do(episode: dict[str, Any]) -> None:
    starts = [cue.start for cue in cues_of(episode)]
    for question in episode["questions"]:
        for key in ("start", "answer_start"):
            assert min(abs(start - question[key]) for start in starts) < 0.02


@pytest.mark.parametrize("episode", CAPTIONED, ids=name)
def test_captions_say_every_word_of_the_script(episode: dict[str, Any]) -> None:
    (written,) = [entry for entry in SCRIPT["episodes"] if entry["slug"] == episode["slug"]]
    turns = [line for part in written["parts"] for line in part["talk"].strip().splitlines()]
    script = " ".join(turn.partition(":")[2] for turn in turns).split()
    assert " ".join(cue.text for cue in cues_of(episode)).split() == script

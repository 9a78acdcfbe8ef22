"""Programmes to learn from: those written for it here, the demonstration's, and the shared ones where they are."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.dialogue_training.mishearing import misheard
from transcribe.captions.formats import read_captions
from transcribe.cues import Cue

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent / "programmes"
DEMO = ROOT / "infra/demo_archive"
SHARED = ROOT.parent / "shared/data/programmes_vi"
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its answer, in seconds; `handover` is where somebody leads over to it."""

    handover: float
    question_start: float
    answer_start: float
    end: float


@dataclass(frozen=True, slots=True)
class Programme:
    """Cues as written and as a recogniser may hear them, and what is asked in them. `shared` ones are scored."""

    name: str
    written: list[Cue]
    heard: list[Cue]
    asked: list[Asked]
    shared: bool = False


def own_programmes() -> Iterator[Programme]:
    """Those in `programmes/`: a line is a turn of one speaker, its first letter says what is in it.

    `H` leads over to a question, `Q` asks, `A` answers, `O` is other talk. A question begins at `H`, or at a
    `Q` after anything else; two `Q` in a row are two questions.
    """
    for path in sorted(OWN.glob("*.txt")):
        turns = [line.split(" ", 1) for line in path.read_text("utf-8").splitlines() if line.strip()]
        cues, asked = _spoken(
            [(kind, text) for kind, text in turns if kind != "#"], random.Random(path.stem)
        )
        yield Programme(path.stem, cues, misheard(cues, path.stem), asked)


def _spoken(turns: list[tuple[str, str]], chance: random.Random) -> tuple[list[Cue], list[Asked]]:
    cues: list[Cue] = []
    found: list[list[float]] = []
    answering: list[float] = []
    time, before = chance.uniform(0.5, 6), ""
    flowing = not any("." in text for _, text in turns)  # a raw transcript: nobody pauses
    for place, (kind, text) in enumerate(turns):
        following = turns[place + 1][0] if place + 1 < len(turns) else ""
        begins = (kind == "H" and following != "A") or (kind == "Q" and before != "H")
        time += _pause(chance, begins, flowing)
        if begins:
            found.append([time, time])
        elif kind == "Q":
            found[-1][1] = time
        elif kind == "A":
            answering = next((each for each in found if len(each) == 2), answering)
        said = list(_captions(text, time, chance, flowing))
        if kind == "A":
            answering[2:] = [*(answering[2:3] or [time]), said[-1].end]
        cues += said
        time = said[-1].end + (0 if flowing else chance.uniform(0.1, 0.5))
        before = kind
    return cues, [Asked(*each) for each in found if len(each) == 4]


def _pause(chance: random.Random, begins: bool, flowing: bool) -> float:
    if flowing:
        return chance.uniform(0.02, 0.25)
    return chance.uniform(0.8, 2.6) if begins and chance.random() < 0.75 else chance.uniform(0.1, 0.9)


def _captions(text: str, time: float, chance: random.Random, flowing: bool) -> Iterator[Cue]:
    """Captions of a sentence or a part of one, at a speaker's pace."""
    rate = chance.uniform(2.6, 3.2)
    for sentence in [text] if flowing else _SENTENCE_END.split(text):
        words = sentence.split()
        while words:
            count = len(words) if len(words) <= 11 else min(chance.randint(7, 11), len(words) - 3)
            spoken, words = words[:count], words[count:]
            seconds = count / rate * chance.uniform(0.95, 1.05)
            yield Cue(time, time + seconds, " ".join(spoken))
            time += seconds
        time += 0 if flowing else chance.uniform(0.1, 0.5)


def demo_programmes() -> Iterator[Programme]:
    """The Vietnamese episodes of the demonstration."""
    for episode in tomllib.loads((DEMO / "archive.toml").read_text("utf-8"))["episodes"]:
        if episode["language"] == "vi" and episode.get("questions"):
            cues = read_captions((DEMO / episode["captions"]).read_bytes())
            asked = [
                Asked(each["start"], each["start"], each["answer_start"], each["end"])
                for each in episode["questions"]
            ]
            yield Programme(episode["slug"], cues, misheard(cues, episode["slug"]), asked)


def shared_programmes() -> Iterator[Programme]:
    """Those of `../shared`; none where it is not."""
    if not SHARED.exists():
        return
    truth = json.loads((SHARED / "truth.json").read_text("utf-8"))
    for name in dict.fromkeys(item["programme"] for item in truth):
        asked = [
            Asked(item["handover"], item["question_start"], item["answer_start"], item["end"])
            for item in truth
            if item["programme"] == name
        ]
        written, heard = (
            read_captions((SHARED / f"{name}{kind}.vtt").read_bytes()) for kind in ("", ".asr")
        )
        yield Programme(name, written, heard, sorted(asked, key=lambda each: each.handover), shared=True)

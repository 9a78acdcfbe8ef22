"""The captions of the demonstration archive against its manifest, as written and as a recogniser may write them."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from transcribe.captions.formats import read_captions
from transcribe.cues import Cue
from transcribe.segmenting.rules import RuleSegmenter
from transcribe.segments import SegmentKind

FOLDER = Path(__file__).parents[3] / "infra/demo_archive"
MANIFEST = tomllib.loads((FOLDER / "archive.toml").read_text("utf-8"))
EPISODES: list[dict[str, Any]] = [episode for episode in MANIFEST["episodes"] if not episode["live"]]
GENERIC = {"công ty", "công nhân", "lao động", "người lao động", "anh chị", "ngân hàng", "tháng lương"}


WAYS = {
    "written": str,
    "commas for full stops": lambda text: re.sub(r"[.?!](?=\s|$)", ",", text),
    "no punctuation": lambda text: re.sub(r"[.,:;?!]", "", text).lower(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("episode", EPISODES, ids=[Path(episode["file"]).stem for episode in EPISODES])
def test_every_question_is_found_and_every_chapter_named(episode: dict[str, Any], way: str) -> None:
    written = read_captions((FOLDER / episode["captions"]).read_bytes())
    cues = [Cue(cue.start, cue.end, WAYS[way](cue.text)) for cue in written]
    segments = RuleSegmenter().segment(cues, "vi", episode["duration"])
    answers = [segment for segment in segments if segment.kind is SegmentKind.ANSWER]
    assert len(answers) == len(episode["questions"])
    for answer, truth in zip(answers, episode["questions"], strict=True):
        assert answer.start == pytest.approx(truth["start"], abs=2)
        assert answer.answer_start == pytest.approx(truth["answer_start"], abs=2)
        assert re.match(r"(?:Anh|Chị) \w\.?, \w+", answer.asker)
        assert len(answer.answerers) == 1
    chapters = [segment for segment in segments if segment.kind is SegmentKind.CHAPTER]
    assert all(first.end == second.start for first, second in pairwise(chapters))
    for chapter in chapters:
        phrases = {phrase.lower() for phrase in chapter.title.split(", ")}
        assert chapter.title and not phrases & GENERIC
        assert all(len(phrase.split()) >= 2 for phrase in phrases)

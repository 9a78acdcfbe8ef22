"""Titles of chapters: phrases really said, spelled as they should be, never empty."""

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.cues import Cue
from transcribe.segmenting.headings import chapter_titles
from transcribe.segmenting.languages.english import ENGLISH
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from transcribe.segmenting.rules import RuleSegmenter
from transcribe.segmenting.running_text import RunningText, fold
from transcribe.segments import Segment, SegmentKind

CONTRACTS = (
    "Câu hỏi tiếp theo của chị Mận, công nhân may. Hết thời gian thử việc mà công ty chưa ký hợp đồng thì sao? "
    "Mời bà. Thưa chị, thử việc đối với công nhân may tối đa ba mươi ngày. Hết thử việc mà đạt thì công ty phải ký "
    "hợp đồng lao động với người lao động."
)
BONUSES = (
    "Câu hỏi tiếp theo của anh Sưởi, thợ hàn. Năm nay công ty có phải thưởng Tết không? Mời bà. Thưa anh, luật không "
    "bắt buộc thưởng Tết. Nhưng nếu quy chế thưởng có ghi thưởng Tết thì công ty phải trả cho người lao động."
)


def titles(parts: list[str], language: str = "vi", change=str) -> list[str]:
    """Titles of one chapter for each part; the answers are found by the segmenter."""
    cues, times = [], [0.0]
    for part in parts:
        for piece in textwrap.wrap(change(part), 60):
            start = cues[-1].end if cues else 0.0
            cues.append(Cue(start, start + 4.0, piece))
        times.append(cues[-1].end)
    pack = {"vi": VIETNAMESE, "en": ENGLISH}.get(language)
    segments = RuleSegmenter().segment(cues, language, times[-1])
    answers = [segment for segment in segments if segment.kind is SegmentKind.ANSWER]
    return chapter_titles(RunningText(cues), pack, times, answers)


def test_vietnamese_titles_are_the_subjects_of_the_questions() -> None:
    first, second = titles([CONTRACTS, BONUSES])
    assert first.startswith("Thử việc")
    assert "ký hợp đồng" in first or "hợp đồng lao động" in first
    assert second.startswith("Thưởng Tết")


def test_words_that_could_stand_over_every_chapter_are_left_out() -> None:
    for title in titles([CONTRACTS, BONUSES]):
        named = [phrase.lower() for phrase in title.split(", ")]
        assert not {"công ty", "công nhân", "lao động", "người lao động", "anh chị"} & set(named)


def test_a_title_names_what_each_answer_is_about_and_spells_it_as_a_reader_would() -> None:
    (title,) = titles([f"{CONTRACTS} Cảm ơn bà. {BONUSES}"])
    assert "thưởng Tết" in title
    assert title.startswith("Thử việc")


def test_text_without_tones_is_titled_too() -> None:
    first, second = titles([CONTRACTS, BONUSES], change=fold)
    assert first.startswith("Thu viec")
    assert second.startswith("Thuong tet")


def test_english_titles_are_phrases_that_were_said() -> None:
    kiln = "The new kiln lining came on Monday. A kiln lining lasts six years, and the kiln lining is made of clay."
    ferry = "Then the night ferry was late. The night ferry waits for the tide, so take the night ferry on Sunday."
    assert titles([kiln, ferry], "en") == ["Kiln lining", "Night ferry"]


def test_english_subjects_of_questions_go_first() -> None:
    (title,) = titles(
        [
            "Our next question comes from a baker in a hotel. She asks how long is maternity leave? "
            "Well, you get six months. Two of the six months can be taken before the birth. Thank you."
        ],
        "en",
    )
    assert title == "Maternity leave"


def test_a_word_that_only_begins_a_sentence_loses_its_capital() -> None:
    said = "Annual leave is twelve days. Sick leave is paid by the fund. Annual leave grows with age. Sick leave does not."
    assert titles([said], "en") == ["Annual leave, sick leave"]


def test_where_no_phrase_stands_out_the_question_is_the_title() -> None:
    (title,) = titles(
        ["Câu hỏi đầu tiên của chị Bưởi, công nhân in. Như vậy có đúng không? Mời bà. Không đúng đâu chị."]
    )
    assert title == "Như vậy có đúng không?"


def test_where_nothing_is_asked_the_first_words_are_the_title() -> None:
    assert titles(["Rồi anh ấy đi. Chị ở lại một mình."]) == ["Rồi anh ấy đi"]


@pytest.mark.parametrize(("language", "title"), [("vi", "Mở đầu"), ("en", "Opening"), ("de", "1")])
def test_a_chapter_in_which_nothing_is_said_has_a_title(language: str, title: str) -> None:
    pack = {"vi": VIETNAMESE, "en": ENGLISH}.get(language)
    cues = [Cue(200, 260, "Ende Anfang Mitte Rand"), Cue(260, 300, "...")]
    assert chapter_titles(RunningText(cues), pack, [0.0, 200.0, 260.0, 300.0], [])[0] == title


SAID = st.sampled_from(
    [
        "tiền lương",
        "và",
        "có không?",
        "Câu hỏi tiếp theo của chị Lành, công nhân may:",
        "...",
        "♪",
        "12 – 13",
        "",
        "Mời bà.",
        "overtime",
    ]
)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.one_of(SAID, st.text(max_size=25)), st.floats(0.0, 90.0)), max_size=40),
    st.lists(st.floats(0.0, 3000.0), max_size=6),
    st.sampled_from([VIETNAMESE, ENGLISH, None]),
)
def test_no_title_is_empty_or_long(said: list[tuple[str, float]], borders: list[float], pack) -> None:
    clock, cues = 0.0, []
    for text, length in said:
        cues.append(Cue(clock, clock + length, text))
        clock += length
    times = [0.0, *sorted(set(borders) - {0.0}), 3001.0]
    answers = [Segment(SegmentKind.ANSWER, start, stop, "") for start, stop in pairwise(times)]
    running = RunningText(cues)
    if running.cues:
        found = chapter_titles(running, pack, times, answers)
        assert len(found) == len(times) - 1
        assert all(title.strip() and len(title) <= 80 for title in found)

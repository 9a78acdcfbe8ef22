import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.cues import Cue
from transcribe.segmenting.running_text import RunningText, fold


@given(st.text())
def test_folding_keeps_the_length_of_what_is_kept(text: str) -> None:
    running = RunningText([Cue(0, 1, text)])
    assert len(running.folded) == len(running.text)


def test_folding_drops_tones_and_strokes() -> None:
    assert fold("Đường số Ư Ơ ở ĐÂY, thưởng") == "duong so u o o day, thuong"


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("Chị L., công nhân may. Xin mời bà H. Tiếp theo là anh K.", 3),
        ("We'll go to Mr. Lamb. Please go ahead.", 2),
        ("Tăng 3.5 lần? Đúng vậy!", 2),
    ],
)
def test_sentences(said: str, count: int) -> None:
    assert len(RunningText([Cue(0, 1, said)]).sentences) == count


def test_captions_are_the_sentences_where_nothing_is_punctuated() -> None:
    cues = [Cue(index, index + 1, "mười hai tháng lương cộng với tiền phép") for index in range(20)]
    assert len(RunningText(cues).sentences) == 20


@given(st.lists(st.text(alphabet="ab .?", min_size=0, max_size=30), max_size=15))
def test_sentences_never_overlap_and_cover_every_letter(texts: list[str]) -> None:
    running = RunningText([Cue(index, index + 1, text) for index, text in enumerate(texts)])
    covered = "".join(running.text[sentence.start : sentence.end] for sentence in running.sentences)
    assert covered.replace(" ", "") == running.text.replace(" ", "")
    ends = [sentence.end for sentence in running.sentences]
    assert all(sentence.start >= end for sentence, end in zip(running.sentences[1:], ends, strict=False))


def test_a_pause_and_a_capital_begin_a_sentence_after_a_comma() -> None:
    cues = [
        Cue(0, 4, "we pay every Friday,"),
        Cue(4.5, 8, "Wages are due in full. That is all there is to say."),
    ]
    assert len(RunningText(cues).sentences) == 3
    assert len(RunningText([cues[0], Cue(4.1, 8, cues[1].text)]).sentences) == 2


def test_sentences_that_hardly_ever_end_are_parted_at_commas_before_a_pause() -> None:
    said = ["the pay for that time is due in full,", "the company has three days to put it in writing,"] * 3
    said = ["Hello. Good evening. Well,", *said, "that is all."]
    cues = [Cue(index * 5, index * 5 + 4, text) for index, text in enumerate(said)]
    assert len(RunningText(cues).sentences) == 3 + 7
    joined = [Cue(index * 5, index * 5 + 5, cue.text) for index, cue in enumerate(cues)]
    assert len(RunningText(joined).sentences) == 3

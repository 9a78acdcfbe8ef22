"""Programmes as a recogniser writes them: commas where sentences end, full stops and capitals missing."""

import pytest

from transcribe.cues import Cue
from transcribe.segmenting.rules import RuleSegmenter
from transcribe.segments import Segment, SegmentKind

ENGLISH_ANSWER = (
    "Under the labour code the pay for that time is due in full,",
    "the company has to put it in writing within three days,",
    "if it does not you can take it to the union,",
    "keep a copy of every paper that you sign.",
    "Thank you very much.",
    "",
)
VIETNAMESE_ANSWER = (
    "theo quy định thì trường hợp này vẫn được hưởng đủ lương,",
    "bên sử dụng phải trả lời bằng văn bản trong vòng ba ngày,",
    "nếu không thì mình gửi đơn tới công đoàn cấp trên,",
    "nhớ giữ lại các giấy tờ đã ký.",
    "Cảm ơn bà.",
    "",
)


def answers(language: str, opening: str, *questions: tuple[str, ...]) -> list[Segment]:
    """What is found when each question is followed by an answer; an empty caption is a pause of a second."""
    reply = ENGLISH_ANSWER if language == "en" else VIETNAMESE_ANSWER
    clock, cues = 0.0, []
    for said in [opening, "", *(line for question in questions for line in (*question, *reply))]:
        length = len(said.split()) / 3
        if said:
            cues.append(Cue(clock, clock + length, said))
        clock += length + (0.4 if said else 1.0)
    segments = RuleSegmenter().segment(cues, language, clock)
    return [segment for segment in segments if segment.kind is SegmentKind.ANSWER]


ENGLISH = [
    (
        ("The next question is from a forklift driver in a cold store, he would like to know",
         "how many hours of rest do I have between two shifts?"),
        "A forklift driver in a cold store",
        "How many hours of rest do I have between two shifts?",
    ),
    (
        ("Our first question comes from the baker in a hotel kitchen,",
         "she asks can they take the uniform from my wages and what should I sign,",
         "please tell us what the law says."),
        "The baker in a hotel kitchen",
        "Can they take the uniform from my wages and what should I sign?",
    ),
    (
        ("Our next question comes from a sewer in a tent factory,", "she asks I am seventeen How many hours may I work?"),
        "A sewer in a tent factory",
        "I am seventeen. How many hours may I work?",
    ),
    (
        ("Next question from a listener in the north,",
         "he asks my contract ended in May Can the company hire me by the day,"),
        "A listener in the north",
        "My contract ended in May. Can the company hire me by the day?",
    ),
    (
        ("The next question is from the cook in a canteen, she has a question about unpaid breaks,",
         "does she have to be paid for them, over to you."),
        "The cook in a canteen",
        "Unpaid breaks, does she have to be paid for them?",
    ),
    (
        ("Our next question is from a tyre fitter, he wants to know if he can say no to a night shift,",),
        "A tyre fitter",
        "If he can say no to a night shift",
    ),
    (
        ("Our last question is from Petra Lunn, a cleaner,", "she would like to know how long her notice period is."),
        "Petra Lunn, a cleaner",
        "How long her notice period is",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "asker", "question"), ENGLISH)
def test_english_questions_as_recognised(said: tuple[str, ...], asker: str, question: str) -> None:
    (found,) = answers("en", "Welcome to the programme.", said)
    assert (found.asker, found.question) == (asker, question)


VIETNAMESE = [
    (
        ("Câu hỏi đầu tiên của anh T. làm ở xưởng cơ khí,",
         "anh hỏi rằng công ty giữ một tháng lương thì có đúng luật không, xin mời bà."),
        "Anh T., làm ở xưởng cơ khí",
        "Công ty giữ một tháng lương thì có đúng luật không?",
    ),
    (
        ("Tiếp theo là câu hỏi của chị Nhàn, công nhân may,",
         "chị muốn biết nghỉ chăm con ốm thì được hưởng bao nhiêu phần trăm lương,", "mời bà trả lời chị Nhàn."),
        "Chị Nhàn, công nhân may",
        "Nghỉ chăm con ốm thì được hưởng bao nhiêu phần trăm lương?",
    ),
    (
        ("Câu hỏi tiếp theo là của một bạn công nhân,",
         "cho hỏi tôi làm được hai tháng Công ty có phải đóng bảo hiểm cho tôi không?", "Mời bà."),
        "Một bạn công nhân",
        "Tôi làm được hai tháng. Công ty có phải đóng bảo hiểm cho tôi không?",
    ),
    (
        ("Câu hỏi cuối cùng của chị Hợi, công nhân bao bì,",
         "chị cho hỏi là đi làm ngày chủ nhật thì được trả mấy lần lương, xin mời bà."),
        "Chị Hợi, công nhân bao bì",
        "Đi làm ngày chủ nhật thì được trả mấy lần lương?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "asker", "question"), VIETNAMESE)
def test_vietnamese_questions_as_recognised(said: tuple[str, ...], asker: str, question: str) -> None:
    (found,) = answers("vi", "Xin chào quý vị.", said)
    assert (found.asker, found.question) == (asker, question)


def test_an_answer_begins_after_a_question_that_ends_with_a_comma() -> None:
    (found,) = answers("en", "Welcome to the programme.", ENGLISH[3][0])
    asked = sum(len(line.split()) / 3 + 0.4 for line in ("Welcome to the programme.", *ENGLISH[3][0])) + 1.0
    assert found.answer_start == pytest.approx(asked)


def test_the_only_guest_answers_every_question() -> None:
    found = answers(
        "en", "Welcome, with me today is Ms Carver, a labour inspector, good evening.", ENGLISH[0][0], ENGLISH[2][0]
    )  # fmt: skip
    assert [segment.answerers for segment in found] == [("Ms Carver, a labour inspector",)] * 2
    opening = "Xin chào quý vị, tham gia chương trình hôm nay có bà Mạc Thị Lý, chuyên viên tư vấn."
    found = answers("vi", opening, VIETNAMESE[0][0], VIETNAMESE[1][0])
    assert [segment.answerers for segment in found] == [("bà Mạc Thị Lý",)] * 2


def test_who_answers_is_spelled_one_way() -> None:
    first, second = (
        ("Câu hỏi đầu tiên của anh Sưởi, thợ hàn,", "làm đêm thì được trả bao nhiêu?", ask)
        for ask in ("Xin mời bà Lý trả lời anh Sưởi.", "Bà Lý trả lời giúp anh Sưởi.")
    )
    found = answers("vi", "Xin chào quý vị.", first, second)
    assert [segment.answerers for segment in found] == [("bà Lý",)] * 2


def test_of_two_guests_none_is_guessed() -> None:
    first, second, third = (
        ("Câu hỏi tiếp theo của anh Sưởi, thợ hàn,", "làm đêm thì được trả bao nhiêu?", ask)
        for ask in ("Xin mời bà Lý trả lời anh Sưởi.", "Xin mời ông Đoan trả lời anh Sưởi.", "Xin mời.")
    )
    found = answers("vi", "Xin chào quý vị.", first, second, third)
    assert [segment.answerers for segment in found] == [("bà Lý",), ("ông Đoan",), ()]


def test_a_month_or_a_name_with_a_capital_begins_no_sentence() -> None:
    said = (
        "Our next question comes from a porter,", "he asks did Mr Will Dove in April pay the Tet bonus in full?"
    )  # fmt: skip
    (found,) = answers("en", "Welcome to the programme.", said)
    assert found.question == "Did Mr Will Dove in April pay the Tet bonus in full?"

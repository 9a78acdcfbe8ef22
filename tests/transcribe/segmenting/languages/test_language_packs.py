"""Phrases that hand over and phrases that only look so."""

import pytest

from transcribe.cues import Cue
from transcribe.segmenting.dialogue.hand_overs import find_hand_overs, find_invitations
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.languages.english import ENGLISH
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from transcribe.segmenting.running_text import RunningText, fold


def hand_overs(pack: LanguagePack, said: str) -> int:
    follows = "Nhu vay dung khong?" if pack is VIETNAMESE else "What do you think about that?"
    text = RunningText([Cue(0, 10, said), Cue(10, 12, follows)])
    return len(find_hand_overs(text, pack, find_invitations(text, pack)))


HANDS_OVER = [
    "Câu hỏi tiếp theo của chị Nguyễn Thị L., công nhân công ty may.",
    "Xin chuyển tới bác sĩ câu hỏi của anh Khoai, thợ hàn.",
    "Một câu hỏi nữa gửi về chương trình.",
    "Chúng ta cùng nghe câu hỏi của chị Mơ.",
    "Và câu hỏi sau cùng đến từ anh Vượng.",
    "Bây giờ chúng ta đến với thắc mắc của anh Phấn.",
    "Bạn đọc hỏi: nghỉ ốm có được hưởng lương không?",
    "Anh Nếp, công nhân ngành gỗ, hỏi về tiền tăng ca.",
    "Người đầu tiên đặt câu hỏi là chị Ý.",
    "Xin mời chị Sim đặt câu hỏi.",
]


@pytest.mark.parametrize("said", HANDS_OVER)
def test_vietnamese_hand_overs_with_and_without_tones(said: str) -> None:
    assert hand_overs(VIETNAMESE, said) == 1
    assert hand_overs(VIETNAMESE, fold(said)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "Cảm ơn câu hỏi của chị Mơ.",
        "Về câu hỏi của anh Phấn, tôi xin trả lời như sau.",
        "Chị đóng bảo hiểm xã hội đủ mười lăm năm thì được hưởng.",
        "Công ty phải thu hồi quyết định và anh có cơ hội làm lại.",
        "Hẹn gặp lại các bạn trong những câu hỏi tiếp theo.",
        "Anh chị còn thắc mắc thì gửi cho công đoàn.",
        "Đây là câu hỏi rất hay.",
        "Chị hỏi lại phòng nhân sự của công ty.",
        "Có trường hợp đòi hỏi phải giám định.",
    ],
)
def test_vietnamese_mentions_are_not_hand_overs(said: str) -> None:
    assert hand_overs(VIETNAMESE, said) == 0


@pytest.mark.parametrize(
    "said",
    [
        "Our next question comes from the line of Jo Alder with Finch Bank.",
        "We'll take our final question from Kim Reed at Oak Capital.",
        "Moving next to Bram Sutter with Elm Securities.",
        "We will now go to Ms. Okafor.",
        "The next question goes to Mr. Lamb.",
        "I now call Rhys Pryce.",
        "A listener asks, can I refuse overtime?",
    ],
)
def test_english_hand_overs(said: str) -> None:
    assert hand_overs(ENGLISH, said) == 1


@pytest.mark.parametrize(
    "said",
    [
        "If you wish to ask a question, please press star one.",
        "There are no further questions from the phone.",
        "My next question is about the dividend.",
        "We'll go to market in the autumn.",
        "I would like to turn the conference over to Mr. Alder.",
        "That is what I call a good year.",
    ],
)
def test_english_mentions_are_not_hand_overs(said: str) -> None:
    assert hand_overs(ENGLISH, said) == 0


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (
            "Xin mời bà Ngô Thu Hạ, đại diện Bảo hiểm xã hội trả lời.",
            "bà Ngô Thu Hạ, đại diện Bảo hiểm xã hội",
        ),
        ("Xin mời luật sư giải đáp giúp chị.", "luật sư"),
        ("Nhờ ông K. trả lời anh V.", "ông K."),
        ("Bà N. trả lời giúp chị Q.", "Bà N."),
    ],
)
def test_vietnamese_invitations_name_who_answers(said: str, who: str) -> None:
    (invitation,) = find_invitations(RunningText([Cue(0, 5, said)]), VIETNAMESE)
    assert invitation.who == who


@pytest.mark.parametrize(
    "said",
    ["Luật mới có hiệu lực từ năm sau.", "Mời anh chị nghe câu hỏi sau.", "Xin mời chị Sim đặt câu hỏi."],
)
def test_vietnamese_sentences_that_invite_nobody_to_answer(said: str) -> None:
    assert find_invitations(RunningText([Cue(0, 5, said)]), VIETNAMESE) == []

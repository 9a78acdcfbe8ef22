"""Programmes written for these tests; nobody in them exists."""

import re
import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.cues import Cue, Word
from transcribe.segmenting.answers import _is_name
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from transcribe.segmenting.rules import RuleSegmenter
from transcribe.segmenting.running_text import RunningText, fold
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState

# `>` marks the turn at which a question is handed over, `=` the first turn of its answer.
STUDIO = """
  Xin kính chào quý vị và các bạn, chương trình hôm nay bàn về tiền lương và thời giờ làm việc.
  Trước khi vào phần hỏi đáp, xin giới thiệu ông Phan Gia Lộc, phó trưởng ban chính sách.
  Xin chào quý vị, tôi rất vui được có mặt ở đây.
> Câu hỏi đầu tiên của chị Đỗ Thị Mận, công nhân Công ty may Hướng Dương, khu công nghiệp Sóng Biển.
  Chị hỏi: Tôi làm việc được mười một tháng thì nghỉ, vậy tôi có được trả tiền phép năm chưa nghỉ không?
  Xin mời ông Phan Gia Lộc trả lời câu hỏi của chị Mận.
= Vâng, cảm ơn câu hỏi của chị. Theo quy định, người làm đủ mười hai tháng được nghỉ mười hai ngày.
  Trường hợp làm chưa đủ năm thì số ngày nghỉ tính theo tỷ lệ tương ứng với số tháng làm việc.
  Chị yêu cầu công ty thanh toán những ngày chưa nghỉ khi chấm dứt hợp đồng, có hồ sơ kèm theo.
  Cảm ơn ông.
> Tiếp theo là câu hỏi gửi về chương trình của anh Lò Văn Sưởi, tổ trưởng tổ cơ khí.
  Làm ca đêm liên tục ba tuần thì phụ cấp được tính như thế nào?
  Mời ông.
= Đối với trường hợp này, tiền lương ban đêm ít nhất bằng một trăm ba mươi phần trăm ban ngày.
  Nếu vừa làm thêm vừa làm đêm thì còn được cộng hai mươi phần trăm nữa của công việc ban ngày.
  Anh kiểm tra lại bảng lương hằng tháng, thấy thiếu thì đề nghị công ty giải thích bằng văn bản.
  Xin cảm ơn ông đã tư vấn.
> Một câu hỏi nữa gửi về chương trình: bạn đọc hỏi công ty giữ bằng gốc của nhân viên có đúng không?
  Nhờ ông giải đáp giúp bạn đọc.
= Thưa quý vị, luật cấm người sử dụng lao động giữ bản chính giấy tờ tùy thân và văn bằng.
  Bạn có quyền đòi lại ngay, và có thể phản ánh tới thanh tra lao động nơi công ty đặt trụ sở.
  Mức phạt đối với hành vi này khá cao và phải trả lại giấy tờ cho người lao động.
  Thời lượng chương trình đã hết, xin chào và hẹn gặp lại quý vị trong số sau.
"""

CALLERS = """
  Chào mừng các bạn đến với buổi giao lưu trực tuyến về bảo hiểm xã hội của công đoàn khu chế xuất.
  Phần một chúng ta đã nghe báo cáo, bây giờ chúng ta chuyển sang phần hỏi đáp cùng hai khách mời.
> Chị Hồ Thị Bưởi, công nhân công ty giày Cánh Diều, gửi câu hỏi: tôi nghỉ việc từ tháng trước.
  Sổ bảo hiểm công ty chưa trả thì bao lâu tôi được nhận lại sổ?
  Xin mời bà Ngô Thu Hạ, đại diện Bảo hiểm xã hội trả lời.
= Dạ thưa chị, công ty phải phối hợp chốt sổ và trả lại trong vòng mười bốn ngày làm việc.
  Nếu quá hạn thì chị làm đơn gửi cơ quan bảo hiểm xã hội nơi công ty đóng để được hướng dẫn.
  Trường hợp công ty còn nợ tiền thì vẫn xác nhận thời gian đã đóng đến thời điểm chốt.
  Cảm ơn bà Hạ.
> Chúng ta đến với thắc mắc của anh Tẩn A Páo, lái xe nâng.
  Bị tai nạn trên đường đi làm thì có được hưởng chế độ tai nạn lao động hay không?
  Xin bà cho biết về trường hợp này.
= Về trường hợp của anh, nếu đi đúng tuyến đường và đúng thời gian hợp lý thì được hưởng.
  Anh cần biên bản của công an giao thông, giấy ra viện và giấy đề nghị giám định thương tật.
  Mức suy giảm từ năm phần trăm trở lên mới được trợ cấp một lần theo luật hiện hành.
  Xin cảm ơn bà, chương trình của chúng ta xin được khép lại tại đây.
"""


def without_punctuation(text: str) -> str:
    """As a recogniser may give it: no punctuation, no capitals."""
    return re.sub(r"[.,:;?!]", "", text).lower()


def as_said(text: str) -> str:
    return text


def read(script: str, change=as_said) -> tuple[list[Cue], list[float], list[float]]:
    """Cues of caption length, when each question is handed over, when each answer starts."""
    cues: list[Cue] = []
    asked, answered = [], []
    clock = 0.0
    for line in script.strip("\n").splitlines():
        if line[0] == ">":
            asked.append(clock)
        if line[0] == "=":
            answered.append(clock)
        for piece in textwrap.wrap(change(line[2:]), 70):
            length = len(piece.split()) / 3.5
            cues.append(Cue(clock, clock + length, piece))
            clock += length
        clock += 0.5
    return cues, asked, answered


def answers(cues: list[Cue], language: str = "vi") -> list[Segment]:
    segments = RuleSegmenter().segment(cues, language, cues[-1].end)
    return [segment for segment in segments if segment.kind == SegmentKind.ANSWER]


WAYS = {
    "written": as_said,
    "untoned": fold,
    "unpunctuated": without_punctuation,
    "untoned and unpunctuated": lambda text: fold(without_punctuation(text)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("script", [STUDIO, CALLERS], ids=["studio", "callers"])
def test_every_question_of_a_programme_becomes_one_answer(script: str, way: str) -> None:
    cues, asked, answered = read(script, WAYS[way])
    found = answers(cues)
    assert len(found) == len(asked)
    for segment, start, answer_start in zip(found, asked, answered, strict=True):
        assert segment.start == pytest.approx(start, abs=0.01)
        assert segment.answer_start == pytest.approx(answer_start, abs=8)
        assert segment.end > answer_start + 10


@pytest.mark.parametrize("way", ["written", "unpunctuated"])
def test_askers_and_answerers_are_read(way: str) -> None:
    first, second, third = (fold(segment.asker) for segment in answers(read(STUDIO, WAYS[way])[0]))
    assert first.startswith("chi do thi man, cong nhan cong ty may huong duong")
    assert second.startswith("anh lo van suoi, to truong")
    assert "ban doc" in third
    names = [fold(" ".join(segment.answerers)) for segment in answers(read(CALLERS, WAYS[way])[0])]
    assert "ba ngo thu ha" in names[0]


def test_questions_lose_the_words_around_them() -> None:
    first, second, _ = answers(read(STUDIO)[0])
    assert first.question == (
        "Tôi làm việc được mười một tháng thì nghỉ, vậy tôi có được trả tiền phép năm chưa nghỉ không?"
    )
    assert second.title == "Làm ca đêm liên tục ba tuần thì phụ cấp được tính như thế nào?"
    assert all(len(segment.title) <= 80 and len(segment.question) <= 200 for segment in (first, second))


def test_an_answer_ends_before_the_thanks_and_the_farewell() -> None:
    cues, asked, _ = read(STUDIO)
    found = answers(cues)
    thanks = next(cue.start for cue in cues if cue.text == "Cảm ơn ông.")
    farewell = next(cue.start for cue in cues if cue.text.startswith("Thời lượng"))
    assert found[0].end <= thanks < asked[1]
    assert found[2].end <= farewell


def test_suggestions_are_marked_as_the_machine_s() -> None:
    segments = RuleSegmenter().segment(read(STUDIO)[0], "vi", 0.0)
    assert segments
    assert {segment.origin for segment in segments} == {SegmentOrigin.MACHINE}
    assert {segment.state for segment in segments} == {SegmentState.SUGGESTED}


def test_an_operator_hands_over() -> None:
    script = """
  Good morning and welcome to the call, if you wish to ask a question you will need to press star one.
  Thank you all for joining, revenue for the quarter grew and we opened two new plants in the north.
> Thank you. Your first question comes from Ada Quill from Marlow Partners. Please go ahead.
  Good morning. Could you tell us how the new plant affects margins next year?
= Sure. So the plant adds about two points of margin once it is full, which takes three quarters.
  The rest of the year depends on freight, and we keep our guidance as it was in the spring.
> We'll go next to Bo Tarn with Heron Securities. Your line is open.
  Hi, what is the capital expenditure you plan for the second phase?
= It is about forty million, most of it in the first half, and it is funded from our own cash flow.
  There are no further questions at this time. I will hand back for closing remarks.
"""
    cues, asked, _ = read(script)
    found = answers(cues, "en")
    assert [segment.start for segment in found] == pytest.approx(asked)
    assert found[0].asker == "Ada Quill, Marlow Partners"
    assert found[0].question == "Could you tell us how the new plant affects margins next year?"
    assert found[1].end <= cues[-1].start


def test_a_conversation_is_read_by_its_questions() -> None:
    reply = "Yeah, it started small. " + "The first version was a weekend script that people liked. " * 12
    cues, _, _ = read(
        f"  {'We talked about many different things that week. ' * 12}\n"
        "> You have worked on this for years. How did you get started with the project?\n"
        f"= {reply}\n"
        "  We keep going on about it at length. " + "It has been a good year for everybody there. " * 12
    )
    (found,) = answers(cues, "en")
    assert "How did you get started with the project?" in found.question


def test_a_vietnamese_conversation_is_read_by_its_questions() -> None:
    reply = (
        "Vâng, chúng tôi bắt đầu từ một tổ công đoàn nhỏ. Mỗi tuần anh em họp một lần để góp ý cho bữa ăn. "
        "Ban đầu nhà thầu không nghe, vì họ nghĩ công nhân kêu ca cho có. Chúng tôi cân từng suất, ghi vào sổ, "
        "rồi mang sổ ấy lên gặp giám đốc. Giám đốc xem xong thì đồng ý tăng tiền cho mỗi suất. "
        "Từ đó bếp có thực đơn dán trước cửa, ai cũng đọc được. Rau mua của hợp tác xã trong huyện. "
        "Mỗi quý công đoàn được quyền vào bếp kiểm tra mà không báo trước. "
    )
    cues, asked, _ = read(
        "  Kính chào quý vị thính giả. Chuyên mục hôm nay phát từ một khu nhà trọ có hơn hai trăm công nhân. "
        "Cùng trò chuyện với chúng tôi là ông chủ tịch công đoàn của nhà máy bên cạnh.\n"
        "> Thưa ông, công đoàn đã làm thế nào để thay đổi bữa ăn ca?\n"
        f"= {reply}\n"
        "  Bây giờ bữa ăn đã tốt hơn trước rất nhiều. Có hôm còn thừa trái cây mang về cho con.\n"
    )
    (found,) = answers(cues)
    assert found.start == pytest.approx(asked[0])
    assert found.question == "Công đoàn đã làm thế nào để thay đổi bữa ăn ca?"


def test_word_times_place_a_start_within_a_caption() -> None:
    text = "Dạ, tôi xin hết. Câu hỏi tiếp theo của anh Tòng, công nhân cơ khí: lương có bị trừ không?"
    words = tuple(
        Word(word, 60 + index * 0.3, 60 + index * 0.3 + 0.25) for index, word in enumerate(text.split())
    )
    cues = [
        Cue(0, 60, "Chào các bạn."),
        Cue(60, words[-1].end, text, words),
        Cue(words[-1].end, 90, "Thưa anh, lương không bị trừ trong trường hợp này."),
    ]
    (found,) = answers(cues)
    assert found.start == words[4].start


def test_no_cues_no_segments() -> None:
    assert RuleSegmenter().segment([], "vi", 100.0) == []
    assert RuleSegmenter().segment([Cue(0, 2, "  ")], "vi", 100.0) == []


def test_an_unknown_language_is_cut_by_its_vocabulary() -> None:
    taxonomy = [
        "brot mehl ofen teig hefe kruste",
        "anker segel hafen welle sturm deck",
        "geige noten takt bogen chor oper",
    ]
    cues = []
    for index in range(360):
        words = taxonomy[index // 120].split()
        text = " ".join(words[(index * 5 + place * 7) % 6] for place in range(8)) + "."
        cues.append(Cue(index * 5.0, index * 5.0 + 4.8, text))
    segments = RuleSegmenter().segment(cues, "de", 1800.0)
    assert [segment.kind for segment in segments] == [SegmentKind.CHAPTER] * 3
    assert [segment.start for segment in segments] == pytest.approx([0, 600, 1200], abs=45)


def test_a_short_clip_has_no_chapters() -> None:
    assert RuleSegmenter().segment([Cue(0, 20, "Xin chào các bạn.")], "vi", 20.0) == []


PIECES = st.sampled_from(
    [
        "câu hỏi tiếp theo của chị Lành, công nhân may:",
        "xin mời ông Quyết trả lời.",
        "cảm ơn ông.",
        "tôi có được nghỉ không?",
        "chúng ta chuyển sang phần hỏi đáp.",
        "xin chào và hẹn gặp lại.",
        "theo quy định thì được nghỉ mười hai ngày mỗi năm",
        "anh Bền hỏi",
        "",
        "...",
        "next question comes from the line of",
    ]
)


@given(
    st.lists(st.tuples(PIECES, st.floats(0.0, 40.0), st.floats(0.0, 30.0)), max_size=60),
    st.sampled_from(["vi", "en", "xx"]),
)
def test_segments_are_in_order_and_chapters_partition(
    said: list[tuple[str, float, float]], language: str
) -> None:
    clock, cues = 0.0, []
    for text, length, pause in said:
        cues.append(Cue(clock, clock + length, text))
        clock += length + pause
    segments = RuleSegmenter().segment(cues, language, clock)
    assert [segment.start for segment in segments] == sorted(segment.start for segment in segments)
    found = [segment for segment in segments if segment.kind == SegmentKind.ANSWER]
    assert all(0 <= segment.start < segment.end <= clock for segment in segments)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(segment.start <= (segment.answer_start or 0) <= segment.end for segment in found)
    edges = {cue.start for cue in cues} | {cue.end for cue in cues}
    assert all(segment.start in edges and segment.end in edges for segment in found)
    chapters = [segment for segment in segments if segment.kind == SegmentKind.CHAPTER]
    assert all(first.end == second.start for first, second in pairwise(chapters))
    assert all(segment.title.strip() for segment in chapters)
    if chapters:
        assert chapters[0].start == 0
        assert chapters[-1].end == clock


@pytest.mark.slow
@pytest.mark.parametrize("change", [as_said, without_punctuation])
def test_six_thousand_cues_are_segmented(change) -> None:
    once, _, _ = read(STUDIO, change)
    cues = [
        Cue(cue.start + turn * 200, cue.end + turn * 200, cue.text)
        for turn in range(6000 // len(once) + 1)
        for cue in once
    ]
    assert len(answers(cues)) > 300


@pytest.mark.parametrize(
    "who", ["luật sư Trần Thị Hoà", "bà Út", "ông Đỗ Văn Ánh", "bác sĩ Khôi", "chị Lan"]
)
def test_who_is_invited_by_name_answers(who: str) -> None:
    assert _is_name(RunningText([Cue(0, 2, "Kính chào quý vị.")]), VIETNAMESE, who)


@pytest.mark.parametrize(
    "who",
    ["anh đến Việt Nam để hợp tác", "anh về lại Đồng Nai", "các chuyên gia của Sở", "luật sư", "bà con"],
)
def test_what_is_no_name_is_never_offered_as_who_answers(who: str) -> None:
    assert not _is_name(RunningText([Cue(0, 2, "Kính chào quý vị.")]), VIETNAMESE, who)

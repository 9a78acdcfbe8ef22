"""An hour, or less, of a questions-and-answers programme: a tiny recording, and its captions with fifteen questions.

The text is this project's own; what it says of the law is only there to sound like an answer.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from media.ffmpeg.programs import find_programs

QUESTIONS = [
    ("chị Hoa, công nhân may", "Em nghỉ thai sản sáu tháng thì có được thưởng Tết không?", "thai sản"),
    ("anh Tâm, thợ hàn", "Cho em hỏi làm thêm giờ ngày Chủ nhật được trả lương bao nhiêu?", "làm thêm giờ"),
    ("chị Lụa, công nhân đóng gói", "Công ty chậm trả lương hai tháng thì em phải làm gì?", "tiền lương"),
    (
        "anh Phúc, lái xe nâng",
        "Em bị tai nạn lao động trên đường đi làm thì có được bồi thường không?",
        "an toàn lao động",
    ),
    (
        "chị Mận, công nhân da giày",
        "Đóng bảo hiểm xã hội mười lăm năm đã được lương hưu chưa?",
        "bảo hiểm xã hội",
    ),
    ("anh Kiên, thợ điện", "Hợp đồng lao động ký miệng thì có giá trị không?", "hợp đồng lao động"),
    ("chị Sen, công nhân may", "Một năm em được nghỉ phép bao nhiêu ngày?", "nghỉ phép năm"),
    (
        "anh Dũng, công nhân cơ khí",
        "Nghỉ việc bao lâu thì được nhận trợ cấp thất nghiệp?",
        "trợ cấp thất nghiệp",
    ),
    (
        "chị Hạnh, công nhân chế biến",
        "Con em ốm thì em được nghỉ mấy ngày có lương bảo hiểm?",
        "bảo hiểm xã hội",
    ),
    ("anh Lộc, bảo vệ", "Làm ca đêm thì được phụ cấp thêm bao nhiêu phần trăm?", "làm thêm giờ"),
    (
        "chị Thoa, công nhân thủy sản",
        "Công ty trừ lương vì đi trễ năm phút thì có đúng không?",
        "tiền lương",
    ),
    (
        "anh Bình, thợ sơn",
        "Em làm việc độc hại thì được khám sức khỏe mấy lần một năm?",
        "an toàn lao động",
    ),
    ("chị Cúc, công nhân điện tử", "Chồng em có được nghỉ thai sản khi em sinh con không?", "thai sản"),
    ("anh Nghĩa, tổ trưởng", "Hết hạn hợp đồng lao động mà vẫn làm tiếp thì sao?", "hợp đồng lao động"),
    (
        "chị Diệu, công nhân bao bì",
        "Nghỉ phép năm không hết thì có được trả bằng tiền không?",
        "nghỉ phép năm",
    ),
]
SAID = [
    "Vâng, cảm ơn câu hỏi, đây là chuyện {topic} mà nhiều anh chị em quan tâm.",
    "Theo quy định thì quyền lợi về {topic} của mình được pháp luật bảo vệ.",
    "Trước hết mình xem lại giấy tờ đã ký và bảng lương hằng tháng.",
    "Mình nên giữ lại bản sao, chụp ảnh cẩn thận và ghi rõ ngày tháng.",
    "Sau đó mình gặp cán bộ công đoàn ở xưởng để được hướng dẫn cụ thể.",
    "Công đoàn sẽ làm việc với phòng nhân sự rồi báo lại cho mình.",
    "Nếu chưa xong thì mình làm đơn gửi lên công đoàn cấp trên.",
    "Thời hạn giải quyết thường là vài tuần, mình đừng nóng ruột.",
    "Nhiều người ngại hỏi nên mất quyền lợi, điều đó rất đáng tiếc.",
    "Mình cũng có thể gọi đường dây tư vấn miễn phí vào giờ hành chính.",
    "Các khoản tiền phải được ghi riêng ra, không gộp chung vào một dòng.",
    "Anh chị em cùng xưởng nên đi cùng nhau để tiếng nói mạnh hơn.",
]
TOPICS = sorted({topic for _, _, topic in QUESTIONS})
MISHEARD = {
    "Vâng, cảm ơn câu hỏi, đây là chuyện bảo hiểm xã hội mà nhiều anh chị em quan tâm.": "tâmm",
    "Vâng, cảm ơn câu hỏi, đây là chuyện tiền lương mà nhiều anh chị em quan tâm.": "tam",
    "Vâng, cảm ơn câu hỏi, đây là chuyện thai sản mà nhiều anh chị em quan tâm.": "tăm",
}
"""What the captions have instead of the last word of these cues, where each stands first."""
ORDER = ["nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"]


def captions(length: float) -> str:
    """The programme as SRT, `length` in seconds: about 800 cues in an hour."""
    cues: list[tuple[float, float, str]] = []
    clock = 1.0

    def say(text: str, pause: float = 0.4) -> None:
        nonlocal clock
        seconds = max(1.5, len(text) / 15)
        cues.append((clock, clock + seconds, text))
        clock += seconds + pause

    say("Xin chào anh chị, đây là Giờ hỏi đáp cùng công đoàn.")
    say("Khách mời hôm nay là bà Nguyễn Thị Ngân, chuyên viên pháp luật của công đoàn.")
    for number, (who, question, topic) in enumerate(QUESTIONS):
        stop = length * (number + 1) / len(QUESTIONS) - 12
        order = f"thứ {ORDER[number]}" if number < len(ORDER) else "tiếp theo"
        say(f"Câu hỏi {order} của {who}.", 0.8)
        say(question, 0.8)
        say("Xin mời bà Nguyễn Thị Ngân trả lời.", 1.0)
        turn = 0
        while clock < stop:
            say(SAID[turn % len(SAID)].format(topic=topic) if turn < 2 else SAID[2 + (turn + number) % 10])
            turn += 1
        clock = max(clock, stop + 4)
    say("Chương trình đến đây là kết thúc, xin chào và hẹn gặp lại.")
    spoilt = dict(MISHEARD)
    for n, (start, end, text) in enumerate(cues):
        if wrong := spoilt.pop(text, ""):
            cues[n] = (start, end, text.removesuffix("tâm.") + wrong + ".")
    return "\n".join(
        f"{n}\n{_clock(start)} --> {_clock(end)}\n{text}\n" for n, (start, end, text) in enumerate(cues, 1)
    )


def record(target: Path, length: float) -> None:
    """A recording of `length` seconds that costs seconds to make: a still tone, and pictures of 4 a second."""
    talk = "sine=f=200:r=8000,volume='if(lt(mod(t,5),4.2),0.4,0.001)':eval=frame"
    subprocess.run(
        [
            str(find_programs(None).ffmpeg), "-nostdin", "-y", "-loglevel", "error",
            "-f", "lavfi", "-i", f"color=c=0x0b6b63:s=160x90:r=4:d={length:g}",
            "-f", "lavfi", "-i", f"{talk},atrim=duration={length:g}",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "16", "-pix_fmt", "yuv420p", "-crf", "40",
            "-c:a", "aac", "-b:a", "24k", "-ac", "1", "-shortest", str(target),
        ],
        check=True,
    )  # fmt: skip


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"

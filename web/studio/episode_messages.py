"""What goes wrong at the desk, told in the page's language. Pure."""

from __future__ import annotations

import re

from media.errors import ArchiveError
from web.language import Language

_LENGTH = re.compile(r"has (\d+) to (\d+) characters; it has (\d+)")


def told(error: ArchiveError, language: Language) -> str:
    """The sentence for people: a known one in their language, else the error's own."""
    say, text = language.say, str(error)
    if match := _LENGTH.search(text):
        least, most, given = match.groups()
        what = _field(text, language)
        return say(
            "%(what)s dài từ %(least)s đến %(most)s ký tự; đang có %(given)s.",
            what=what, least=least, most=most, given=given,
        )  # fmt: skip
    known = {
        "was changed by somebody": say(
            "Có người vừa sửa chương trình này. Chưa lưu gì; anh chị xem hai bản dưới đây rồi lưu lại."
        ),
        "marks were changed": say("Có người vừa sửa ghi chú này. Chưa lưu gì; anh chị xem lại rồi lưu."),
        "at “": say("Địa chỉ này đã có chương trình khác; anh chị chọn địa chỉ khác."),
        "is being processed": say("Chương trình đang được xử lý; xong rồi mới đổi địa chỉ được."),
        "is not a slug": say("Địa chỉ chỉ gồm chữ không dấu, số và gạch nối, như diem-hen-thang-ba."),
        "Something is missing": say("Còn việc chưa xong trong danh sách, nên chưa đăng được."),
        "That time is past": say("Giờ hẹn đã qua; anh chị chọn giờ sau, hoặc đăng ngay."),
        "Give a day and a time": say("Anh chị chọn ngày và giờ đăng."),
        "The date": say("Ngày phát chưa đúng; anh chị chọn lại ngày."),
        "A date is of a year": say("Ngày chưa đúng; anh chị chọn lại ngày."),
        "A guest has no name": say("Có khách mời chưa ghi tên; anh chị ghi tên hoặc để trống cả dòng."),
        "The captions have changed": say("Phụ đề vừa đổi; anh chị đọc bản mới nhất trước."),
        "the note needs its date": say("Anh chị ghi ngày luật thay đổi; ghi chú cần có ngày."),
        "supersede each other": say("Các câu trả lời này thay nhau thành vòng; anh chị chọn câu mới nhất."),
        "newer than itself": say("Một câu trả lời không thay được chính nó; anh chị chọn câu khác."),
        "The newer answer": say("Không còn câu trả lời mới hơn đó; anh chị tìm lại."),
        "so it can't become": say("Trạng thái vừa đổi; anh chị tải lại trang để xem."),
    }
    return next((said for part, said in known.items() if part in text), text)


def _field(text: str, language: Language) -> str:
    say = language.say
    names = {
        "The title": say("Tiêu đề"),
        "The description": say("Giới thiệu"),
        "The notice": say("Lưu ý"),
        "A guest's name": say("Tên khách mời"),
        "A guest's role": say("Chức vụ"),
        "A guest's organisation": say("Đơn vị"),
        "The reason": say("Lý do gỡ"),
        "The note": say("Ghi chú về luật"),
    }
    return next(
        (name for start, name in names.items() if text.startswith(start)), text.partition(" has ")[0]
    )


def why_it_failed(reason: str, language: Language) -> str:
    """Why a step failed, in plain words: a known reason in the page's language, else the error's own sentence."""
    say = language.say
    known = {
        "free some space": say("máy chủ hết chỗ lưu, nhờ người quản trị dọn bớt."),
        "cannot take the file": say("không ghi được vào kho, nhờ người quản trị xem quyền của thư mục."),
        "was cut short": say("tệp bị cắt ngang lúc thu hoặc lúc chép, anh chị chép lại từ máy thu."),
        "empty or cut short": say("tệp trống hoặc bị cắt ngang, anh chị chép lại từ máy thu."),
        "no sound or picture": say("tệp không có tiếng hay hình đọc được, anh chị xuất lại thành MP4."),
        "file cannot be used": say(
            "tệp bị hỏng hoặc không phải bản thu, anh chị chép lại hoặc xuất thành MP4."
        ),
        "speech model": say("máy nhận dạng lời nói chưa sẵn sàng, nhờ người quản trị cài lại."),
        "because": say("máy chủ thiếu phần mềm đọc phim, nhờ người quản trị cài lại."),
        "database did not answer": say("cơ sở dữ liệu không trả lời, anh chị thử lại sau ít phút."),
        "Something unexpected": say(
            "lỗi lạ của máy chủ; nếu còn lặp lại, nhờ người quản trị xem nhật ký máy."
        ),
    }
    return next((said for part, said in known.items() if part in reason), reason or "?")

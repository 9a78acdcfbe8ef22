"""What sets two questions apart though they share most of their words: what is asked for, and of several
things that exclude each other, which one it is about. Data only, read by `web.domain.matching.similarity`.

Patterns are matched on folded text (lower case, no diacritics, đ as d), words joined by single spaces.
"""

from __future__ import annotations

import re

from search.text.folding import fold, nfc

_TIME = "ngay|thang|nam|tuan|gio|tieng|hom|lau|phut"

ASKED_FOR: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{pattern})\b")
    for name, pattern in {
        "how long": rf"bao lau|(?:may|bao nhieu|bao nhiu|bn) (?:{_TIME})|(?:thoi gio|thoi han|thoi gian|bao truoc)(?: \S+){{0,14}} bao nhieu",
        "how much": rf"(?:bao nhieu|bao nhiu|bn)(?! (?:{_TIME}|tuoi|nguoi))|may (?:lan|phan|trieu|dong|thang luong)",
        "where": "o dau|noi nao|cho nao|co quan nao|toa nao|toa an nao",
        "who": "ai|ben nao",
        "when": "khi nao|luc nao|bao gio|ngay nao|thoi diem nao|truong hop nao|truong hop ngoai le nao",
        "why": "tai sao|vi sao|sao lai",
        "meaning": "la gi|nghia la|the nao la|la sao|la viec gi|goi la|duoc coi la",
        "which": "nhung gi|cai gi|gi|(?<!the )(?<!khi )(?<!luc )(?<!noi )(?<!ben )nao|gom",
        "how": "the nao|ra sao|lam sao|cach|sao",
        "whether": r"(?:khong|chua|dung luat|sai luat)(?: (?:a|vay|ad|anh|chi|em|nhi|the|z|v|ha|ban|admin|oi|ak))*$"
        r"|co (?:phai|duoc|can|bi|dung|vuot|qua)|duoc khong|dung khong|hay khong",
    }.items()
}
"""What an answer has to say, by name."""

COMPATIBLE = frozenset(
    frozenset(pair)
    for pair in (
        ("when", "which"),
        ("when", "how"),
        ("when", "meaning"),
        ("how", "which"),
        ("how", "meaning"),
        ("which", "meaning"),
        ("how", "whether"),
        ("who", "which"),
        ("why", "which"),
    )
)
"""Of these two the same thing may be asked in other words."""

# A line is a set of things of which a question is about one; sides are parted by /, their words by commas.
_EXCLUSIVE = """
tối đa, nhiều nhất, cao nhất / tối thiểu, ít nhất, thấp nhất
quyền / nghĩa vụ
trợ cấp thất nghiệp, bảo hiểm thất nghiệp, tiền thất nghiệp / trợ cấp thôi việc / trợ cấp mất việc
bảo hiểm xã hội một lần, bảo hiểm xã hội 1 lần, rút bảo hiểm, bảo hiểm một lần / bảo hiểm xã hội tự nguyện, bảo hiểm tự nguyện
không xác định thời hạn, vô thời hạn, không thời hạn, dài hạn / hợp đồng 12 tháng, hợp đồng 24 tháng, hợp đồng 36 tháng, hợp đồng xác định, có thời hạn, thời vụ, 1 năm, 2 năm, 3 năm / thử việc / học việc, học nghề
nghỉ ốm, nghỉ bệnh, ốm đau / thai sản, nghỉ đẻ, nghỉ sinh / nghỉ lễ, ngày lễ, lễ tết / nghỉ phép, phép năm, nghỉ hằng năm / việc riêng / tai nạn lao động
kết hôn, cưới, lấy vợ, lấy chồng / mất, chết, qua đời, đám tang / sinh con, đẻ con, vợ sinh, vợ đẻ
con đẻ, con gái, con trai, con mình, con tôi, con em, con của / bố, mẹ, cha, ba má, tứ thân / anh ruột, chị ruột, em ruột / ông nội, bà nội, ông ngoại, bà ngoại
làm thêm, tăng ca, làm ngoài giờ / nghỉ ngơi, nghỉ giữa giờ, nghỉ giữa ca / bình thường
ban ngày, ca ngày / ban đêm, ca đêm, làm đêm, ca ba, ca 3
sức khỏe, thương tích, bị thương / danh dự, uy tín, nhân phẩm / tài sản / tính mạng, chết người
hình ảnh, hình, ảnh / tên, họ tên
cho tôi nghỉ, cho em nghỉ, cho thôi việc, cho nghỉ việc, đuổi việc, sa thải, bị nghỉ / xin nghỉ, xin thôi việc, tôi muốn nghỉ, em muốn nghỉ, muốn nghỉ việc
bị can / bị hại / bị cáo
hết hiệu lực / có hiệu lực, bắt đầu áp dụng, bắt đầu có hiệu lực
trả lương, lương / đóng bảo hiểm
lương bình đẳng, bằng nhau, ngang nhau / ngừng việc / trừ lương, khấu trừ / trả lương chậm, chậm lương, nợ lương / tạm ứng, ứng lương
nguyên tắc / giấy tờ, hồ sơ, thủ tục / mức phạt, bị phạt
chết, mất / đổi chủ, sáp nhập, chia tách, chuyển nhượng / phá sản, giải thể, bỏ trốn
"""


def _folded(text: str) -> str:
    return fold(nfc(text.strip()))


def _line(line: str) -> tuple[re.Pattern[str], ...]:
    sides = [side.split(",") for side in line.split("/")]
    return tuple(
        re.compile(r"\b(?:" + "|".join(re.escape(_folded(word)) for word in side) + r")\b")
        for side in sides
    )


EXCLUSIVE = tuple(_line(line) for line in _EXCLUSIVE.strip().splitlines())
"""For each set of things the patterns of its sides."""

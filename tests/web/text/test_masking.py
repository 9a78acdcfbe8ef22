from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.text.masking import MASK, cut, has_link, masked, tidy_text, without_links

M = MASK


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Gọi 0912345678 nhé", f"Gọi {M} nhé"),
        ("Gọi 0912 345 678, cảm ơn", f"Gọi {M}, cảm ơn"),
        ("09.12.34.56.78", M),
        ("09-1234-5678.", f"{M}."),
        ("0 9 1 2 3 4 5 6 7 8", M),
        ("0912.3456.78 hoặc 0987 654 321", f"{M} hoặc {M}"),
        ("+84 912 345 678", M),
        ("(+84) 912-345-678", f"({M}"),
        ("84912345678", M),
        ("số ０９１２３４５６７８", f"số {M}"),
        ("số ٠٩١٢٣٤٥٦٧٨", f"số {M}"),
        ("09\u200b1234\u200d5678", M),
        ("0912/345/678", M),
        ("024 3825 1234", M),
        ("912 345 678", M),
        ("cmnd 123456789", f"cmnd {M}"),
        ("CCCD 079 190 001 234", f"CCCD {M}"),
        ("sổ 7912345678", f"sổ {M}"),
        ("thẻ DN4797912345678", f"thẻ DN{M}"),
        ("STK: 1234567 ngân hàng A", f"STK: {M} ngân hàng A"),
        ("tài khoản số 0071000123456", f"tài khoản số {M}"),
        ("bhxh số 79123456", f"bhxh số {M}"),
        ("09.12.2024.56", M),
        ("không chín một hai ba bốn năm sáu bảy tám", M),
        ("lan.nguyen+a@example.com", M),
        ("lan @ example . com nhé", f"{M} nhé"),
        ("lan(at)example.com", M),
        ("lan＠example.com", M),
        ("100.200.300", M),
        ("0123456000", M),
    ],
)
def test_what_is_private_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Điều 139 Bộ luật Lao động",
        "Điều 139, 140, 141 và 142",
        "điều 139 140 141",
        "khoản 9 Điều 3",
        "Nghị định 145/2020/NĐ-CP",
        "Lương 4.680.000 đồng",
        "Lương 14.680.000 đ một tháng",
        "Doanh thu 120.000.000 đồng",
        "Doanh thu 1.234.567.890 đồng",
        "từ 3.500.000 - 4.000.000 đồng",
        "5.310.000 4.730.000 4.140.000",
        "4,680,000,000 đồng",
        "5000000-7000000",
        "120000000 đồng",
        "từ 01/01/2024 đến 31/12/2024",
        "01/01/2024 - 31/12/2024",
        "01/01/2024-31/12/2024",
        "15.03.2025",
        "ngày 15-3-2025, 16-3-2025",
        "năm 2021 2022 2023",
        "2021-2022-2023",
        "từ 7:30 đến 16:30",
        "8h00-17h00 26 ngày",
        "nghỉ 6 tháng 12 ngày",
        "ca 1, 2, 3",
        "một hai ba ngày",
        "ba năm bảy tháng",
        "tăng ca 150%, 200%, 300%",
        "1900 1234",
        "",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert masked(text) == text


separators = st.sampled_from(["", " ", ".", "-", " - ", "/", "\u200b", "  ", "·"])


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """A phone, identity, insurance or account number, however it is written; and its digits."""
    lengths = {"0": [10, 11], "": [9, 12], "79": [10], "+84": [11]}
    start = draw(st.sampled_from(sorted(lengths)))
    size = draw(st.sampled_from(lengths[start])) - len(start.lstrip("+"))
    digits = draw(st.text("0123456789", min_size=size, max_size=size))
    if start == "":
        digits = draw(st.sampled_from("0123456789")) + digits[1:-1] + "7"  # round sums are money
    whole, gap = start + digits, draw(separators)
    cuts = draw(st.lists(st.integers(1, len(whole) - 1), max_size=4, unique=True))
    parts = [whole[a:b] for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), None], strict=True)]
    wide = draw(st.booleans())
    text = gap.join(parts)
    return text.translate({48 + n: 0xFF10 + n for n in range(10)}) if wide else text, re.sub(
        r"\D", "", whole
    )


@given(
    spelled(),
    st.sampled_from(["", "Em tên Lan, ", "gọi ", "số:"]),
    st.sampled_from(["", " nhé", ". Cảm ơn"]),
)
def test_no_number_of_a_person_is_shown(number: tuple[str, str], before: str, after: str) -> None:
    written, digits = number
    shown = re.sub(
        r"\D", "", masked(before + written + after).translate({0xFF10 + n: 48 + n for n in range(10)})
    )
    # a date or years within such a number may stay, never more than a few of its digits
    if re.fullmatch(r"(?:(?:19|20)\d\d)+", digits) is None:
        assert len(shown) <= 8 and digits not in shown


@given(st.integers(1, 10**12), st.sampled_from(["đồng", " đồng", " đ", "đ", " VND", " triệu"]))
def test_money_is_always_shown(amount: int, unit: str) -> None:
    text = f"Lương tôi {amount:,}".replace(",", ".") + unit
    assert masked(text) == text


@given(st.dates(), st.dates(), st.sampled_from([" - ", " đến ", "-", " – ", ", "]))
def test_dates_are_always_shown(first: object, second: object, between: str) -> None:
    text = f"nghỉ {first:%d/%m/2024}{between}{second:%d/%m/2025} được không"
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Xem https://example.com/a?b=c nhé", "Xem nhé"),
        ("vào www.example.com", "vào"),
        ("bit.ly/abc mua hàng", "mua hàng"),
        ("shopx.vn", ""),
        ("zalo.me/0912345678 gọi em", "gọi em"),
        ("EXAMPLE.COM/x", ""),
        ("bố.mẹ em.Con tôi nghỉ.có được", "bố.mẹ em.Con tôi nghỉ.có được"),
        ("javascript://x alert", "alert"),
        ("Nghị định 145/2020/NĐ-CP, lương 4.680.000", "Nghị định 145/2020/NĐ-CP, lương 4.680.000"),
    ],
)
def test_links_are_stripped(text: str, left: str) -> None:
    assert without_links(text) == left
    assert has_link(text) == (left != text)


@given(st.text())
def test_any_text_comes_out_tidy(text: str) -> None:
    for shown in (masked(text), without_links(text), tidy_text(text)):
        assert shown == tidy_text(shown)
        shown.encode()
    assert masked(masked(text)) == masked(text)


def test_spans_may_overlap() -> None:
    assert cut("0123456789", [(2, 5), (3, 4), (4, 7), (7, 8)], "x") == "01xx89"

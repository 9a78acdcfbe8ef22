"""The next programme's topics as a document for paper (PDF), made by fpdf2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from media.errors import Unavailable
from web.domain.demand.sheets import DemandBoard, column_names, how_counted, quarter_name
from web.domain.demand.topics import TopicDemand
from web.text.language import Language
from web.text.masking import tidy_text

FONTS = Path(__file__).parents[2] / "static" / "vendor"
"""Where `npm install` puts DejaVu, which has all letters of Vietnamese; PDF's own fonts have not."""
TOPICS_MOST = 30
QUESTIONS_MOST = 10
SEARCHES_MOST = 5
_TEXT_MOST = 300
_TEAL, _SOFT, _LINE = (11, 107, 99), (95, 95, 90), (200, 196, 186)


def wanted_pdf(board: DemandBoard, language: Language, title: str) -> bytes:
    """The document on A4, tables first, then each topic's questions.

    Raises `Unavailable`: fpdf2 or the font is not installed.
    """
    pdf = _new(language, title)
    pdf.set_font("sans", "B", 18)
    pdf.multi_cell(0, 9, title, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("sans", "", 9)
    pdf.set_text_color(*_SOFT)
    said = _span(board, language)
    pdf.multi_cell(0, 5, said, align="L", new_x="LMARGIN", new_y="NEXT")
    for sentence in how_counted(language):
        pdf.multi_cell(0, 4.5, f"• {sentence}", align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)
    pdf.ln(3)
    if not board.rows:
        pdf.multi_cell(0, 6, language.say("Chưa có gì."), align="L", new_x="LMARGIN", new_y="NEXT")
    else:
        _table(pdf, board, language)
        for row in board.rows[:TOPICS_MOST]:
            _topic(pdf, row, board, language)
    return bytes(pdf.output())


def _new(language: Language, title: str) -> Any:
    try:
        from fpdf import FPDF
    except ImportError as error:
        raise Unavailable("PDF needs fpdf2; pip install 'tualai[pdf]', or take the CSV.") from error

    page_of = language.say("Trang")

    class Document(FPDF):
        """With the page's number below."""

        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("sans", "", 8)
            self.set_text_color(*_SOFT)
            self.cell(0, 6, f"{page_of} {self.page_no()}", align="C")

    pdf = Document(format="A4")
    pdf.set_margins(16, 16, 16)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.set_title(title)
    pdf.set_lang(language.code)
    try:
        pdf.add_font("sans", "", FONTS / "DejaVuSans.ttf")
        pdf.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
    except OSError as error:
        raise Unavailable("PDF needs the font DejaVu; run “npm install”, or take the CSV.") from error
    pdf.add_page()
    return pdf


def _span(board: DemandBoard, language: Language) -> str:
    since, until = language.date(board.period.since), language.date(board.period.until)
    said = language.say("Từ %(since)s đến %(until)s", since=since, until=until)
    return f"{said} · {board.made_by(board.organisation, language)}" if board.organisation else said


def _table(pdf: Any, board: DemandBoard, language: Language) -> None:
    from fpdf.fonts import FontFace

    names = column_names(language)
    last = [quarter_name(quarter, language) for quarter in board.quarters]
    header = [language.say("Chủ đề"), *names.values(), *last]
    widths = (34, *([16] * len(names)), *([14] * len(last)))
    pdf.set_font("sans", "", 7.5)
    pdf.set_draw_color(*_LINE)
    style = FontFace(emphasis="BOLD", color=_TEAL)
    align = ("LEFT", *(["RIGHT"] * (len(header) - 1)))
    with pdf.table(
        col_widths=widths,
        text_align=align,
        headings_style=style,
        borders_layout="HORIZONTAL_LINES",
        line_height=4.5,
        padding=1,
    ) as drawn:
        drawn.row(header)
        for row in board.rows[:TOPICS_MOST]:
            numbers = [language.number(row.number(name)) for name in names]
            asked = [language.number(count) for count in row.asked]
            drawn.row([_plain(board.topic(row.topic, language)), *numbers, *asked])


def _topic(pdf: Any, row: TopicDemand, board: DemandBoard, language: Language) -> None:
    if not row.questions and not row.searches:
        return
    pdf.ln(4)
    if pdf.will_page_break(24):
        pdf.add_page()
    pdf.set_font("sans", "B", 12)
    pdf.set_text_color(*_TEAL)
    pdf.multi_cell(0, 7, _plain(board.topic(row.topic, language)), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)
    questions = [
        f"{_plain(each.text)} ({language.many('%(num)s phiếu', each.votes)})" for each in row.questions
    ]
    _list(pdf, questions, QUESTIONS_MOST, language)
    if row.searches:
        searches = [f"“{_plain(each.text)}” ({language.number(each.empty)})" for each in row.searches]
        pdf.set_text_color(*_SOFT)
        _list(pdf, [f"{language.say('Tìm không ra')}: {', '.join(searches[:SEARCHES_MOST])}"], 1, language)
        pdf.set_text_color(0)


def _list(pdf: Any, lines: Sequence[str], most: int, language: Language) -> None:
    pdf.set_font("sans", "", 9.5)
    for line in lines[:most]:
        pdf.multi_cell(0, 5, f"• {line}", align="L", new_x="LMARGIN", new_y="NEXT")
    if len(lines) > most:
        more = language.many("và %(num)s câu nữa", len(lines) - most)
        pdf.multi_cell(0, 5, f"  {more}", align="L", new_x="LMARGIN", new_y="NEXT")


def _plain(text: str) -> str:
    """What the font has: letters beyond the basic plane, such as emoji, are left out."""
    kept = "".join(c for c in tidy_text(text) if ord(c) < 0x10000)
    return kept if len(kept) <= _TEXT_MOST else f"{kept[: _TEXT_MOST - 1]}…"

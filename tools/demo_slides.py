"""Draws the slides of the demonstration archive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1280, 720)
PAPER, INK, SOFT, HAIRLINE, TEAL, PALE = "#faf6ee", "#1d2725", "#5c6764", "#d9d2c4", "#0b6b63", "#dcebe7"
LEFT, RIGHT = 88, 1192
FONTS = Path("/usr/share/fonts/truetype/noto")  # Debian's fonts-noto-core, SIL Open Font License


@dataclass(frozen=True, slots=True)
class Slide:
    """What one slide shows. `marks` are answers' spans and `at` is now, as fractions of the episode."""

    programme: str
    title: str
    headline: str
    lead: str
    points: tuple[str, ...]
    speaker: str
    label: str
    clock: str
    marks: tuple[tuple[float, float], ...]
    at: float
    headline_size: int = 52


def draw(slide: Slide) -> Image.Image:
    """Draw it, 1280 by 720."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    _header(pen, slide)
    _body(pen, slide)
    _timeline(pen, slide)
    return image


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / ("NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"), size)


def _header(pen: ImageDraw.ImageDraw, slide: Slide) -> None:
    pen.text((LEFT, 56), slide.programme, TEAL, _font(28, bold=True), anchor="lm")
    label = _font(24)
    width = pen.textlength(slide.label, label)
    pen.rounded_rectangle((RIGHT - width - 32, 34, RIGHT, 78), 6, outline=HAIRLINE, width=2)
    pen.text((RIGHT - 16, 56), slide.label, SOFT, label, anchor="rm")
    pen.line((LEFT, 100, RIGHT, 100), HAIRLINE, 2)


def _body(pen: ImageDraw.ImageDraw, slide: Slide) -> None:
    y = 138
    if slide.lead:
        pen.text((LEFT, y), slide.lead, TEAL, _font(32), anchor="lt")
        y += 56
    big = _font(slide.headline_size, bold=True)
    for line in _wrapped(pen, slide.headline, big, RIGHT - LEFT):
        pen.text((LEFT, y), line, INK, big)
        y += round(slide.headline_size * 1.4)
    y += 28
    small = _font(34)
    for point in slide.points:
        pen.rectangle((LEFT, y + 6, LEFT + 6, y + 44), TEAL)
        for line in _wrapped(pen, point, small, RIGHT - LEFT - 30):
            pen.text((LEFT + 30, y), line, INK, small)
            y += 50
        y += 14


def _timeline(pen: ImageDraw.ImageDraw, slide: Slide) -> None:
    """A hairline, the answers as bars on it, a filled part up to now."""
    pen.text((LEFT, 604), slide.speaker, INK, _font(28, bold=True), anchor="lm")
    pen.text((RIGHT, 604), slide.clock, SOFT, _font(26), anchor="rm")
    span, y = RIGHT - LEFT, 652
    pen.line((LEFT, y, RIGHT, y), HAIRLINE, 4)
    now = LEFT + span * slide.at
    for start, end in slide.marks:
        a, b = LEFT + span * start, LEFT + span * end - 4
        pen.rectangle((a, y - 8, b, y + 8), PALE)
        if now > a:
            pen.rectangle((a, y - 8, min(b, now), y + 8), TEAL)
    pen.rectangle((now - 2, y - 16, now + 2, y + 16), INK)
    pen.text((LEFT, 690), slide.title, SOFT, _font(24), anchor="lm")


def _wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

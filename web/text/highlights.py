"""Marking found words in text. Pure; text is escaped, only the marks are markup."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from search.index import Span

EXCERPT_LENGTH = 150
_LEAD = 40


def highlight(text: str, spans: Sequence[Span]) -> Markup:
    """Return `text` escaped, with `<mark>` around the spans (those outside the text are cut)."""
    parts: list[Markup] = []
    position = 0
    for first, last in sorted(spans):
        start, end = max(position, first), min(len(text), last)
        if start < end:
            parts += [escape(text[position:start]), Markup("<mark>{}</mark>").format(text[start:end])]
            position = end
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def excerpt(text: str, spans: Sequence[Span], length: int = EXCERPT_LENGTH) -> tuple[str, tuple[Span, ...]]:
    """Return about `length` characters of `text` around the first span, and the spans in it.

    Cut ends fall between words and are shown as “…”.
    """
    text = text.replace("\n", " ")
    if len(text) <= length:
        return text, tuple(spans)
    first = min((start for start, _ in spans), default=0)
    start = 0 if first <= _LEAD else text.find(" ", first - _LEAD) + 1
    start = min(start, first)
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > first else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = tuple((a + shift, min(b, end) + shift) for a, b in spans if a >= start and a < end)
    return before + text[start:end] + after, inside

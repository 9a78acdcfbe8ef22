from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from web.text.highlights import excerpt, highlight

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def test_marks_are_markup_and_text_is_escaped() -> None:
    assert highlight("a <b> & c", [(2, 5)]) == "a <mark>&lt;b&gt;</mark> &amp; c"


@given(st.text(max_size=50), SPANS)
def test_nothing_is_lost_and_nothing_gets_out(text: str, spans: list[tuple[int, int]]) -> None:
    marked = str(highlight(text, spans))
    without = marked.replace("<mark>", "").replace("</mark>", "")
    assert not re.search(r"[<>\"']", without)
    assert unescape(without) == unescape(str(highlight(text, [])))
    assert marked.count("<mark>") == marked.count("</mark>")


def test_a_long_text_is_cut_between_words_around_the_first_find() -> None:
    text = "đầu " * 100 + "thai sản " + "cuối " * 100
    position = text.index("thai")
    cut, spans = excerpt(text, [(position, position + 8)], 80)
    assert len(cut) <= 86
    assert [cut[start:end] for start, end in spans] == ["thai sản"]
    assert cut.startswith("… đầu")
    assert cut.endswith("cuối …")


def test_a_short_text_stays_whole() -> None:
    assert excerpt("ngắn\nthôi", [(0, 4)]) == ("ngắn thôi", ((0, 4),))


@given(st.text(alphabet="ab c\n", max_size=400), SPANS)
def test_spans_still_mean_the_same_words(text: str, spans: list[tuple[int, int]]) -> None:
    spans = [(min(pair), max(pair)) for pair in spans if min(pair) < max(pair) <= len(text)]
    cut, moved = excerpt(text, sorted(spans), 40)
    flat = text.replace("\n", " ")
    for start, end in moved:
        assert cut[start:end] in flat

"""Words stand once two runs agree, in order, once, and none is lost when the speech ends."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from transcribe.cues import Cue, Word
from transcribe.speech.stable_words import LONGEST_DOUBT, StableWords


def said(text: str, start: float = 0.0, step: float = 0.4) -> list[Word]:
    return [Word(word, start + n * step, start + n * step + 0.3) for n, word in enumerate(text.split())]


def words_of(cues: list[Cue]) -> list[str]:
    return [word.text for cue in cues for word in cue.words]


def test_what_two_runs_say_stands_and_the_rest_waits() -> None:
    standing = StableWords(0.0)
    assert standing.heard(said("Nghỉ thai sản được sáo"), 2.0) == []
    assert standing.until == 0.0
    standing.heard(said("nghỉ thai sản, được sáu tháng"), 2.4)
    assert standing.until == said("nghỉ thai sản được")[-1].end
    later = [word for word in said("nghỉ thai sản được sáu tháng trước") if word.start > standing.until]
    standing.heard(later, 2.8)
    assert words_of(standing.closed()) == ["nghỉ", "thai", "sản,", "được", "sáu", "tháng", "trước"]
    assert standing.closed() == []


def test_a_window_does_not_grow_for_ever() -> None:
    standing = StableWords(0.0)
    standing.heard(said("một hai ba", 1.0), 10.0)
    standing.heard(said("bốn năm sáu", 1.0), LONGEST_DOUBT + 5)
    assert standing.until > 1.0
    silent = StableWords(5.0)
    silent.heard([], 5.0 + LONGEST_DOUBT + 1)
    assert silent.until > 5.0 + LONGEST_DOUBT - 3
    assert silent.closed() == []


@given(
    st.lists(
        st.sampled_from(["lương", "tăng", "ca", "nghỉ", "thai", "sản", "bảo", "hiểm", "xã", "hội"]),
        min_size=1,
        max_size=80,
    ),
    st.integers(2, 12),
    st.integers(0, 3),
)
def test_every_word_comes_once_in_order_however_it_is_cut(text: list[str], step: int, wrong: int) -> None:
    """A recogniser that mishears only the last words of each window."""
    everything = said(" ".join(text))
    standing, got = StableWords(0.0), list[Cue]()
    for count in range(step, len(everything) + step, step):
        now = everything[:count]
        end = now[-1].end
        heard = [word for word in now if word.start >= standing.until - 0.05]
        sure = max(0, len(heard) - wrong) if count < len(everything) else len(heard)
        misheard = [Word(f"?{count}", w.start, w.end) for w in heard[sure:]]
        got += standing.heard([*heard[:sure], *misheard], end)
    rest = [word for word in everything if word.start >= standing.until - 0.05]
    got += standing.heard(rest, everything[-1].end) + standing.closed()
    assert words_of(got) == text
    assert all(a.end <= b.start + 1e-6 for a, b in itertools.pairwise(got))

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.segmenting.cohesion import depth_scores, syllable_terms


def test_the_deepest_gap_is_where_the_vocabulary_changes() -> None:
    first = [["lương", "phép", "ca"], ["ca", "lương", "thưởng"], ["thưởng", "phép", "lương"]] * 4
    second = [["sổ", "hưu", "quỹ"], ["quỹ", "hưu", "trợ"], ["trợ", "sổ", "quỹ"]] * 4
    depths = depth_scores([*first, *second], window=4)
    assert max(range(len(depths)), key=depths.__getitem__) == len(first)


def test_pairs_of_syllables_for_vietnamese_stems_else() -> None:
    assert syllable_terms("bao hiem xa hoi", bigrams=True) == ["bao hiem", "hiem xa", "xa hoi"]
    assert syllable_terms("insurance in the insurances", bigrams=False) == ["insura", "the", "insura"]


@pytest.mark.parametrize("units", [[], [["a"]], [[], [], []]])
def test_too_little_text_has_no_depth(units: list[list[str]]) -> None:
    assert depth_scores(units) == [0.0] * len(units)


@given(
    st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=40),
    st.integers(1, 12),
    st.integers(0, 3),
)
def test_one_score_a_unit_never_below_zero_by_more_than_rounding(
    units: list[list[str]], window: int, smoothing: int
) -> None:
    depths = depth_scores(units, window, smoothing)
    assert len(depths) == len(units)
    assert all(depth > -1e-9 for depth in depths)

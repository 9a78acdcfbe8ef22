"""How much two questions say the same. Pure.

Meaning alone cannot tell: a model puts “nghỉ việc báo trước bao lâu” nearer to “công ty cho nghỉ việc báo
trước bao lâu” than to the same question in other words. So both are put into plain words first, and what is
asked for, numbers, negation and things that exclude each other count too (docs/decisions/merging.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from search.synonyms.lexicon import Lexicon, TypedWord
from search.text.folding import fold
from search.text.numbers import otherwise
from web.domain.matching.contrasts import ASKED_FOR, COMPATIBLE, EXCLUSIVE
from web.domain.matching.paraphrases import plain, spelled, toned, weight

_UNITS = {"tieng": "gio", "hom": "ngay", "tr": "trieu"}
_CITED = frozenset({"dieu", "khoan", "diem", "muc", "chuong"})
_NEGATION = re.compile(r"\b(?:khong|chua|chang)\b")
_FIXED = re.compile(r"\b(?:khong xac dinh|khong thoi han|khong huong luong|khong luong)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """What was read of a question: its `words` in plain wording (`marked`: typed with diacritics), what is
    `asked` for, `numbers` with their unit ("" for none), and the sides it takes of what excludes itself."""

    words: tuple[TypedWord, ...]
    marked: bool
    asked: frozenset[str]
    numbers: frozenset[tuple[str, str]]
    negations: int
    sides: tuple[frozenset[int], ...]

    @property
    def text(self) -> str:
        """Its plain wording."""
        return " ".join(word.exact for word in self.words)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for and against two questions saying the same: `meaning` a cosine (None where there is no
    embedder), all else from 0 to 1."""

    meaning: float | None
    shared: float
    shared_least: float
    asked: float
    numbers: float
    negated: float
    excluded: float

    @property
    def score(self) -> float:
        """How probably they say the same, 0 to 1: a logistic regression, its weights in _BY_MEANING and _BY_WORDS."""
        if self.meaning is None:
            by = _BY_WORDS
            total = by.bias + by.shared * self.shared + by.shared_least * self.shared_least
        else:
            by = _BY_MEANING
            total = by.bias + by.meaning * (self.meaning - _MIDDLE)
        total += by.asked * self.asked + by.numbers * self.numbers
        total += by.negated * self.negated + by.excluded * self.excluded
        return 1 / (1 + exp(-total))


class _Weights(NamedTuple):
    meaning: float
    shared: float
    shared_least: float
    asked: float
    numbers: float
    negated: float
    excluded: float
    bias: float


_MIDDLE = 0.94
# Fitted to the tuning half of bench/merging_pairs.tsv by `python -m bench.merging --fit`.
_BY_MEANING = _Weights(49.5, 0.0, 0.0, -2.35, -2.2, -0.95, -3.7, 0.3)
_BY_WORDS = _Weights(0.0, 2.3, 2.0, -2.35, -2.4, -0.9, -3.6, -2.1)


def read(typed: str, restored: str, lexicon: Lexicon) -> Said:
    """Read a question; `restored` has the diacritics as far as they are known."""
    marked = toned(typed)
    full = spelled(typed if marked else restored, lexicon)
    words = plain(full, marked=marked)
    folded = " ".join(word.folded for word in full)
    said = f"{folded} | {' '.join(word.folded for word in words)}"
    asked = frozenset(name for name, pattern in ASKED_FOR.items() if pattern.search(folded))
    negations = len(_NEGATION.findall(_FIXED.sub("", folded))) - ("whether" in asked)
    return Said(
        words,
        marked,
        asked,
        frozenset(_numbers([word.exact for word in full])),
        max(0, negations),
        tuple(frozenset(n for n, side in enumerate(line) if side.search(said)) for line in EXCLUSIVE),
    )


def likeness(a: Said, b: Said, meaning: float | None) -> Likeness:
    """Compare two questions."""
    there, back = _covered(a, b), _covered(b, a)
    return Likeness(
        meaning,
        (there + back) / 2,
        min(there, back),
        _asked(a.asked, b.asked),
        _numbers_differ(a.numbers, b.numbers),
        float(bool(a.negations) != bool(b.negations)),
        float(any(x and y and not x & y for x, y in zip(a.sides, b.sides, strict=True))),
    )


def _covered(a: Said, b: Said) -> float:
    """The share of the words of `a` that `b` has too, by what they say."""
    there = {word.folded for word in b.words}
    total = sum(map(weight, a.words))
    return sum(weight(word) for word in a.words if word.folded in there) / (total or 1.0)


def _asked(a: frozenset[str], b: frozenset[str]) -> float:
    """1 when something else is asked for, a half when perhaps."""
    if not a or not b or a & b:
        return 0.0
    return 0.5 if any(frozenset((x, y)) in COMPATIBLE for x in a for y in b) else 1.0


def _numbers(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Numbers of what, read from digits or words; not those that name an article of law."""
    for at, word in enumerate(words):
        before = fold(words[at - 1]) if at else ""
        after = fold(words[at + 1]) if at + 1 < len(words) else ""
        if word.isascii() and word.isdigit():
            if before not in _CITED:
                yield word.lstrip("0") or "0", _UNITS.get(after, after)
        else:
            _, ways = otherwise(words[at:])
            for way in ways:
                digits, _, unit = fold(way).partition(" ")
                if digits.isdigit() and " " not in unit:
                    yield digits, _UNITS.get(unit, unit)
                    break


def _numbers_differ(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> float:
    """1 when both have numbers and these are others, a half when only one has; 1 (một) is often no number."""
    one, two = ({value for value, _ in each if value != "1"} for each in (a, b))
    if not one or not two:
        return 0.5 if one or two else 0.0
    return 0.0 if one <= two or two <= one else 1.0

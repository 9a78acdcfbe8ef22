"""Putting the diacritics back into a query typed without them, or with half of them.

Pure. Each syllable may be any of the words the archive has that are written so without diacritics; of
all ways through them the likeliest is taken, by how often words follow each other (Viterbi; forward sums
give the probability that it is right).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple, Protocol

from search.diacritics.counts import BEGIN, NUMBER, UNKNOWN, WordCounts, key
from search.diacritics.ngrams import Ngrams
from search.diacritics.typos import SLIP, chance, near
from search.synonyms.lexicon import LEXICON, Lexicon, TypedWord
from search.text import telex
from search.text.folding import Token, fold, nfc, tokens
from search.text.syllables import is_syllable

WORDS_MOST = 64
"""Words of a text that are looked at; the others stay as they are."""
CHOICES_MOST = 24
_KEPT = 40
"""Ways kept after each word."""
_FAINT = 1e-5
"""Ways so much less likely than the best are dropped."""
_FOREIGN = 0.6
"""A text of which a larger share of words is not Vietnamese, is not."""
_NEW, _NEW_IN_COMPANY = 0.5, 0.1
"""How often a way to write a syllable is new, by those known; beside a neighbour it was seen with before."""
_UNKNOWN_RIGHT = 0.3
"""How often an unknown syllable is right as typed."""
_MARKED = 0.85
"""The share of written Vietnamese syllables with a diacritic: 0.84 in laws, 0.88 in an encyclopaedia."""

_ENGLISH_TEXT = """
a about after am an and any are as at be been before but by can do does for from get had has have he
her him his how i if in into is it its long many may me more most much must my need new no not of
off on one or our out pay she should so some than that the their them then there they this time to
two up us was we were what when where which who why will with you your
"""
_ENGLISH = frozenset(_ENGLISH_TEXT.split())

# Exact forms have the tone mark in its new place (hoà); 49 of 50 such words in texts have it in the old one.
_NEW_PLACE = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_OLD_PLACE = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_USUAL = dict(zip(_NEW_PLACE.split(), _OLD_PLACE.split(), strict=True))


@dataclass(frozen=True, slots=True)
class Restored:
    """A text with its diacritics; `confidence`, 0 to 1: how probably all of it is what was meant.
    `words_right`, 0 to 1: the share of words without diacritics that probably are.
    """

    text: str
    confidence: float
    words_right: float = 1.0


class Restorer(Protocol):
    """Puts diacritics back."""

    def restored(self, text: str) -> Restored:
        """`text` (NFC) with the diacritics it lacks. Never fails, never waits; words that are not known,
        names, numbers and other languages stay as they are.
        """
        ...


Choices = Sequence[tuple[int, float]]
"""Words that may be meant, by id, and how probably each would be typed as it was."""


class _Way(NamedTuple):
    """The ways that end with the same two words: the probability of all, of the best, and the best itself.

    Probabilities are relative to those of the other ways of the same length.
    """

    every: float
    best: float
    path: tuple[int, ...]


class NgramRestorer:
    """A `Restorer` by `search.diacritics.ngrams`."""

    def __init__(
        self, counts: WordCounts, lexicon: Callable[[], Lexicon] = lambda: LEXICON, order: int = 3
    ) -> None:
        """`lexicon` gives the one in force, for abbreviations; `order`: how many words count together, 1 to 3."""
        self._counts = counts
        self._lexicon = lexicon
        self._ngrams = Ngrams(counts, order)

    def restored(self, text: str) -> Restored:
        """See `Restorer.restored`."""
        text = nfc(text)
        found = list(islice(tokens(text), WORDS_MOST))
        spelt = [self._spelt_out(token) for token in found]
        if is_foreign([t for t, words in zip(found, spelt, strict=True) if not words and not _slipped(t)]):
            return Restored(text, 1.0)
        dropped = _dropped(found)
        own = [[self._choices(token, dropped)] for token in found]
        path, probability = self._likeliest([c for s, o in zip(spelt, own, strict=True) for c in s or o])
        rest = iter(path)
        words = [[next(rest) for _ in s or o][-1] for s, o in zip(spelt, own, strict=True)]
        meant = [UNKNOWN if s else word for s, word in zip(spelt, words, strict=True)]
        sure = probability * self._complete(found, meant, dropped)
        open_words = max(1, sum(map(_is_open, found)))
        return Restored(self._written(text, found, meant), sure, sure ** (1 / open_words))

    def _written(self, text: str, found: Sequence[Token], meant: Sequence[int]) -> str:
        """`text` with its words as they are meant, capitals kept."""
        parts, done = [], 0
        for token, word in zip(found, meant, strict=True):
            if word not in (UNKNOWN, NUMBER) and self._counts.words[word] != token.exact:
                typed = text[token.start : token.end]
                parts += [text[done : token.start], _cased(typed, self._counts.words[word])]
                done = token.end
        return "".join((*parts, text[done:]))

    def _spelt_out(self, token: Token) -> list[Choices]:
        """The words an abbreviation stands for; none when it is a word, or stands for several things."""
        if is_syllable(token.folded) or token.exact.isdigit():
            return []
        _, others = self._lexicon().longest([TypedWord(token.exact, token.folded)])
        if len(others) != 1:
            return []
        return [[(self._counts.ids.get(word.exact, UNKNOWN), 1.0)] for word in others[0]]

    def _choices(self, token: Token, dropped: float) -> Choices:
        """What may be meant by a word that is no abbreviation."""
        if token.exact.isdigit():
            return [(NUMBER, 1.0)]
        typed = self._counts.ids.get(token.exact, UNKNOWN)
        if typed and token.exact != token.folded:
            return [(typed, 1.0)]
        if token.end - token.start != len(token.exact):
            return [(typed, 1.0)]
        if not is_syllable(token.folded):
            return [(typed, 1.0)] if typed else self._mended(token, dropped)
        choices = [(f, 1.0 if f == typed else dropped) for f in self._fitting(token.exact, token.folded)]
        if choices and token.exact == token.folded:
            return choices
        return [*choices, *self._mended(token, dropped)]

    def _fitting(self, typed: str, folded: str) -> list[int]:
        """The most frequent words that have all of the diacritics typed."""
        words, forms = self._counts.words, self._counts.forms.get(folded, ())
        fitting = [form for form in forms if _fits(typed, words[form])]
        if len(fitting) > CHOICES_MOST:
            fitting = sorted(fitting, key=lambda form: -self._counts.single[form])[:CHOICES_MOST]
        return fitting

    def _mended(self, token: Token, dropped: float) -> Choices:
        """What may be meant by a word nobody knows: itself, or one that keystrokes or a typo made so."""
        words, single = self._counts.words, self._counts.single
        found: dict[int, float] = {}
        for form in {f for other in near(token.folded) for f in self._counts.forms.get(other, ())}:
            bare = token.exact == token.folded and words[form] != fold(words[form])
            found[form] = chance(token.exact, token.folded, words[form]) * (dropped if bare else 1.0)
        read = telex.meant(token.exact)
        if read is not None:
            found |= dict.fromkeys(self._fitting(read, fold(read)), SLIP)
        best = sorted(found, key=lambda form: -found[form] * single[form])[:CHOICES_MOST]
        return [(UNKNOWN, 1.0), *((form, found[form]) for form in best)]

    def _likeliest(self, choices: Sequence[Choices]) -> tuple[tuple[int, ...], float]:
        """The best path and its share of all paths."""
        ways = {(UNKNOWN, BEGIN): _Way(1.0, 1.0, ())}
        for candidates in choices:
            ways = self._one_further(
                ways, [word for word, _ in candidates], [typed for _, typed in candidates]
            )
        best = max(ways.values(), key=lambda way: way.best)
        return best.path, min(1.0, best.best / sum(way.every for way in ways.values()))

    def _one_further(
        self, ways: Mapping[tuple[int, int], _Way], words: Sequence[int], typed: Sequence[float]
    ) -> dict[tuple[int, int], _Way]:
        further: dict[tuple[int, int], _Way] = {}
        after_one = {second: self._ngrams.after_one(second, words) for second in {v for _, v in ways}}
        for (first, second), (every, best, path) in ways.items():
            steps = self._ngrams.after_two(first, second, words, after_one[second])
            for word, probability, as_typed in zip(words, steps, typed, strict=True):
                step = probability * as_typed
                way = _Way(every * step, best * step, (*path, word))
                met = further.get((second, word))
                if met is not None:
                    better = way if way.best > met.best else met
                    way = _Way(way.every + met.every, better.best, better.path)
                further[second, word] = way
        return _pruned(further)

    def _complete(self, found: Sequence[Token], meant: Sequence[int], dropped: float) -> float:
        """How probably the words meant are among those known: the rarer a syllable was seen, and the more
        ways it was written, the likelier is one more (after Witten and Bell, IEEE Trans. IT 37, 1991), less
        so in company it was seen in.
        """
        sure, counts = 1.0, self._counts
        met = [bool(a and b and counts.pairs.count(key(a, b))) for a, b in pairwise(meant)]
        for at, (token, word) in enumerate(zip(found, meant, strict=True)):
            if not _is_open(token):
                continue
            forms = counts.forms.get(token.folded, ())
            seen = sum(counts.single[form] for form in forms)
            new = _NEW_IN_COMPANY if any(met[max(0, at - 1) : at + 1]) else _NEW
            known = seen / (seen + new * len(forms)) if word != UNKNOWN and seen else _UNKNOWN_RIGHT
            sure *= 1 - dropped * (1 - known)
        return sure


def is_foreign(found: Sequence[Token]) -> bool:
    """Whether words are of another language than Vietnamese: most are English or can't be syllables."""
    words = [token for token in found if token.exact.isalpha()]
    if not words or any(token.exact != token.folded and is_syllable(token.folded) for token in words):
        return False
    strange = sum(not is_syllable(token.folded) and len(token.folded) > 2 for token in words)
    english = sum(is_syllable(token.folded) and token.exact in _ENGLISH for token in words)
    share = (strange + english) / len(words)
    return (strange > 1 and share > _FOREIGN) or (strange > 0 and share == 1)


def _slipped(token: Token) -> bool:
    """Whether it is what keys make of a syllable when the keyboard does not put them together."""
    return token.exact not in _ENGLISH and telex.meant(token.exact) is not None


def _is_open(token: Token) -> bool:
    """Whether it is a syllable typed without diacritics."""
    return token.exact == token.folded and is_syllable(token.folded)


def _dropped(found: Sequence[Token]) -> float:
    """How probably whoever typed this leaves the diacritics of a word out: 1 when all are left out."""
    words = [token for token in found if is_syllable(token.folded)]
    marked = sum(token.exact != token.folded for token in words)
    if not marked:
        return 1.0
    expected = _MARKED * len(words)
    return min(1.0, max(0.02, (expected - marked + 0.5) / (expected + 1)))


def _fits(typed: str, form: str) -> bool:
    """Whether `form` has all diacritics that were typed."""
    if len(typed) != len(form):
        return False
    return typed.isascii() or all(t in (f, fold(f)) for t, f in zip(typed, form, strict=True))


def _cased(typed: str, form: str) -> str:
    """`form` as it is usually written, with the capitals of `typed`."""
    if form[-2:] in _USUAL and form[-3:-2] != "q":
        form = form[:-2] + _USUAL[form[-2:]]
    if len(typed) != len(form):
        return form.upper() if typed.isupper() else form.capitalize() if typed[:1].isupper() else form
    return "".join(f.upper() if t.isupper() else f for t, f in zip(typed, form, strict=True))


def _pruned(ways: Mapping[tuple[int, int], _Way]) -> dict[tuple[int, int], _Way]:
    """The likeliest ways, with probabilities that sum to about 1."""
    total = sum(way.every for way in ways.values())
    kept = [(way.every, at) for at, way in ways.items() if way.every >= _FAINT * total]
    if len(kept) > _KEPT:
        kept = sorted(kept, reverse=True)[:_KEPT]
    return {at: _Way(every / total, ways[at].best / total, ways[at].path) for every, at in kept}

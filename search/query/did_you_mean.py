"""Did you mean …: one better spelling of a query, in the archive's own words and diacritics.

The passages nearest to the query are its dictionary: of the ways to change, or not to change, each word
the one is taken whose neighbours stand together there most often (Viterbi over pairs of words).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import log

from search.index import SearchIndex, SearchQuery, SearchResults
from search.query.fitting import LOOKED_AT, covered
from search.query.understanding import clean, understand
from search.synonyms.lexicon import TypedWord
from search.text.edit_distance import within
from search.text.folding import fold, nfc, tokens
from search.text.syllables import is_syllable

FEW = 3
"""A query that finds fewer passages than this may have been meant otherwise."""
WORDS_MOST = 12
"""Longer queries find something by the words that are right."""
_NEIGHBOURS = 60
_CANDIDATES = 8
_EDIT, _TONE, _UNSEEN = 1.2, 0.4, 4.0
"""What it costs to change a letter, to change only diacritics, and to keep a word that is nowhere."""


def suggestion(index: SearchIndex, query: SearchQuery, found: Sequence[SearchResults]) -> str | None:
    """A query that finds what `query` does not, or None; `found` is what it did find, by kind or together.

    Costs nothing when enough was found, and else three more searches. Raises `Unavailable`.
    """
    total, partial = sum(each.total for each in found), all(each.partial for each in found)
    if (total >= FEW and not partial) or len(list(tokens(clean(query.text)))) > WORDS_MOST:
        return None
    near = index.search(SearchQuery(query.text, limit=_NEIGHBOURS, plain=True)).hits
    text = corrected(query.text, [part for hit in near for part in (hit.passage.title, hit.passage.text)])
    if text is None:
        return None
    first = replace(query, typing=False, offset=0, limit=LOOKED_AT, facets=False, plain=True)
    typed, better = index.search(first), index.search(replace(first, text=text))
    finds_more = better.total and not better.partial and (partial or better.total > total)
    return text if finds_more and _score(text, better) > _score(query.text, typed) else None


def _score(text: str, found: SearchResults) -> float:
    return covered(understand(text), found.rarity, found.hits)


def corrected(text: str, near: Iterable[str]) -> str | None:
    """`text` as the texts `near` it spell it; None when they have nothing better than what was typed."""
    said = _Said(near)
    typed = [token.folded for token in tokens(nfc(clean(text)))]
    words = understand(text, vocabulary=said).words
    if not words or not said.words:
        return None
    best = _likeliest([said.candidates(words, at) for at in range(len(words))], said)
    if [fold(word) for word in best] == typed:
        return None
    strange = any(is_syllable(word) and word not in said.words for word in best)
    return None if strange or _guessed(typed, best, said) else " ".join(best)


def _guessed(typed: Sequence[str], best: Sequence[str], said: _Said) -> bool:
    """Whether letters of a word were changed for one that nobody says beside its neighbours: any common word is a
    letter from another."""
    if len(best) == 1 or len(best) != len(typed):
        return False
    beside = [said.pairs[pair] > 0 for pair in pairwise(best)]
    spoken = [a or b for a, b in zip([False, *beside], [*beside, False], strict=True)]
    changed = (fold(word) != old for word, old in zip(best, typed, strict=True))
    return any(c and not s for c, s in zip(changed, spoken, strict=True))


class _Said:
    """The words of some texts and their neighbours; a `search.query.understanding.Vocabulary`."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            found = [token.exact for token in tokens(nfc(text))]
            self.words.update(found)
            self.pairs.update(pairwise(found))
        self._folded_pairs = Counter[tuple[str, str]]()
        for (a, b), count in self.pairs.items():
            self._folded_pairs[fold(a), fold(b)] += count
        self._forms: dict[str, list[str]] = {}
        for word, _ in self.words.most_common():
            self._forms.setdefault(fold(word), []).append(word)

    def has(self, word: str, *, begins: bool = False) -> bool:
        """See `Vocabulary.has`."""
        return word in self._forms or (begins and any(form.startswith(word) for form in self._forms))

    def together(self, first: str, second: str) -> int:
        """See `Vocabulary.together`."""
        return self._folded_pairs[first, second]

    def candidates(self, words: Sequence[TypedWord], at: int) -> list[tuple[str, float]]:
        """Spellings of a word and their cost; letters change only where it stands with strangers."""
        word = words[at]
        tone = _TONE if word.exact != word.folded else 0.0
        own = [(form, 0.0 if form == word.exact else tone) for form in self._forms.get(word.folded, ())]
        found = own[:_CANDIDATES] or [(word.exact, _UNSEEN)]
        neighbours = [pair for pair in pairwise(words[max(0, at - 1) : at + 2]) if word in pair]
        if own and any(self.together(a.folded, b.folded) for a, b in neighbours):
            return found
        near = self._near(word.folded)
        return found + [(form, _EDIT + tone * (not within(word.exact, form, 1))) for form in near]

    def _near(self, folded: str) -> list[str]:
        """The most frequent words a letter away, two in long words."""
        if len(folded) < 3 or not folded.isalpha():
            return []
        limit = 1 if len(folded) < 8 else 2
        forms = (form for form in self._forms if form != folded and form.isalpha())
        near = [word for form in forms if within(folded, form, limit) for word in self._forms[form]]
        return sorted(near, key=lambda word: -self.words[word])[:_CANDIDATES]


def _likeliest(choices: Sequence[Sequence[tuple[str, float]]], said: _Said) -> list[str]:
    """The words, one of each choice, that together are said most and cost least."""
    paths: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
    for candidates in choices:
        following: dict[str, tuple[float, list[str]]] = {}
        for word, cost in candidates:
            gain = 0.2 * log(1 + said.words[word]) - cost
            score, before = max(
                ((s + log(1 + said.pairs[last, word]), path) for last, (s, path) in paths.items()),
                key=lambda scored: scored[0],
            )
            if word not in following or following[word][0] < score + gain:
                following[word] = (score + gain, [*before, word])
        paths = following
    return max(paths.values(), key=lambda scored: scored[0])[1]

"""What a query means, as a sentence that can be embedded. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.diacritics.restorer import Restorer
from search.query.understanding import QueryTerm, Understanding, clean, understand
from search.synonyms.lexicon import Lexicon, TypedWord
from search.text.folding import nfc, tokens, words
from search.text.syllables import is_syllable

SURE = 0.5
"""The share of words that must probably be right for words, too, to be looked for as restored."""
_ARTICLES = frozenset({"dieu", "khoan"})


@dataclass(frozen=True, slots=True)
class Interpretation:
    """`text` has diacritics, typos mended, and abbreviations spelled out. `trust`, 0 to 1: how well it is
    known, as the part of its words that is probably right; a long question survives a wrong one. `words`
    is what to look for by words: the query as typed, or its diacritics and typos put right. `by_words`:
    meaning does not help, as an article of a law is asked for by number, or nothing at all.
    """

    text: str
    trust: float
    words: str
    by_words: bool


def meant(
    text: str, lexicon: Lexicon, restorer: Restorer | None, has: Callable[[str], bool] = lambda _: False
) -> Interpretation:
    """Anything is accepted; `has` tells whether the archive has a word, so that it is no typo."""
    if restorer is None:
        asked = understand(text, lexicon)
        return Interpretation(_spelled_out(asked), 1.0 if asked.toned else 0.0, text, _by_words(asked))
    typed = nfc(clean(text))
    restored = restorer.restored(typed)
    mended = with_known(typed, restored.text, has)
    asked = understand(mended, lexicon)
    trust = restored.confidence ** (1 / max(1, len(asked.words)))
    words = mended if restored.words_right >= SURE else text
    return Interpretation(_spelled_out(asked), trust, words, _by_words(asked))


def with_known(typed: str, mended: str, has: Callable[[str], bool]) -> str:
    """`mended` with the words it has letters changed in as typed, where these are known: the restorer may
    not have learnt yet what was published just now.
    """
    pairs = list(zip(tokens(typed), tokens(mended), strict=False))
    for old, new in reversed(pairs):
        if old.folded != new.folded and has(old.exact):
            mended = mended[: new.start] + typed[old.start : old.end] + mended[new.end :]
    return mended


def _by_words(asked: Understanding) -> bool:
    return not asked.terms or names_article(asked)


def names_article(asked: Understanding) -> bool:
    """Whether an article or clause is asked for by its number, written or read aloud."""
    phrases = [other for term in asked.terms for other in term.others if len(other) == 2]
    pairs: Sequence[tuple[TypedWord, ...]] = [*pairwise(asked.words), *phrases]
    return any(first.folded in _ARTICLES and second.folded.isdigit() for first, second in pairs)


def _spelled_out(asked: Understanding) -> str:
    """The query as typed, or where slips are mended or abbreviations spelled out, its words."""
    spelled = [word for term in asked.terms for word in _whole(term)]
    return asked.text if spelled == words(asked.text) else " ".join(spelled)


def _whole(term: QueryTerm) -> Iterator[str]:
    short = len(term.words) == 1 and not is_syllable(term.words[0].folded)
    phrase = term.others[0] if short and term.others and term.words[0].folded.isalpha() else term.words
    return (word.exact for word in phrase)

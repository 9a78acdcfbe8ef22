"""Understanding a query: what somebody who typed this is looking for.

Pure: text in, `Understanding` out. An engine turns it into its own query; highlights use it too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Protocol

from search.synonyms.lexicon import LEXICON, Lexicon, TypedWord
from search.synonyms.stopwords import is_weak
from search.text.folding import fold, nfc, tokens
from search.text.telex import meant, splits

TEXT_LIMIT = 300
"""Characters of a query that are read; whoever pastes more finds by its beginning."""
WORD_LIMIT = 32
_SPLIT_LIMIT = 64

_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+"
)


class Vocabulary(Protocol):
    """What an index knows of words, all in folded form: what it has is not read as a slip."""

    def has(self, word: str, *, begins: bool = False) -> bool:
        """Whether it has the word, or with `begins` one that begins so."""
        ...

    def together(self, first: str, second: str) -> int:
        """How many passages have the two as neighbours."""
        ...


class NoVocabulary:
    """An index without words."""

    def has(self, word: str, *, begins: bool = False) -> bool:  # noqa: ARG002
        """Nothing is known."""
        return False

    def together(self, first: str, second: str) -> int:  # noqa: ARG002
        """Nothing is known."""
        return 0


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One thing asked for: a word, or several that the lexicon knows as one.

    It is there when all `words` are, or one of the phrases in `others` (other ways to say it).
    A `weak` term (là, gì, được …) helps ranking and is never required.
    """

    words: tuple[TypedWord, ...]
    others: tuple[tuple[TypedWord, ...], ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is looked for. `typing` means the last word may go on."""

    text: str
    terms: tuple[QueryTerm, ...] = ()
    typing: bool = False

    @property
    def words(self) -> tuple[TypedWord, ...]:
        """All words in the order they were typed."""
        return tuple(word for term in self.terms for word in term.words)

    @property
    def toned(self) -> bool:
        """Whether it was typed with diacritics, so that a word without them has none."""
        return any(word.exact != word.folded for word in self.words)

    @property
    def required(self) -> tuple[QueryTerm, ...]:
        """The terms that carry the meaning; all when all are weak."""
        return tuple(term for term in self.terms if not term.weak) or self.terms

    @property
    def least(self) -> int:
        """How many of the required terms a passage must have when none, or few, have them all.

        One of two syllables is as good as none (thai sản, sa thải); what the lexicon knows as one is not.
        """
        count = len(self.required)
        if count <= 2:
            return 1 if any(len(term.words) > 1 for term in self.required) else count
        return max(2, round(count / 4))


def clean(text: str) -> str:
    """NFC without control characters and lone surrogates, single spaces, at most TEXT_LIMIT characters."""
    text = _UNPRINTABLE.sub(" ", text[: 4 * TEXT_LIMIT])
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) <= TEXT_LIMIT:
        return text
    return text[:TEXT_LIMIT].rsplit(" ", 1)[0]


def understand(
    text: str, lexicon: Lexicon = LEXICON, *, typing: bool = False, vocabulary: Vocabulary | None = None
) -> Understanding:
    """Read a query as typed. Anything is accepted; what has no words has no terms.

    Words that are neither in `vocabulary` nor in `lexicon` are read as slips of the keyboard where they
    can be (see `search.text.telex`).
    """
    text = clean(text)
    typed = [TypedWord(token.exact, token.folded) for token in tokens(nfc(text))]
    typing = typing and bool(typed) and text[-1:].isalnum()
    known = vocabulary or NoVocabulary()
    found: list[TypedWord] = []
    slips: dict[int, TypedWord] = {}
    for word in typed:
        reading = _reading(word, lexicon, known, unfinished=typing and word is typed[-1])
        if reading != (word,):
            slips[len(found)] = word
        found.extend(reading)
    return Understanding(text, tuple(_bounded(list(_terms(found, slips, lexicon)))), typing)


def _reading(
    word: TypedWord, lexicon: Lexicon, known: Vocabulary, *, unfinished: bool
) -> tuple[TypedWord, ...]:
    """The words meant by one typed, mostly itself; joined ones only where the index has them together."""
    if is_weak((word,)) or lexicon.has(word.folded) or known.has(word.folded, begins=unfinished):
        return (word,)
    syllable = meant(word.exact)
    if syllable is not None:
        return (TypedWord(syllable, fold(syllable)),)
    best: tuple[str, ...] = (word.exact,)
    most = 0
    for parts in islice(splits(word.exact), _SPLIT_LIMIT):
        if most and len(parts) > len(best):
            break
        seen = min(known.together(fold(a), fold(b)) for a, b in pairwise(parts))
        if seen > most:
            best, most = parts, seen
    return tuple(TypedWord(part, fold(part)) for part in best) if most else (word,)


def _terms(
    found: Sequence[TypedWord], slips: Mapping[int, TypedWord], lexicon: Lexicon
) -> Iterator[QueryTerm]:
    """Terms in order; a syllable read into a slip (by place) keeps what was typed as another way."""
    at = 0
    while at < len(found):
        length, others = lexicon.longest(found[at:])
        weak = length == 1 and is_weak(found[at : at + 1])
        if length == 1 and len(found) > at + 1 and is_weak(found[at : at + 2]):
            length, others, weak = 2, (), True
        if length > 1 and not weak and (parts := lexicon.parts(found[at : at + length])):
            for length, others in parts:
                yield QueryTerm(
                    tuple(found[at : at + length]), others, length == 1 and is_weak(found[at : at + 1])
                )
                at += length
            continue
        if length == 1 and at in slips:
            others += ((slips[at],),)
        yield QueryTerm(tuple(found[at : at + length]), others, weak)
        at += length


def _bounded(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """At most WORD_LIMIT words: weak terms go first, then the last ones."""
    if sum(len(term.words) for term in terms) <= WORD_LIMIT:
        return list(terms)
    kept: list[QueryTerm] = []
    room = WORD_LIMIT
    for term in [t for t in terms if not t.weak] or terms:
        if len(term.words) <= room:
            kept.append(term)
            room -= len(term.words)
    return kept


def without_others(understanding: Understanding) -> Understanding:
    """The same words taken literally, for suggestions."""
    return replace(
        understanding, terms=tuple(replace(term, others=(), weak=False) for term in understanding.terms)
    )

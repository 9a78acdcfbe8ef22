"""Highlights: where in a text the query's words are, and the part of a long text worth showing.

Computed from the same folding and understanding as the search itself, in characters of the text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from search.index import Hit, Span
from search.query.understanding import Understanding
from search.synonyms.lexicon import Phrase, TypedWord
from search.text.edit_distance import within
from search.text.folding import Token, tokens


def marked(hit: Hit, understanding: Understanding, known: Collection[str] = ()) -> Hit:
    """The hit with the spans of its title and its text; they cost more than finding it did."""
    title, text = (spans(part, understanding, known) for part in (hit.passage.title, hit.passage.text))
    return replace(hit, title_spans=title, text_spans=text)


def spans(text: str, understanding: Understanding, known: Collection[str] = ()) -> tuple[Span, ...]:
    """Where `text` (NFC) has what is looked for, ordered and without overlap.

    A word is found as typed, else without diacritics, else as a beginning while typing, else with a
    typo unless its folded form is in `known`; other ways to say it as whole phrases. Weak words are
    left plain.
    """
    found = list(tokens(text))
    places: dict[str, list[int]] = {}
    for i, token in enumerate(found):
        places.setdefault(token.folded, []).append(i)
    marked: set[int] = set()
    last = understanding.words[-1] if understanding.typing else None
    for term in understanding.required:
        for word in term.words:
            marked.update(_matches(word, found, places, is_last=word is last, exists=word.folded in known))
        for other in term.others:
            marked.update(_phrases(other, found, places))
    return _joined(text, [found[i] for i in sorted(marked)])


Places = Mapping[str, Sequence[int]]
"""Where each folded word is, by number of the token."""


def _matches(
    word: TypedWord, found: Sequence[Token], places: Places, *, is_last: bool, exists: bool
) -> Sequence[int]:
    folded = places.get(word.folded)
    if folded:
        return [i for i in folded if found[i].exact == word.exact] or folded
    starts = [form for form in places if form.startswith(word.folded)] if is_last else []
    limit = 0 if exists else typos(word.folded)
    near = starts or [form for form in places if limit and within(word.folded, form, limit)]
    return [i for form in near for i in places[form]]


def _phrases(other: Phrase, found: Sequence[Token], places: Places) -> set[int]:
    """Tokens of every place that has the phrase; a single word needs its diacritics."""
    size = len(other)
    starts = (
        at
        for at in places.get(other[0].folded, ())
        if [token.folded for token in found[at : at + size]] == [word.folded for word in other]
        and (size > 1 or found[at].exact == other[0].exact)
    )
    return {at + k for at in starts for k in range(size)}


def _joined(text: str, found: Sequence[Token]) -> tuple[Span, ...]:
    """Neighbours with only a space between them become one span."""
    joined: list[Span] = []
    for token in found:
        if joined and text[joined[-1][1] : token.start].isspace():
            joined[-1] = (joined[-1][0], token.end)
        else:
            joined.append((token.start, token.end))
    return tuple(joined)


def typos(folded: str) -> int:
    """Edits forgiven in a word by its length: 1 from four letters, 2 from eight, none in numbers."""
    if not folded.isalpha() or len(folded) < 4:
        return 0
    return 1 if len(folded) < 8 else 2

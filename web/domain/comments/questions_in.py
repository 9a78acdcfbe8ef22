"""Which comments ask something, each question once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from media.errors import InvalidInput
from search.synonyms.lexicon import LEXICON, Lexicon, TypedWord
from search.text.folding import exact, fold, nfc, tokens
from search.text.syllables import is_syllable
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from web.domain.comments.exports import Comment
from web.domain.matching.paraphrases import is_idle, plain, spelled, toned
from web.text.masking import has_link, masked, without_links

WORDS_LEAST = 4
"""A comment of fewer words asks nothing that could be answered without its context."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comment as it would be asked: masked, without links. `times` counts the comments that say just this;
    `asks`: it looks like a question. `key` is "" where the source names none."""

    text: str
    key: str
    at: float | None
    times: int
    asks: bool

    @property
    def source_key(self) -> str:
        """What names it among the questions: also its second of the recording, where that is known."""
        own = self.key or text_key(self.text)
        return own if self.at is None else f"{own}@{self.at:.1f}"


def candidates(
    comments: Sequence[Comment], known: Collection[str] = (), lexicon: Lexicon = LEXICON
) -> list[Candidate]:
    """The comments, those that say the same words as one; questions first, in the order they came.

    `known` are the texts of questions there are already; what says the same is left out.
    """
    there = {text_key(text) for text in known}
    found: dict[str, Candidate] = {}
    for comment in comments:
        text = masked(without_links(comment.text))
        key = text_key(text)
        if not text or key in there:
            continue
        if key in found:
            one = found[key]
            found[key] = Candidate(one.text, one.key, one.at, one.times + 1, one.asks)
        else:
            asks = asks_something(comment.text, lexicon)
            found[key] = Candidate(text, comment.key, comment.at, 1, asks)
    return sorted(found.values(), key=lambda each: not each.asks)


def asks_something(text: str, lexicon: Lexicon = LEXICON) -> bool:
    """Whether it looks like a question to the programme; with or without diacritics and question mark."""
    words = [TypedWord(token.exact, token.folded) for token in tokens(nfc(text))]
    said = [word for word in words if not is_idle(word)]
    if len(said) < WORDS_LEAST or (has_link(text) and len(words) < 3 * WORDS_LEAST):
        return False
    if "?" in text or "？" in text or _interrogative(words) or _interrogative(said):
        return True
    if all(is_syllable(word.folded) for word in words):
        return False
    whole = spelled(text, lexicon)  # only now: reading hurried spelling takes a millisecond
    return _interrogative(whole) or _interrogative(plain(whole, marked=toned(text)))


def _interrogative(words: Sequence[TypedWord]) -> bool:
    return VIETNAMESE.interrogative.search(" ".join(word.folded for word in words)) is not None


def text_key(text: str) -> str:
    """The same for texts of the same words, whatever their case, marks and punctuation."""
    folded = " ".join(token.folded for token in tokens(nfc(text)))
    return sha256((folded or fold(exact(nfc(text)))).encode("utf-8", "replace")).hexdigest()[:32]


def picked(values: Sequence[object]) -> list[Candidate]:
    """The candidates that a form sent back: [text, key, at] each. Raises `InvalidInput`."""
    return [_picked(value) for value in values]


def _picked(value: object) -> Candidate:
    match value:
        case [str(text), str(key), None | int() | float() as at] if text.strip() and at is not True:
            if (key == "" or (len(key) == 32 and key.isalnum() and key.isascii())) and 0 <= (at or 0) < 1e6:
                clean = masked(without_links(text))[:1000]
                if clean:
                    return Candidate(clean, key, None if at is None else float(at), 1, asks=True)
    raise InvalidInput("The chosen comments can't be read; reload the page and choose the file again.")

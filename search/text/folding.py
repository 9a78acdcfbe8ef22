"""Folding Vietnamese text: what two spellings of one word have in common.

A word has two forms here. Its *exact* form is NFC, lower case, with the tone mark in its new place
(hòa → hoà). Its *folded* form also loses tones, diacritics and the bar of đ, so it is what somebody
types in a hurry. Both keep one character for each character of the NFC text, so offsets carry over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

WORD_LENGTH = 48
"""Longer runs of letters are no word; their forms are cut there (offsets still cover them whole)."""

_BARRED = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"}  # eth is a frequent stand-in for đ
_MARKS = "\u0300-\u036f"
_WORD = re.compile(f"[^\\W_](?:[^\\W_]|[{_MARKS}])*")
_MARK = re.compile(f"[{_MARKS}]")

# The old place of the tone mark → the new one, in oa, oe and uy; all other vowels agree on it.
_OLD_PLACE = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_NEW_PLACE = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
_PLACES = dict(zip(_OLD_PLACE, _NEW_PLACE, strict=True))
_PLACE = re.compile("|".join(_OLD_PLACE))


class Token(NamedTuple):
    """A word of a text, `start` to `end` in characters of the text it was taken from."""

    exact: str
    folded: str
    start: int
    end: int


def nfc(text: str) -> str:
    """The composed form (NFC) in which every text is stored, indexed and searched."""
    return unicodedata.normalize("NFC", text)


@cache
def _lower(character: str) -> str:
    return character.lower()[0]  # İ becomes two characters: the first will do


@cache
def _base(character: str) -> str:
    if character in _BARRED:
        return _BARRED[character]
    base = unicodedata.normalize("NFKD", character)
    base = next((c for c in base if not unicodedata.combining(c)), character)
    return _lower(_BARRED.get(base, base))


def exact(text: str) -> str:
    """Lower case with tone marks in their new place; as long as `text`, which should be NFC."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(map(_lower, text))
    return _PLACE.sub(lambda match: _PLACES[match.group()], lower)


def fold(text: str) -> str:
    """Lower case without tones and diacritics, đ as d; as long as `text`, which should be NFC."""
    return "".join(map(_base, text))


def tokens(text: str) -> Iterator[Token]:
    """The words of `text`: runs of letters and digits. Give NFC where forms shall be comparable."""
    lower, folded = exact(text), fold(text)
    marked = _MARK.search(folded) is not None
    for match in _WORD.finditer(text):
        start, end = match.span()
        cut = min(end, start + WORD_LENGTH)
        bare = _MARK.sub("", folded[start:cut]) if marked else folded[start:cut]
        yield Token(lower[start:cut], bare, start, end)


def words(text: str) -> list[str]:
    """The exact forms of the words of `text`, in order."""
    composed = nfc(text)
    lower, spans = exact(composed), (match.span() for match in _WORD.finditer(composed))
    return [lower[start : min(end, start + WORD_LENGTH)] for start, end in spans]

"""Captions as a small speech model may hear them: wrong tones, initials, finals and vowels, words lost or twice."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence

from transcribe.cues import Cue

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWEL = re.compile("[aeiouyAEIOUY][\u0302\u0306\u031b]?")
_INITIALS = (
    ("tr", "ch"), ("ch", "tr"), ("s", "x"), ("x", "s"), ("d", "gi"), ("gi", "d"), ("r", "d"), ("l", "n"),
    ("n", "l"), ("v", "d"), ("kh", "h"), ("h", ""),
)  # fmt: skip
_FINALS = (("nh", "n"), ("ng", "n"), ("ch", "t"), ("n", "ng"), ("t", "c"), ("c", "t"))
_VOWELS = (
    ("iê", "i"),
    ("ươ", "ư"),
    ("uô", "u"),
    ("ă", "a"),
    ("â", "ă"),
    ("ô", "o"),
    ("o", "ô"),
    ("ê", "e"),
)
_STRETCH, _WINDOW = 20, 10
"""Cues of one rate of errors, and of one way to write capitals."""


def misheard(cues: Sequence[Cue], seed: str) -> list[Cue]:
    """The same captions with 8 to 30 % of the words wrong, few points, half of them in lower case."""
    chance, heard, rate, small = random.Random(f"heard {seed}"), [], 0.0, False
    for place, cue in enumerate(cues):
        if place % _STRETCH == 0:
            rate = chance.choice((0.08, 0.15, 0.22, 0.3))
        if place % _WINDOW == 0:
            small = chance.random() < 0.5
        words = [_wrong(word, chance) if chance.random() < rate else word for word in cue.text.split()]
        text = re.sub(
            r"[.,?!;:]", lambda m: m[0] if chance.random() < 0.25 else "", " ".join(filter(None, words))
        )
        heard.append(Cue(cue.start, cue.end, (text.lower() if small else text) or "à"))
    return heard


def _wrong(word: str, chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.35:
        return _other_tone(word, chance)
    if kind < 0.6:
        return _replaced(word, _INITIALS, chance, start=True)
    if kind < 0.75:
        return _replaced(word, _FINALS, chance, start=False)
    if kind < 0.88:
        return _replaced(word, _VOWELS, chance, start=None)
    return "" if kind < 0.95 else f"{word} {word}"


def _other_tone(word: str, chance: random.Random) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if c not in _TONES)
    vowel = _VOWEL.search(bare)
    if vowel is None:
        return word
    return unicodedata.normalize("NFC", bare[: vowel.end()] + chance.choice(_TONES) + bare[vowel.end() :])


def _replaced(
    word: str, pairs: Sequence[tuple[str, str]], chance: random.Random, *, start: bool | None
) -> str:
    """The first of the pairs, in a chance order, that fits the word's start, its end, or anywhere."""
    word = unicodedata.normalize("NFC", word)
    for old, new in chance.sample(pairs, len(pairs)):
        if start and word.startswith(old):
            return new + word[len(old) :]
        if start is False and word.endswith(old):
            return word[: -len(old)] + new
        if start is None and old in word:
            return word.replace(old, new, 1)
    return word

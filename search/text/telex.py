"""What was meant by a word whose keystrokes went wrong: Telex and VNI residue, doubled letters, joined
words.

Somebody types "sarn" or "sa3n" where the phone's keyboard was to make "sản", holds a key too long
("thaii"), or leaves out a space ("thaisan"). Pure. Only a word that cannot be a Vietnamese syllable is
read anew, and only as syllables.
Rules: Telex and VNI as keyboards (Unikey, ibus-unikey) read them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from search.text.folding import exact, fold, nfc
from search.text.syllables import SYLLABLES, allows_tone, is_syllable

SHORTEST, LONGEST = 3, 12
"""Letters of a word with slips: "as" and "a1" mean themselves, and "nghieengx" has nine."""
JOINED_LONGEST = 28
JOINED_MOST = 5
"""Words left without spaces between them; more are not worth guessing."""

_SAC, _HUYEN, _HOI, _NGA, _NANG = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_TELEX_TONES = {"s": _SAC, "f": _HUYEN, "r": _HOI, "x": _NGA, "j": _NANG, "z": ""}
_VNI_TONES = {"1": _SAC, "2": _HUYEN, "3": _HOI, "4": _NGA, "5": _NANG, "0": ""}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"u": "ư", "o": "ơ"}
_VOWELS = frozenset("aeiouyăâêôơư")
_MARKED = frozenset("ăâêôơư")
_DOUBLED = re.compile(r"(\w)\1+")


def meant(word: str) -> str | None:
    """The syllable meant by `word` (lower case, NFC), None when it is one already or is no slip known.

    Telex and VNI come first, so that "caan" is cân, then doubled letters, so that "thaii" is thai.
    """
    if not SHORTEST <= len(word) <= LONGEST or is_syllable(word):
        return None
    readings = (_read(word, telex=True), _read(word, telex=False), _DOUBLED.sub(r"\1", word))
    return next((r for r in readings if r and r != word and is_syllable(r)), None)


def splits(word: str) -> Iterator[tuple[str, ...]]:
    """The ways to cut `word` (lower case, NFC) into two or more syllables, fewest syllables first.

    None for a word that can be a syllable itself, nor for one with anything but letters.
    """
    folded = fold(word)
    if not folded.isalpha() or len(folded) > JOINED_LONGEST or folded in SYLLABLES:
        return
    for count in range(2, JOINED_MOST + 1):
        yield from _cut(word, folded, count)


def _cut(word: str, folded: str, count: int) -> Iterator[tuple[str, ...]]:
    if count == 1:
        if folded in SYLLABLES:
            yield (word,)
        return
    for at in range(1, min(len(word), 8)):
        if folded[:at] in SYLLABLES:
            yield from ((word[:at], *rest) for rest in _cut(word[at:], folded[at:], count - 1))


def _read(word: str, *, telex: bool) -> str | None:
    """`word` as the keyboard would have written it; None when it has no key of that method."""
    letters: list[str] = []
    tone: str | None = None
    keys = 0
    tones = _TELEX_TONES if telex else _VNI_TONES
    for key in word:
        spoken = any(letter in _VOWELS for letter in letters)
        if key in tones and spoken:
            tone, keys = tones[key], keys + 1
        elif (_telex if telex else _vni)(letters, key):
            keys += 1
        else:
            letters.append(key)
    plain = "".join(letters)
    if not keys or not is_syllable(plain) or not allows_tone(fold(plain), tone or ""):
        return None
    return exact(_toned(plain, tone)) if tone else plain


def _telex(letters: list[str], key: str) -> bool:
    """Whether `key` changed a letter before it: aa, ee, oo, dd, and w for ă, ơ, ư."""
    if key in _HATS:
        vowels = [letter for letter in letters if letter in _VOWELS]
        return vowels[-1:] == [key] and _change(letters, {key: _HATS[key]})
    if key == "d":
        return letters[:1] == ["d"] and _change(letters, {"d": "đ"})
    if key != "w":
        return False
    if not _horn(letters) and not _change(letters, {"a": "ă"}):
        letters.append("ư")
    return True


def _vni(letters: list[str], key: str) -> bool:
    """Whether `key` changed a letter before it: 6 for â, ê, ô, 7 for ơ, ư, 8 for ă, 9 for đ."""
    if key == "7":
        return _horn(letters)
    marks = {"6": _HATS, "8": {"a": "ă"}, "9": {"d": "đ"}}.get(key)
    return marks is not None and _change(letters, marks)


def _change(letters: list[str], marks: dict[str, str]) -> bool:
    """Put a mark on the last letter that takes it."""
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in marks:
            letters[at] = marks[letters[at]]
            return True
    return False


def _horn(letters: list[str]) -> bool:
    """Horns for uo together; otherwise for the last u or o, but not for the u of qu or oa."""
    text = "".join(letters)
    at = max(text.rfind("uo"), text.rfind("ưo"))
    if at >= 0 and not text.startswith("qu"):
        letters[at : at + 2] = ["ư", "ơ"]
        return True
    if "oa" in text:
        return False
    return _change(letters, _HORNS)


def _toned(plain: str, tone: str) -> str:
    """`plain` with the tone mark on the vowel that bears it (new placement: hoà, thuý)."""
    at = _bearer(plain)
    return nfc(unicodedata.normalize("NFC", plain[: at + 1] + tone) + plain[at + 1 :])


def _bearer(plain: str) -> int:
    marked = [i for i, letter in enumerate(plain) if letter in _MARKED]
    if marked:
        return marked[-1]
    start = 2 if plain.startswith("qu") or (plain.startswith("gi") and plain[2:3] in _VOWELS) else 0
    vowels = [i for i, letter in enumerate(plain) if letter in _VOWELS and i >= start]
    if len(vowels) == 1:
        return vowels[0]
    closed = vowels[-1] < len(plain) - 1
    if closed or len(vowels) == 3 or plain[vowels[0] : vowels[1] + 1] in ("oa", "oe", "uy"):
        return vowels[1]
    return vowels[0]

"""How a Vietnamese syllable sounds, roughly: what speech recognition, and people, mishear it as.

Recognition of Vietnamese errs mostly in tones, vowel marks and final consonants, and where dialects agree on
none: s/x, tr/ch, d/gi/r/v, l/n, n/ng/nh, t/c/ch (Hoàng Thị Châu, "Phương ngữ học tiếng Việt", 2004).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from search.text.syllables import SYLLABLES

_ONSETS = (*("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr"), *"bcdghklmnprstvx")
"""The longest first."""
_FINALS = ("ng", "nh", "ch", "n", "m", "c", "t", "p")

_HEARD_ONSETS = {
    "x": "s",
    "ch": "tr",
    "gi": "d",
    "r": "d",
    "v": "d",
    "n": "l",
    "k": "c",
    "qu": "c",
    "ngh": "ng",
    "gh": "g",
}
_HEARD_FINALS = {"ng": "n", "nh": "n", "c": "t", "ch": "t"}


class Syllable(NamedTuple):
    """A written syllable cut into its onset, nucleus (with glides) and final consonant; each may be empty."""

    onset: str
    nucleus: str
    final: str


def cut(syllable: str) -> Syllable:
    """The parts of a syllable without tone mark; vowel marks and đ may be there."""
    onset = next((o for o in _ONSETS if syllable.startswith(o)), "đ" if syllable[:1] == "đ" else "")
    rest = syllable[len(onset) :]
    if onset == "gi" and not rest.strip("nmcpthg"):  # gì, gìn: the i is also the vowel
        rest = "i" + rest
    final = next((f for f in _FINALS if rest.endswith(f) and len(f) < len(rest)), "")
    return Syllable(onset, rest.removesuffix(final), final)


@lru_cache(maxsize=20_000)
def sound(folded: str) -> str:
    """What a word, given in folded form, shares with those it is misheard as; other words stay as they are."""
    if folded not in SYLLABLES:
        return folded
    onset, nucleus, final = cut(folded)
    nucleus = nucleus.replace("y", "i")
    return _HEARD_ONSETS.get(onset, onset) + nucleus + _HEARD_FINALS.get(final, final)

"""The syllables Vietnamese is written with: what tells a word that cannot be one.

Made from the onsets and rimes of today's orthography (quốc ngữ, compiled by hand), not from a word list,
so it holds for any archive.
"""

from __future__ import annotations

from search.text.folding import fold

_ONSETS = "b c ch d g gi h k kh l m n nh ng ngh gh p ph qu r s t th tr v x"
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng "
    "iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet "
    "oi om on ong ooc oong op ot u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon "
    "uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu y yem yen yet yeu"
)
_STOPS = ("c", "ch", "p", "t")
_ENTERING = frozenset("\u0301\u0323")  # sắc and nặng, the only tones before a stop


def _fits(onset: str, rime: str) -> bool:
    front = rime[0] in "eiy"
    if onset == "qu":
        return rime[0] in "aeioy" and rime[:2] not in ("ia", "oo")
    if onset in ("k", "gh", "ngh"):
        return front
    if onset in ("c", "g", "ng"):
        return not front or (onset, rime[0]) == ("g", "i")
    return True


SYLLABLES = frozenset(
    onset + rime for onset in ("", *_ONSETS.split()) for rime in _RIMES.split() if _fits(onset, rime)
)
"""All syllables in folded form (lower case, no diacritics, đ as d), used or not."""


def is_syllable(word: str) -> bool:
    """Whether `word`, with or without diacritics, can be one Vietnamese syllable."""
    return fold(word) in SYLLABLES


def allows_tone(folded: str, tone: str) -> bool:
    """Whether the syllable can have the tone, a combining mark or "": before c, ch, p, t only two can."""
    return not tone or not folded.endswith(_STOPS) or tone in _ENTERING

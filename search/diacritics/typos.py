"""Which words a misspelt one may be meant for: a noisy channel for single letters. Pure.

A candidate's chance is how probably somebody who means it types what was typed; how likely it is to be meant
at all, its neighbours tell (see `search.diacritics.restorer`). After M. Kernighan, K. Church, W. Gale, “A spelling
correction program based on a noisy channel model”, COLING 1990, pages 205–210.
"""

from __future__ import annotations

import string
from collections.abc import Iterator

from search.text.edit_distance import within
from search.text.syllables import is_syllable

SHORTEST = 3
"""Letters of a word that is mended; shorter ones are abbreviations as often as not."""
SLIP = 0.1
"""How probably a syllable is typed as keys that the keyboard did not put together, or with a key held down."""
TYPO = 5e-3
"""How probably a word is typed with one certain letter lost, doubled, changed or swapped."""
BESIDE = 0.1
"""The part of these in which another diacritic is wrong too."""
AS_SYLLABLE = 0.02
"""The part of these where what was typed can be a syllable: it is a name, or another region's word, more often."""


def near(folded: str) -> Iterator[str]:
    """What becomes `folded` when a letter is lost, added or changed, or two neighbours are swapped."""
    if len(folded) < SHORTEST or not folded.isalpha():
        return
    for at in range(len(folded) + 1):
        before, after = folded[:at], folded[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after and letter != after[0]:
                yield before + letter + after[1:]


def chance(typed: str, folded: str, form: str) -> float:
    """How probably `form` was typed as `typed`, which `folded` is without diacritics."""
    likely = AS_SYLLABLE * TYPO if is_syllable(folded) else TYPO
    return likely if typed == folded or within(typed, form, 1) else BESIDE * likely

"""Excerpts: the parts of a passage that are embedded, each short enough to have one meaning."""

from __future__ import annotations

import re

from search.passages.passage import Passage

WORDS_MOST = 50
"""Words of an excerpt without its title: two or three sentences (see docs/decisions/hybrid.md)."""
EXCERPTS_MOST = 40
"""Of one passage; what is said after so many is found by its words only."""

_ENDS = re.compile(r"(?<=[.?!;:…])\s+|\n+")


def excerpts_of(passage: Passage) -> list[str]:
    """The texts whose vectors stand for the passage; one at least."""
    windows = windows_of(passage.text)[:EXCERPTS_MOST]
    return [f"{passage.title}\n{window}".strip() for window in windows] or [passage.title]


def windows_of(text: str, most: int = WORDS_MOST) -> list[str]:
    """`text` in parts of at most `most` words that end where a sentence does, where that is possible.

    A sentence that is longer, as in a transcript without punctuation, is cut into equal parts.
    """
    windows: list[list[str]] = []
    for part in _parts(text, most):
        if windows and len(windows[-1]) + len(part) <= most:
            windows[-1].extend(part)
        else:
            windows.append(part)
    return [" ".join(window) for window in windows]


def _parts(text: str, most: int) -> list[list[str]]:
    parts = []
    for sentence in _ENDS.split(text):
        words = sentence.split()
        count = -(-len(words) // most)
        parts += [words[len(words) * i // count : len(words) * (i + 1) // count] for i in range(count)]
    return parts

"""The words for which a question waits for a moderator: an editors' list, a default until they keep their own. Pure.

An entry written with marks means just that word (“đụ”); one written without means every word that is it
without marks, as people type in a hurry (“dit me”: also “địt mẹ”). Several words mean them side by side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from search.text.folding import nfc, tokens

WORDS_MOST = 2000
_FRESH_SECONDS = 10.0
DEFAULT = (
    "địt", "đụ", "đéo", "lồn", "cặc", "buồi", "đĩ", "dit me", "dit ba", "deo me", "dkm", "dcm", "dmm", "vcl", "vkl",
    "clgt", "óc chó", "thằng chó", "đồ chó", "mất dạy", "mẹ mày", "bố mày", "nha cai", "ca cuoc", "lo de online",
    "casino", "danh bai online", "nổ hũ", "gai goi", "ban dam", "sex", "vay nong", "vay nhanh", "vay online",
    "viec nhe luong cao", "tuyen ctv", "kiem tien online", "hoa hong cao", "lien he zalo", "ib zalo", "inbox em",
)  # fmt: skip


class WordList(Protocol):
    """The editors' own list."""

    def words(self) -> list[str]:
        """As written, in order; empty until somebody has kept a list."""
        ...

    def change(self, added: Sequence[str], removed: Sequence[str]) -> list[str]:
        """Add and remove at once, so that two editors' changes both hold; return the list then."""
        ...


class Watching:
    """Looks texts through for the words of a list, which is read again every few seconds."""

    def __init__(self, kept: WordList, clock: Callable[[], float] = time.monotonic) -> None:
        """Looks at `kept`, or at DEFAULT while that is empty."""
        self._kept, self._clock = kept, clock
        self._read_at = float("-inf")
        self._entries: list[list[tuple[str, str]]] = []

    def hits(self, text: str) -> bool:
        """Whether a word of the list is in it."""
        if self._clock() - self._read_at > _FRESH_SECONDS:
            self._entries = [entry for each in self._kept.words() or DEFAULT if (entry := _forms(each))]
            self._read_at = self._clock()
        found = _forms(text)
        return any(_within(entry, found) for entry in self._entries)


def read_words(text: str) -> list[str]:
    """The entries of a text, one a line, each once."""
    lines = (" ".join(nfc(line).lower().split())[:80] for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))[:WORDS_MOST]


def _forms(text: str) -> list[tuple[str, str]]:
    return [(token.exact, token.folded) for token in tokens(nfc(text))]


def _within(entry: Sequence[tuple[str, str]], text: Sequence[tuple[str, str]]) -> bool:
    width = len(entry)
    return any(
        all(_same(wanted, text[start + n]) for n, wanted in enumerate(entry))
        for start in range(len(text) - width + 1)
    )


def _same(wanted: tuple[str, str], found: tuple[str, str]) -> bool:
    exact, folded = wanted
    return found[1] == folded if exact == folded else found[0] == exact

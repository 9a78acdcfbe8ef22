"""Matters of a worker's life, each with many of the ways people speak of it: what is asked, whatever its words. Pure.

The phrases of a line of `concepts.txt` are no synonyms: “cúp điện” is no other word for “chờ việc”, but who asks with
one may be answered with the other. So they order what was found, and find nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from math import log
from pathlib import Path

from search.text.folding import fold, nfc, tokens, words

_FILE = Path(__file__).with_name("concepts.txt")
_JOINED_KEPT = 2048

Phrase = tuple[str, ...]


class Concepts:
    """A table of them. A concept is known by its number."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` are such as “đi trễ: đi trễ; đi muộn; vô trễ”: a name nobody sees, then phrases."""
        self._said: list[list[str]] = []
        self._exact: dict[Phrase, list[int]] = {}
        self._folded: dict[Phrase, list[int]] = {}
        for number, line in enumerate(lines):
            phrases = dict.fromkeys(tuple(words(text)) for text in line.partition(": ")[2].split(";"))
            self._said.append([_joined(phrase) for phrase in phrases])
            for phrase in phrases:
                self._exact.setdefault(phrase, []).append(number)
                if len(phrase) > 1:  # a syllable alone may be any without its diacritics
                    self._folded.setdefault(tuple(map(fold, phrase)), []).append(number)
        self._longest = max(map(len, self._exact), default=0)

    def phrases(self) -> Iterator[str]:
        """All phrases, each once."""
        return (" ".join(phrase) for phrase in self._exact)

    def asked(self, text: str, typed: str) -> dict[int, float]:
        """What a query is about, by number, with how surely, above 0 to 1: a phrase of three lines speaks for each of
        them a third. `typed` is the query before its diacritics were restored: of one without any, phrases of several
        syllables are known as they are, as some may have been restored wrongly, or none.
        """
        said, bare = words(text), [token.folded for token in tokens(nfc(typed))]
        if bare != words(typed):
            return _weighed(said, self._exact, self._longest)
        found = {} if said == bare else _weighed(said, self._exact, self._longest)
        for number, weight in _weighed(bare, self._folded, self._longest).items():
            found[number] = max(weight, found.get(number, 0.0))
        return found

    def shared(self, asked: Mapping[int, float], passages: Sequence[tuple[str, str]]) -> list[float]:
        """How much of what is `asked` each of `passages` (title and text) speaks of, 0 to 2.

        It is the share that the title has and the share that the text has, which counts twice where there is no title. What
        few of the passages speak of weighs more, by inverse document frequency among them.
        """
        parts = [(_as_joined(title or text), _as_joined(text)) for title, text in passages]
        has = {number: [self._has(number, pair) for pair in parts] for number in asked}
        weights = {
            number: weight * log(1 + (len(parts) - (n := sum(map(bool, has[number]))) + 0.5) / (n + 0.5))
            for number, weight in asked.items()
        }
        whole = sum(weights.values()) or 1.0
        return [
            sum(weights[number] * has[number][at] for number in asked) / whole for at in range(len(parts))
        ]

    def _has(self, number: int, parts: tuple[str, str]) -> int:
        """In how many of the two parts it is spoken of."""
        return sum(any(said in part for said in self._said[number]) for part in parts)


@cache
def concepts() -> Concepts:
    """The program's own."""
    return Concepts(_FILE.read_text("utf-8").splitlines())


def _weighed(said: Sequence[str], known: Mapping[Phrase, Sequence[int]], longest: int) -> dict[int, float]:
    """The concepts of the longest phrases there are, from the left."""
    found: dict[int, float] = {}
    at = 0
    while at < len(said):
        for length in range(min(longest, len(said) - at), 0, -1):
            numbers = known.get(tuple(said[at : at + length]))
            if numbers is not None:
                for number in numbers:
                    found[number] = min(1.0, found.get(number, 0.0) + 1 / len(numbers))
                at += length
                break
        else:
            at += 1
    return found


@lru_cache(_JOINED_KEPT)
def _as_joined(text: str) -> str:
    return _joined(words(text))


def _joined(said: Iterable[str]) -> str:
    """Each word between two spaces of its own, so that phrases can be looked for as substrings."""
    return "".join(f" {word} " for word in said)

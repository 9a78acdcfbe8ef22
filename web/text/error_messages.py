"""What an error says, in the page's language. Pure.

Errors are written in English where they arise, for logs and for programs. A catalogue (GNU gettext) has them in
another language: a message id is the sentence, with %(name)s for what the code fills in, so that the finished
sentence leads back to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

LONGEST = 1000
"""Characters; a longer sentence is not looked for, it carries somebody's text."""
_FIELD = re.compile(r"%\((\w+)\)s")
_MOST_LANGUAGES = 20


@dataclass(frozen=True)
class Telling:
    """Sentences of errors in another language, by their English ones."""

    sentences: Iterable[tuple[str, str]] = field(repr=False)

    def tell(self, error: str) -> str | None:
        """The sentence of `error` in the other language; None when it is not known.

        Of several that fit, the one with the most words of its own is taken.
        """
        if len(error) > LONGEST:
            return None
        for pattern, said in self._patterns:
            if found := pattern.fullmatch(error):
                return said % found.groupdict()
        return None

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Those that say most themselves come first."""
        by_length = sorted(self.sentences, key=lambda pair: len(_FIELD.sub("", pair[0])), reverse=True)
        return [(_pattern(sentence), said) for sentence, said in by_length]


def preferred(accept_language: str, codes: Iterable[str]) -> str | None:
    """The language of `codes` that an Accept-Language header (RFC 9110, 12.5.4) likes best; None for none of them.

    A regional tag (vi-VN) asks for its language. What can't be read counts as not asked for.
    """
    known, liked = set(codes), []
    for place, part in enumerate(accept_language.split(",")[:_MOST_LANGUAGES]):
        tag, _, weight = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if code in known and quality > 0:
            liked.append((-quality, place, code))
    return min(liked)[2] if liked else None


def _quality(parameter: str) -> float:
    """The weight in “q=0.8”; 1 without one, 0 for what is none."""
    name, _, number = parameter.strip().lower().partition("=")
    if not name:
        return 1.0
    return float(number) if name == "q" and re.fullmatch(r"[01](\.\d{0,3})?", number) else 0.0


def _pattern(sentence: str) -> re.Pattern[str]:
    """Matches the finished sentence, giving what was filled in."""
    parts = _FIELD.split(sentence)
    texts, names = parts[::2], parts[1::2]
    pattern = re.escape(texts[0])
    for name, text in zip(names, texts[1:], strict=True):
        pattern += f"(?P<{name}>.*?)" + re.escape(text)
    return re.compile(pattern, re.DOTALL)

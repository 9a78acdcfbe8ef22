"""The glossary: proper names, agencies and abbreviations, and how the machine mishears them.

A list of words given to the recogniser makes small models repeat it, so terms are put right afterwards:
forms that editors noted as heard wrongly at once, what only sounds alike when an editor agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from media.archive.editing import a_line
from media.errors import InvalidInput
from transcribe.cues import Cue, Word
from transcribe.segmenting.running_text import fold

TERM_LENGTH = 120
HEARD_LIMIT = 30
CORRECTED = 0.3
"""Confidence of a word that was put right by machine: low, so that it is marked for a person to look at."""

# What recognition confuses in Vietnamese syllables, and dialects do not tell apart, in folded form.
_ONSETS = (
    ("ngh", "ng"), ("gh", "g"), ("ch", "tr"), ("gi", "d"), ("qu", "c"), ("x", "s"), ("r", "d"), ("v", "d"),
    ("k", "c"),
)  # fmt: skip
_WHOLE_ONSETS = frozenset({"kh", "ng", "nh", "ngh"})
_FINALS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))


class TermKind(StrEnum):
    """What a term is."""

    NAME = "name"
    AGENCY = "agency"
    ABBREVIATION = "abbreviation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """`written` is the right form, `heard` are the wrong ones; `by_sound`: what sounds alike is offered too."""

    id: str
    written: str
    kind: TermKind = TermKind.NAME
    heard: tuple[str, ...] = ()
    by_sound: bool = True


class Reason(StrEnum):
    """Why a fix is offered: the form is noted, only letters' case or marks differ, or it sounds alike."""

    HEARD = "heard"
    SPELLING = "spelling"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Fix:
    """In cue number `cue`, the words `first` up to (without) `last` should read `written`; `found` is there now."""

    cue: int
    first: int
    last: int
    found: str
    written: str
    term: str
    reason: Reason


class Glossary(Protocol):
    """The terms; changes are in the audit log. `seen` is what the editor saw (None for a new term):
    `Conflict` is raised when it has changed meanwhile, and nothing is saved."""

    def terms(self) -> list[GlossaryTerm]:
        """By right form."""
        ...

    def save(self, term: GlossaryTerm, seen: GlossaryTerm | None) -> GlossaryTerm:
        """Add (`id` "") or change; returns it as kept. Raises `InvalidInput`, `Conflict`, `NotFound`."""
        ...

    def remove(self, id: str) -> None:
        """Raises `NotFound`."""
        ...


def checked(term: GlossaryTerm) -> GlossaryTerm:
    """`term` as it is kept. Raises `InvalidInput`."""
    written = a_line(term.written, "The right form", 2, TERM_LENGTH)
    heard = [a_line(each, "A wrong form", 2, TERM_LENGTH) for each in term.heard if each.strip()]
    kept = tuple(dict.fromkeys(each for each in heard if each != written))
    if len(kept) > HEARD_LIMIT:
        raise InvalidInput("A term has %(most)s wrong forms at most; keep the commonest.", most=HEARD_LIMIT)
    return replace(term, written=written, heard=kept)


def fixes(cues: Sequence[Cue], terms: Sequence[GlossaryTerm]) -> list[Fix]:
    """What the glossary would put right, in order of time; where several terms fit, the surer and longer one."""
    forms = _forms(terms)
    longest = max((len(key) for key in forms), default=0)
    found: list[Fix] = []
    for number, cue in enumerate(cues):
        found += _in_cue(number, cue.text.split(), forms, longest)
    return found


def fixed(text: str, fix: Fix) -> str:
    """`text` of the fix's cue with it made: punctuation around and the lines' break stay where they can."""
    words = re.findall(r"\S+|\n", text)
    places = [index for index, word in enumerate(words) if word != "\n"]
    begin, end = places[fix.first], places[fix.last - 1]
    before, _, _ = _bare(words[begin])
    _, _, after = _bare(words[end])
    words[begin : end + 1] = [before + fix.written + after]
    return re.sub(r" ?\n ?", "\n", " ".join(words))


def corrected(words: Sequence[Word], terms: Sequence[GlossaryTerm]) -> list[Word]:
    """Recognised words with the noted wrong forms put right, marked by `CORRECTED`."""
    noted = [replace(term, by_sound=False) for term in terms]
    cue = Cue(0, 0, " ".join(word.text for word in words))
    result = list(words)
    if len(cue.text.split()) != len(words):
        return result
    for fix in reversed(fixes([cue], noted)):
        if fix.reason is Reason.HEARD:
            before, _, _ = _bare(words[fix.first].text)
            _, _, after = _bare(words[fix.last - 1].text)
            result[fix.first : fix.last] = _spread(
                words[fix.first : fix.last], before + fix.written + after
            )
    return result


def sounding(text: str) -> str:
    """What a word shares with those it is misheard as, roughly; folded."""
    plain = fold(text).replace("y", "i")
    for onset, heard in _ONSETS:
        if plain.startswith(onset):
            plain = heard + plain[len(onset) :]
            break
    else:
        if plain.startswith("n") and plain[:2] not in _WHOLE_ONSETS:
            plain = "l" + plain[1:]
    for final, heard in _FINALS:
        if plain.endswith(final) and len(plain) > len(final) + 1:
            return plain.removesuffix(final) + heard
    return plain


_Forms = dict[tuple[str, ...], tuple[Reason, GlossaryTerm]]


def _forms(terms: Sequence[GlossaryTerm]) -> _Forms:
    """Every form to look for, by its words; those of sound begin with a mark no word has."""
    forms: _Forms = {}
    for term in terms:
        words = term.written.split()
        for heard in term.heard:
            forms.setdefault(tuple(_lower(word) for word in heard.split()), (Reason.HEARD, term))
        if len(words) > 1:
            forms.setdefault(("=", *(fold(_bare(word)[1]) for word in words)), (Reason.SPELLING, term))
            if term.by_sound:
                forms.setdefault(("~", *(sounding(_bare(word)[1]) for word in words)), (Reason.SOUND, term))
        elif term.written.isupper():  # a name of one syllable is often a common word too
            forms.setdefault((_lower(term.written),), (Reason.SPELLING, term))
    return forms


def _in_cue(number: int, words: Sequence[str], forms: _Forms, longest: int) -> Iterator[Fix]:
    plain = [_lower(word) for word in words]
    folded = [fold(word) for word in plain]
    heard = [sounding(word) for word in plain]
    begin = 0
    while begin < len(words):
        for end in range(min(len(words), begin + longest), begin, -1):
            keys = (tuple(plain[begin:end]), ("=", *folded[begin:end]), ("~", *heard[begin:end]))
            match = next((forms[key] for key in keys if key in forms), None)
            if match is None:
                continue
            reason, term = match
            found = " ".join(_bare(word)[1] for word in words[begin:end])
            if found != term.written:
                yield Fix(number, begin, end, found, term.written, term.id, reason)
            begin = end - 1
            break
        begin += 1


def _spread(words: Sequence[Word], written: str) -> Iterator[Word]:
    texts = written.split()
    if len(texts) == len(words):
        yield from (
            replace(w, text=text, confidence=min(w.confidence, CORRECTED))
            for w, text in zip(words, texts, strict=True)
        )
        return
    start, span = words[0].start, words[-1].end - words[0].start
    for index, text in enumerate(texts):
        at, until = (start + span * place / len(texts) for place in (index, index + 1))
        yield Word(text, round(at, 3), round(until, 3), CORRECTED)


def _bare(word: str) -> tuple[str, str, str]:
    """Punctuation before a word, the word, punctuation after it."""
    begin = next((at for at, letter in enumerate(word) if letter.isalnum()), len(word))
    end = next((at for at in range(len(word), begin, -1) if word[at - 1].isalnum()), begin)
    return word[:begin], word[begin:end], word[end:]


def _lower(word: str) -> str:
    return _bare(word)[1].lower()

"""What the segmenter knows of a language: how presenters hand over, invite, thank and move on.

Every pattern is matched on folded text (lower case, no diacritics, đ as d), because speech recognition
errs in tones first. Captions may lack punctuation and capitals, so no pattern may rely on them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """The phrases of one language, as patterns on folded text.

    `hand_over`: a question is handed over. `asks`: somebody is said to ask, which hands over too unless
    a hand-over came just before. `not_before`: what stands directly before a phrase that only mentions a
    question. `named`: like `hand_over`, but only when the group `name` is a capitalised name.

    `invitation`: the floor goes to whoever answers; its group `who` runs on to the end of the sentence
    and `who_ends` cuts it. `invites_asker`: it is the asker who is invited to speak. `opening`: how
    answers begin. `thanks`: thanks at the end of an answer. `closing`: the questions or the programme are
    over. `transition`: another part or subject begins.

    `introduction`: somebody is introduced with work and workplace, as those who ask are; it hands over
    when a question and an invitation follow.

    `asker`: groups `who`, `where`, `public` (all optional); `not_asker` stands before others' names. `question_lead`: what comes before the question itself
    and is dropped. `asks_now`: the question proper follows ("may I ask"). `interrogative`: a sentence with it asks. `rhetorical`: it asks nobody. `addressed`: it
    asks the other person. `bigrams`: words mostly have two parts, so pairs are compared. `reported`: the question is quoted or imagined. `goes_on`: a sentence that
    begins so continues the same speaker's thought. `guest`: group `who` is introduced as the one who will answer.
    `titles`: what stands, as written, before the name of somebody who answers.
    `word_classes`: kinds of words that tell who speaks (asking, of oneself, of the law, to somebody, handing over).
    `new_sentence`: words as written (not folded) that with a capital begin a sentence, full stop or not.

    For headings, as written with diacritics: a heading neither begins nor ends with a `weak` word, holds no
    `generic` phrase alone, and rather holds one of the `taxonomy`.
    """

    code: str
    hand_over: re.Pattern[str]
    asks: re.Pattern[str]
    not_before: re.Pattern[str]
    mistaken: re.Pattern[str]
    named: re.Pattern[str]
    invitation: re.Pattern[str]
    who_ends: re.Pattern[str]
    invites_asker: re.Pattern[str]
    opening: re.Pattern[str]
    thanks: re.Pattern[str]
    closing: re.Pattern[str]
    transition: re.Pattern[str]
    introduction: re.Pattern[str]
    asker: re.Pattern[str]
    not_asker: re.Pattern[str]
    question_lead: re.Pattern[str]
    asks_now: re.Pattern[str]
    interrogative: re.Pattern[str]
    rhetorical: re.Pattern[str]
    addressed: re.Pattern[str]
    reported: re.Pattern[str]
    goes_on: re.Pattern[str]
    guest: re.Pattern[str]
    titles: re.Pattern[str]
    word_classes: tuple[re.Pattern[str], ...]
    new_sentence: re.Pattern[str]
    first_title: str
    bigrams: bool
    weak: frozenset[str]
    generic: frozenset[str]
    taxonomy: frozenset[str]


def phrases(*alternatives: str) -> re.Pattern[str]:
    """One pattern of whole words; a space in an alternative also matches a comma and several spaces, a
    space with a question mark none of them as well."""
    joined = "|".join(
        alternative.replace(" ?", r"[\s,]*").replace(" ", r"[\s,]+") for alternative in alternatives
    )
    return re.compile(rf"\b(?:{joined})(?!\w)")


def words(listed: str) -> frozenset[str]:
    """The words of a list written in one string."""
    return frozenset(listed.split())


def listed(names: str) -> frozenset[str]:
    """The phrases of a list written in one string with commas."""
    return frozenset(" ".join(name.split()) for name in names.split(","))

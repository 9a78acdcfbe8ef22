"""What a worker sends, and what becomes of it before anybody sees it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from media.errors import InvalidInput, Message
from web.domain.questions.questions import NAME_LENGTH, TEXT_LENGTH, WORKPLACE_LENGTH, Hold
from web.text.masking import has_link, masked, tidy_text, without_links

TRAP = "website"
"""The name of the field that people do not see and robots fill in."""
_MAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,180}\.[^\s@,;<>\".\d]{2,}")
_SHORTEST = 2


class Unfit(StrEnum):
    """Why something cannot be sent as it is."""

    EMPTY = "empty"
    LONG = "long"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"


_SENTENCES = {
    Unfit.EMPTY: Message("Write the question; nothing was sent."),
    Unfit.LONG: Message(
        "The question is longer than %(most)s characters; shorten it, nothing was sent.", most=TEXT_LENGTH
    ),
    Unfit.LINK: Message("The question is only a link; say in words what you want to know."),
    Unfit.EMAIL: Message("The e-mail address can't be right; look at it again, or leave it out."),
    Unfit.PHONE: Message("The phone number can't be right; look at it again, or leave it out."),
}


class NotSendable(InvalidInput):
    """It cannot be sent as it is; `why` names the field's fault."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(_SENTENCES[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, tidy. `name` and `workplace` are "" unless they may be shown. `phone` is digits, perhaps
    after a plus. `trapped`: the field that people do not see was filled in."""

    text: str
    name: str = ""
    workplace: str = ""
    email: str = ""
    phone: str = ""
    trapped: bool = False

    @property
    def contacts(self) -> list[tuple[str, str]]:
        """(kind, address) of those given."""
        return [(kind, each) for kind, each in (("email", self.email), ("phone", self.phone)) if each]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is kept of a draft: the text as typed, what may be shown of it and of who asks, and whether a
    moderator looks first."""

    original: str
    shown: str
    name: str
    workplace: str
    held: bool


def read_draft(fields: Mapping[str, str]) -> Draft:
    """Read a form's or a call's fields.

    Raises `NotSendable`: there is no text, it is too long, or a contact cannot be one.
    """
    text = tidy_text(fields.get("text", ""))
    if not text:
        raise NotSendable(Unfit.EMPTY)
    if len(text) > TEXT_LENGTH:
        raise NotSendable(Unfit.LONG)
    return Draft(
        text=text,
        name=_if_shown(fields, "name", NAME_LENGTH),
        workplace=_if_shown(fields, "workplace", WORKPLACE_LENGTH),
        email=read_email(fields.get("email", "")),
        phone=read_phone(fields.get("phone", "")),
        trapped=bool(fields.get(TRAP, "").strip()),
    )


def prepare(draft: Draft, *, solved: bool, hold: Hold, watched: Callable[[str], bool]) -> Prepared:
    """Decide what of a draft may be shown, and whether a moderator looks at it first.

    Args:
        draft: what was sent.
        solved: a script did the page's proof of work.
        hold: how the episode takes questions.
        watched: whether a text has a word of the list in it.

    Raises:
        NotSendable: nothing is left to be shown.
    """
    shown = _showable(draft.text)
    if not shown:
        raise NotSendable(Unfit.LINK)
    name, workplace = _showable(draft.name), _showable(draft.workplace)
    suspicious = (
        not solved
        or has_link(f"{draft.text} {draft.name} {draft.workplace}")
        or len(shown.split()) < _SHORTEST
        or any(watched(each) for each in (draft.text, name, workplace))
    )
    held = hold is Hold.ALL or draft.trapped or (hold is Hold.SUSPICIOUS and suspicious)
    return Prepared(draft.text, shown, name, workplace, held)


def read_email(text: str) -> str:
    """An address, "" for none. Raises `NotSendable`."""
    found = tidy_text(text)
    if found and not (_MAIL.fullmatch(found) and len(found) <= 254):
        raise NotSendable(Unfit.EMAIL)
    return found


def read_phone(text: str) -> str:
    """A number's digits, after a plus where it was written so, "" for none. Raises `NotSendable`."""
    found = tidy_text(text)
    digits = "".join(str(int(c)) for c in found if c.isdecimal())
    if found and not (8 <= len(digits) <= 15 and re.fullmatch(r"\+?[\d\s.\-()]+", found)):
        raise NotSendable(Unfit.PHONE)
    return ("+" if found.startswith("+") else "") + digits


def _showable(text: str) -> str:
    return masked(without_links(text))


def _if_shown(fields: Mapping[str, str], name: str, most: int) -> str:
    return tidy_text(fields.get(name, ""))[:most].strip() if fields.get(f"show_{name}") else ""

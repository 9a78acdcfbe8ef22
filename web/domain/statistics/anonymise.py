"""What of a search may be counted: nothing that could tell who searched. Pure.

Numbers of phones, identity and insurance cards, addresses of mail, plates and full names become “#”; long texts
and those in which people introduce themselves are counted together, as “…”.
"""

from __future__ import annotations

import re
import unicodedata

from search.text.folding import fold
from web.text.masking import cut, found_in

PRIVATE = "…"
"""Stands for every text that is not kept itself."""
MASK = "#"
WORDS_MOST = 12
"""Longer texts are stories, seldom the same twice; what tells who is asking stands in them."""
LENGTH_MOST = 120

_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_NUMBER = re.compile(r"\+?\w{0,3}?\d(?:[ .\-()]{0,3}\d){7,}\w*|\w{0,3}?\d{6,}\w*")
_PLATE = re.compile(r"\b\d{2} ?-? ?[a-z]\d? ?[-. ]? ?\d{3}\.?\d{2}\b")
_BORN = re.compile(r"\b(sinh|born)((?: (?:ngay|nam|on|in))*) \d{1,4}(?:[/.\- ]\d{1,4}){0,2}\b")
_DIGIT = "khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|linh|le|zero|one|two|three|four|five|six|seven|eight|nine"
_SPELLED = re.compile(rf"\b(?:{_DIGIT})(?: (?:{_DIGIT})){{5,}}\b")
_SURNAME = "nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|ho|ngo|duong|ly|truong|dinh|doan|lam|mai|trinh|dao|cao|luu"
_NAME = re.compile(rf"\b(?:{_SURNAME}) (?:van|thi)(?: \w+){{1,2}}")
_MYSELF = re.compile(
    r"\b(?:(?:ten|ho ten|ho va ten) (?:cua )?(?:toi|em|minh|chau|to)"
    r"|(?:toi|em|minh|chau|con) (?:co )?ten|my name|dia chi (?:nha )?(?:toi|em|minh)|toi o so|so nha)\b"
)


def countable(text: str) -> str:
    """The text under which a search is counted; "" when there is nothing to count.

    One spelling of case, spaces and marks at the ends, without what could identify a person.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = unicodedata.normalize("NFC", "".join(c if _is_text(c) else " " for c in plain))
    plain = " ".join(plain.split()).strip(" ?!.,;:…\"'“”()[]-–")
    if not plain:
        return ""
    if len(plain) > LENGTH_MOST or len(plain.split()) > WORDS_MOST or _MYSELF.search(fold(plain)):
        return PRIVATE
    for private in (_ADDRESS, _NUMBER, _PLATE, _BORN, _SPELLED, _NAME):
        plain = cut(plain, found_in(plain, private), MASK)
    return plain


def _is_text(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}

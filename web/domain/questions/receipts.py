"""Receipt codes: eleven digits that a worker can say over a phone, in any dialect, and type with a thumb. Pure.

Digits, because letters are said differently from province to province and marks are hard to spell out. The
first is 2 to 7, so that no code looks like a phone number (0…, 84…) and none is taken for an identity card (9 or
12 digits). The last is a check digit by Damm's quasigroup (H. M. Damm, 2004), which tells every single wrong
digit and every swap of neighbours. Ten free digits are 6·10⁹ codes; guesses are held back by `web.domain.throttle`.
"""

from __future__ import annotations

import re
import secrets

from media.errors import InvalidInput
from search.text.folding import fold
from web.domain.sending.encryption import Encryption

_FREE = 10
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_SHAPE = re.compile(r"[2-7]\d{10}", re.ASCII)
_SPOKEN = {
    "khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6",
    "bay": "7", "tam": "8", "chin": "9",
}  # fmt: skip


def new_code() -> str:
    """A code nobody can guess."""
    free = secrets.choice("234567") + "".join(secrets.choice("0123456789") for _ in range(_FREE - 1))
    return free + _check_digit(free)


def read_code(text: str) -> str:
    """The code that somebody typed, or wrote down as it was said (“bốn tám hai …”).

    Raises `InvalidInput` when it cannot be one: too short, too long, or a digit was mistaken.
    """
    words = re.findall(r"\d+|[^\W\d_]+", fold(text[:200]))
    digits = "".join(each if each.isdigit() else _SPOKEN.get(each, "?") for each in words)
    digits = "".join(str(int(c)) if c.isdigit() else c for c in digits)
    if len(digits) != _FREE + 1:
        raise InvalidInput(
            "A code has %(digits)s digits; this has %(given)s. Look at it again.",
            digits=_FREE + 1,
            given=len(digits),
        )
    if not _SHAPE.fullmatch(digits) or _check_digit(digits) != "0":
        raise InvalidInput("A digit of this code is wrong, or two were swapped; look at it again.")
    return digits


def spoken(code: str) -> str:
    """In groups to be read out and typed: 4821 7730 915."""
    return " ".join((code[:4], code[4:8], code[8:]))


def digest(encryption: Encryption, code: str) -> str:
    """What is stored of a code: of a database alone no code can be found by trying all."""
    return encryption.pseudonym("receipt", code)


def _check_digit(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)

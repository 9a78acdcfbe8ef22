"""The languages of the interface: Vietnamese as written in the code, English from its catalogue.

Message ids are the Vietnamese sentences. English stands in the files `locale/en/LC_MESSAGES/*.po` (GNU
gettext), one for each part of the site, and is read once, when the site is made. Errors are the other way round:
English in the code, Vietnamese in `locale/vi/LC_MESSAGES/errors.po` (see `web.text.error_messages`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from web.text.error_messages import Telling

LOCALE_FOLDER = Path(__file__).parents[1] / "locale"
DEFAULT = "vi"
CODES = ("vi", "en")
EXTRACTED_CALLS = ("_", "say", "many")
"""Calls whose first argument is a message id, in templates and in Python."""


@dataclass(frozen=True)
class Language:
    """One language of the interface. `code` is BCP 47."""

    code: str
    catalog: Catalog = field(default_factory=Catalog, repr=False)
    errors: Telling | None = field(default=None, repr=False)

    def told(self, error: object, otherwise: str = "") -> str:
        """What an error says, in this language; `otherwise`, or its own English, when it is not known here."""
        if self.errors is None:
            return str(error)
        return self.errors.tell(str(error)) or otherwise or str(error)

    def say(self, message: str, **values: object) -> str:
        """Return `message` in this language, with `%(name)s` filled from `values`."""
        found = self.catalog.get(message)
        said = found.string if found is not None and isinstance(found.string, str) else ""
        said = said or message
        return said % values if values else said

    def many(self, message: str, num: int, **values: object) -> str:
        """As `say`, for a sentence that counts `%(num)s` things (Vietnamese has one form)."""
        found = self.catalog.get(message)
        forms = found.string if found is not None and isinstance(found.string, tuple) else ()
        said = forms[0 if num == 1 else -1] if forms else ""
        return (said or message) % {**values, "num": self.number(num)}

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as written in this language: 1.234 and 1,2 in Vietnamese."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self.code)

    def date(self, day: date) -> str:
        """Return a day: “15/3/2025” in Vietnamese, “15 March 2025” in English."""
        return format_date(day, "d/M/y" if self.code == "vi" else "d MMMM y", locale=self.code)


def read_languages(folder: Path = LOCALE_FOLDER) -> dict[str, Language]:
    """Read the catalogues of all languages; the default one needs one for errors only."""
    errors = _read_catalogs([folder / DEFAULT / "LC_MESSAGES" / "errors.po"], DEFAULT)
    languages = {DEFAULT: Language(DEFAULT, errors=Telling([*_pairs(errors)]))}
    for code in CODES:
        paths = sorted((folder / code / "LC_MESSAGES").glob("*.po"))
        if code != DEFAULT and paths:
            languages[code] = Language(code, _read_catalogs(paths, code))
    return languages


def _read_catalogs(paths: Sequence[Path], code: str) -> Catalog:
    """All catalogues as one."""
    whole = Catalog(code)
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id:
                    whole[message.id] = message
    return whole


def _pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for message in catalog:
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
            yield message.id, message.string


def choose(query: str | None, cookie: str | None) -> str:
    """Return the code to use: `?lang=` wins over the remembered one, Vietnamese is the default."""
    return next((code for code in (query, cookie) if code in CODES), DEFAULT) or DEFAULT

"""The languages of the interface: Vietnamese as written in the code, English from its catalogue.

Message ids are the Vietnamese sentences. English stands in the files `locale/en/LC_MESSAGES/*.po` (GNU
gettext), one for each part of the site, and is read once, when the site is made. Errors are the other way round:
English in the code (see `media.errors`), Vietnamese in `locale/vi/LC_MESSAGES/errors.po`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from media.errors import ArchiveError, Message, filled

LOCALE_FOLDER = Path(__file__).parents[1] / "locale"
DEFAULT = "vi"
ERRORS_CODE = "en"
"""What errors are written in."""
CODES = ("vi", "en")
EXTRACTED_CALLS = ("_", "say", "many")
"""Calls whose first argument is a message id, in templates and in Python."""


@dataclass(frozen=True)
class Language:
    """One language of the interface. `code` is BCP 47."""

    code: str
    catalog: Catalog = field(default_factory=Catalog, repr=False)

    def error(self, error: ArchiveError | Message, otherwise: str = "") -> str:
        """What an error says, in this language; `otherwise`, or its own English, when it is not known here.

        Messages among its values are translated too.
        """
        message = error.message if isinstance(error, ArchiveError) else error
        said = message.id if self.code == ERRORS_CODE else self._translation(message.id)
        if not said:
            return otherwise or str(message)
        return filled(
            said,
            {
                name: self.error(each) if isinstance(each, Message) else each
                for name, each in message.values.items()
            },
        )

    def say(self, message: str, **values: object) -> str:
        """Return `message` in this language, with `%(name)s` filled from `values`."""
        return filled(self._translation(message) or message, values)

    def many(self, message: str, num: int, **values: object) -> str:
        """As `say`, for a sentence that counts `%(num)s` things (Vietnamese has one form)."""
        found = self.catalog.get(message)
        forms = found.string if found is not None and isinstance(found.string, tuple) else ()
        said = forms[0 if num == 1 else -1] if forms else ""
        return (said or message) % {**values, "num": self.number(num)}

    def _translation(self, message: str) -> str:
        """ "" for none."""
        found = self.catalog.get(message)
        return found.string if found is not None and isinstance(found.string, str) else ""

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as written in this language: 1.234 and 1,2 in Vietnamese."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self.code)

    def date(self, day: date) -> str:
        """Return a day: “15/3/2025” in Vietnamese, “15 March 2025” in English."""
        return format_date(day, "d/M/y" if self.code == "vi" else "d MMMM y", locale=self.code)


def read_languages(folder: Path = LOCALE_FOLDER) -> dict[str, Language]:
    """Read the catalogues of all languages; the default one has errors only."""
    paths = {code: sorted((folder / code / "LC_MESSAGES").glob("*.po")) for code in CODES}
    return {
        code: Language(code, _read_catalogs(paths[code], code))
        for code in CODES
        if paths[code] or code == DEFAULT
    }


def _read_catalogs(paths: Sequence[Path], code: str) -> Catalog:
    """All catalogues as one."""
    whole = Catalog(code)
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id:
                    whole[message.id] = message
    return whole


def choose(query: str | None, cookie: str | None) -> str:
    """Return the code to use: `?lang=` wins over the remembered one, Vietnamese is the default."""
    return next((code for code in (query, cookie) if code in CODES), DEFAULT) or DEFAULT

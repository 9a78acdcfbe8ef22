"""What editors read of the counts of searches. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from search.text.folding import fold
from web.domain.statistics.anonymise import PRIVATE
from web.domain.statistics.searches import Searched
from web.text.csv_tables import sheet

TITLES = {
    "most": "Searched for most",
    "nothing": "Found nothing",
    "unplayed": "Found, but nothing was played",
}
UNPLAYED_LEAST = 3
"""So many finds without a play say something about the hits."""


def report(found: Sequence[Searched], limit: int) -> dict[str, list[Searched]]:
    """The tables of TITLES, `limit` lines each; spellings with and without tone marks count as one."""
    texts = merged(found)
    told = [each for each in texts if each.text != PRIVATE]
    nothing = sorted((each for each in told if each.empty), key=lambda each: -each.empty)
    unplayed = [each for each in told if not each.plays and each.count - each.empty >= UNPLAYED_LEAST]
    return {"most": texts[:limit], "nothing": nothing[:limit], "unplayed": unplayed[:limit]}


def merged(found: Sequence[Searched]) -> list[Searched]:
    """One row for the spellings that fold to the same, under the one used most; most often first."""
    rows: dict[str, Searched] = {}
    for each in sorted(found, key=lambda each: -each.count):
        row = rows.get(fold(each.text), Searched(each.text, 0, 0, 0))
        rows[fold(each.text)] = Searched(
            row.text, row.count + each.count, row.empty + each.empty, row.plays + each.plays
        )
    return sorted(rows.values(), key=lambda each: -each.count)


def as_csv(found: Sequence[Searched]) -> str:
    """All texts as CSV (RFC 4180) with a byte-order mark, so that spreadsheets read it as UTF-8."""
    rows = [(each.text, each.count, each.empty, each.plays) for each in merged(found)]
    return sheet(["text", "searches", "found nothing", "plays"], rows)

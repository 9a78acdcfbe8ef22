from __future__ import annotations

from web.domain.statistics.anonymise import PRIVATE
from web.domain.statistics.search_report import as_csv, report
from web.domain.statistics.searches import Searched

FOUND = [
    Searched("thai sản", 5, 0, 2),
    Searched("thai san", 9, 1, 0),
    Searched("visa", 4, 4, 0),
    Searched("tăng ca", 6, 0, 0),
    Searched("hiếm", 1, 0, 0),
    Searched(PRIVATE, 3, 3, 0),
    Searched("=1+1", 1, 1, 0),
]


def test_the_report_says_what_editors_steer_by() -> None:
    found = report(FOUND, 2)
    assert found["most"] == [Searched("thai san", 14, 1, 2), Searched("tăng ca", 6, 0, 0)]
    assert [each.text for each in found["nothing"]] == ["visa", "thai san"]
    assert [each.text for each in found["unplayed"]] == ["tăng ca"]


def test_csv_is_safe_to_open() -> None:
    lines = as_csv(FOUND).split("\r\n")
    assert lines[0] == "\ufefftext,searches,found nothing,plays"
    assert lines[1] == "thai san,14,1,2"
    assert "'=1+1,1,1,0" in lines

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.archive.episodes import Episode, Programme
from tests.infra.command_line import answer, tualai
from tests.stores import a_recording


@pytest.mark.slow
def test_comments_are_imported_once_and_held(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "comments.csv"
    file.write_text("Nội dung;Giây\nLương tháng 13 khi nào có ạ?;65\nChào cả nhà mình nhé;70\n", "utf-8")
    with open_archive(Settings(home=home)) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        archive.catalogue.add_episode(
            Episode("thang-ba", "dh", "Số tháng Ba", date(2026, 3, 15)), a_recording("0" * 64)
        )
    wanted = ("questions", "import", file, "--episode", "thang-ba")
    assert answer(home, *wanted, "--dry-run")["questions"] == ["Lương tháng 13 khi nào có ạ?"]
    assert answer(home, *wanted) == {"source": "csv", "comments": 2, "new": 1}
    assert answer(home, *wanted, "--all") == {"source": "csv", "comments": 2, "new": 1}
    with open_archive(Settings(home=home)) as archive:
        found = archive.companion.questions.of_episode("thang-ba", public_only=False)
    assert {(each.shown, each.held) for each in found} == {
        ("Lương tháng 13 khi nào có ạ?", True),
        ("Chào cả nhà mình nhé", True),
    }
    wrong = tualai(home, "questions", "import", file, "--episode", "gone")
    assert wrong.returncode == 1
    assert "gone" in wrong.stderr

"""What makes one passage better than another, in transcripts that a machine made."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from search.index import SearchQuery
from search.passages.passage import Passage, PassageKind
from search.tantivy.index import TantivyIndex


def found(folder: Path, query: str, **texts: str) -> list[str]:
    """Names of the passages found, best first."""
    passages = [
        Passage(
            name, name, PassageKind.SPEECH, "", text, 0.0, 9.0, "diem-hen", "Tập 1", date(2026, 3, 8), "vi"
        )
        for name, text in texts.items()
    ]
    index = TantivyIndex(folder)
    index.rebuild([(passage.episode, [passage]) for passage in passages])
    return [hit.passage.id for hit in index.search(SearchQuery(query)).hits]


LONG = "xưởng dệt trả phụ cấp độc hại muộn"


def test_a_misheard_passage_is_found_among_those_as_near(tmp_path: Path) -> None:
    names = found(
        tmp_path,
        LONG,
        other="bệnh viện cấp phụ liệu độc đáo, mỗi phòng chứa nhiều thùng lớn",
        misheard="sưởng giệt chả phụ cấp độc hại buộn",
        third="chúng tôi bàn về phụ huynh, cấp học và độc giả của thư viện",
    )
    assert names[0] == "misheard"


def test_sounds_decide_where_words_do_not(tmp_path: Path) -> None:
    names = found(
        tmp_path,
        LONG,
        other="phụ thành cấp bảo độc nhất, đến muộn, thương nhiệt kha",
        misheard="phụ thành cấp bảo độc nhất, đến muộn, sưởng giệt chả",
    )
    assert names == ["misheard", "other"]


def test_what_was_heard_right_comes_first(tmp_path: Path) -> None:
    right, wrong = "xưởng dệt trả phụ cấp độc hại muộn", "sưởng giệt chả phụ cấp độc hại muộn"
    assert found(tmp_path, LONG, wrong=wrong, right=right) == ["right", "wrong"]


def test_a_short_query_is_answered_by_sound_where_hardly_anything_has_its_words(tmp_path: Path) -> None:
    texts = {f"right_{number}": "ở xưởng dệt" for number in range(3)}
    assert found(tmp_path / "few", "xưởng dệt", misheard="sưởng giệt") == ["misheard"]
    assert "misheard" not in found(tmp_path / "enough", "xưởng dệt", misheard="sưởng giệt", **texts)


def test_neighbours_count_with_one_word_between(tmp_path: Path) -> None:
    names = found(
        tmp_path,
        "nhà máy dệt may trả thưởng cuối năm",
        far="thưởng nhà quê làm việc cuối vụ máy bay đi năm rộng trả đường",
        near="máy bay trả nửa thưởng cuối mỗi năm làm việc đi đường rộng nhà",
    )
    assert names[0] == "near"

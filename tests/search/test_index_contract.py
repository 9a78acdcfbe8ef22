"""What every search index promises, over the fake and the real engines."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search.tantivy.searching
from media.errors import InvalidInput
from search.index import DEPTH_LIMIT, FACETS, PAGE_LIMIT, SearchIndex, SearchQuery
from search.meilisearch.index import MeilisearchIndex
from search.passages.passage import Passage, PassageKind
from search.query.did_you_mean import suggestion
from search.tantivy.index import TantivyIndex
from tests.fakes.index_embedding import EmbeddingIndex
from tests.fakes.index_memory import MemoryIndex
from tests.search.meilisearch.meilisearch_server import meilisearch  # noqa: F401 - a fixture


@pytest.fixture(
    scope="module",
    params=[
        "memory",
        "tantivy",
        pytest.param("big tantivy", marks=pytest.mark.slow),
        "hybrid memory",
        pytest.param("hybrid tantivy", marks=pytest.mark.slow),
        pytest.param("meilisearch", marks=pytest.mark.meilisearch),
    ],
)
def new(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], SearchIndex]]:
    """Makes an empty index of each engine in turn, in a folder."""

    def made(folder: Path) -> SearchIndex:
        if request.param == "meilisearch":
            server = request.getfixturevalue("meilisearch")
            return MeilisearchIndex(server.archive(), server.key)
        engine = TantivyIndex(folder / "index") if "tantivy" in request.param else MemoryIndex()
        return EmbeddingIndex(engine) if "hybrid" in request.param else engine

    with pytest.MonkeyPatch.context() as patch:
        if request.param == "big tantivy":
            patch.setattr(search.tantivy.searching, "BIG", -1)
        yield made


@pytest.fixture
def empty(new: Callable[[Path], SearchIndex], tmp_path: Path) -> SearchIndex:
    return new(tmp_path)


def passage(
    episode: str,
    kind: str,
    title: str,
    text: str,
    start: float = 0.0,
    end: float = 60.0,
    *,
    year: int = 2026,
    programme: str = "diem-hen-cong-nhan",
    topics: tuple[str, ...] = (),
    language: str = "vi",
    organisations: tuple[str, ...] = (),
) -> Passage:
    return Passage(
        id=f"{episode}:{kind}:{round(start * 1000)}",
        episode=episode,
        kind=PassageKind(kind),
        title=title,
        text=text,
        start=start,
        end=end,
        programme=programme,
        episode_title=f"Tập {episode}",
        date=date(year, 3, 8),
        language=language,
        topics=topics,
        answerers=("Luật sư Trần Thị Hoà",) if kind == "answer" else (),
        organisations=organisations,
    )


MATERNITY = passage(
    "tap-1", "answer", "Mang thai được nghỉ mấy tháng?",
    "Lao động nữ mang thai được nghỉ thai sản sáu tháng. Sinh đôi thì từ con thứ hai, mỗi con thêm một tháng.",
    95.0, 180.0, topics=("thai-san",),
)  # fmt: skip
MATERNITY_RUN = passage(
    "tap-1", "speech", "", "Lao động nữ mang thai được nghỉ thai sản sáu tháng.", 100.0, 140.0,
    topics=("thai-san",),
)  # fmt: skip
OVERTIME = passage(
    "tap-1", "chapter", "Làm thêm giờ", "Bây giờ mình nói về làm thêm giờ vào ngày chủ nhật.", 200.0, 600.0
)
DEBT = passage(
    "tap-2", "answer", "Công ty nợ bảo hiểm xã hội thì làm sao?",
    "Anh chị gửi đơn đến cơ quan bảo hiểm xã hội nơi công ty đóng.", 30.0, 90.0,
    year=2025, topics=("bao-hiem",), organisations=("Công đoàn khu", "Sở Lao động, Thương binh"),
)  # fmt: skip
ONCE = passage(
    "tap-2", "answer", "Rút BHXH một lần cần giấy tờ gì?",
    "Cần sổ bảo hiểm và đơn đề nghị. Sau mười hai tháng thì mới được rút.", 100.0, 160.0,
    year=2025, topics=("bao-hiem",), organisations=("Công đoàn khu",),
)  # fmt: skip
FIRED = passage(
    "tap-3", "speech", "", "Nếu sa thải trái luật thì người lao động được nhận lại và bồi thường.",
    programme="tu-van-phap-luat",
)  # fmt: skip
TABLE = passage("tap-4", "speech", "", "Cái bàn này bán ở chợ cho các bạn công nhân thuê nhà.")
FRIEND = passage("tap-4", "speech", "", "Bạn của tôi hoà đồng với mọi người trong xưởng may.", 60.0, 120.0)
ENGLISH = passage("tap-5", "speech", "", "A worker may take annual leave of twelve days.", language="en")
ALL = [MATERNITY, MATERNITY_RUN, OVERTIME, DEBT, ONCE, FIRED, TABLE, FRIEND, ENGLISH]


def filled(index: SearchIndex) -> SearchIndex:
    episodes = sorted({p.episode for p in ALL})
    index.rebuild([(slug, [p for p in ALL if p.episode == slug]) for slug in episodes])
    return index


@pytest.fixture(scope="module")
def index(new: Callable[[Path], SearchIndex], tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index that holds `ALL`, made once for all tests that only read; who writes takes `own`."""
    return filled(new(tmp_path_factory.mktemp("contract")))


@pytest.fixture
def own(empty: SearchIndex) -> SearchIndex:
    """A test's own index that holds `ALL`."""
    return filled(empty)


def first(index: SearchIndex, text: str, **filters: object) -> Passage | None:
    hits = index.search(SearchQuery(text, **filters)).hits  # type: ignore[arg-type]
    return hits[0].passage if hits else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thai sản sáu tháng", MATERNITY),
        ("thai san", MATERNITY),
        ("THAI SAN", MATERNITY),
        (unicodedata.normalize("NFD", "thai sản"), MATERNITY),
        ("thai sản bao lau", MATERNITY),
        ("me bau duoc nghi may thang", MATERNITY),
        ("mẹ bầu được nghỉ mấy tháng vậy ạ", MATERNITY),
        ("nghỉ thai sản 6 tháng", MATERNITY),
        ("mang thai nghir may thangs", MATERNITY),
        ("tăng ca chủ nhật", OVERTIME),
        ("lam them gio", OVERTIME),
        ("cty nợ bhxh", DEBT),
        ("cong ty no bao hiem", DEBT),
        ("BHXH 1 lần", ONCE),
        ("rut bao hiem xa hoi mot lan", ONCE),
        ("rút bhxh sau 12 tháng", ONCE),
        ("bị đuổi việc", FIRED),
        ("hòa đồng", FRIEND),
        ("hoà đồng", FRIEND),
    ],
)
def test_a_worker_finds_it_first(index: SearchIndex, text: str, found: Passage) -> None:
    assert first(index, text) == found


@pytest.mark.parametrize(("text", "found"), [("bán", TABLE), ("bạn của", FRIEND)])
def test_exact_diacritics_rank_first(index: SearchIndex, text: str, found: Passage) -> None:
    assert first(index, text) == found


def test_all_words_come_before_some(index: SearchIndex) -> None:
    hits = index.search(SearchQuery("bảo hiểm xã hội nơi công ty đóng")).hits
    assert hits[0].passage == DEBT
    assert index.search(SearchQuery("thai sản con thứ hai")).hits[0].passage == MATERNITY


def test_a_typo_is_forgiven(index: SearchIndex) -> None:
    assert first(index, "cong nhaan thuee nha") == TABLE
    assert first(index, "sinh đôi thì thêm mọt thàng") == MATERNITY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DECnet leave", ENGLISH),
        ("DECnet sa thải", FIRED),
        ("DECnet làm gì", OVERTIME),
        ("lương thuê nhà tết", TABLE),
        ("kinh doanh hòa đồng", FRIEND),
    ],
)
def test_there_is_always_something_near(index: SearchIndex, text: str, found: Passage) -> None:
    assert first(index, text) == found


def test_a_word_of_two_syllables_is_not_halved(empty: SearchIndex) -> None:
    empty.rebuild([("tap-3", [FIRED])])
    assert first(empty, "thai sản") is None


def test_some_words_only_where_no_kind_has_more(index: SearchIndex) -> None:
    assert first(index, "sa thải nhận", kinds=(PassageKind.SPEECH,)) == FIRED
    assert first(index, "sa thai", kinds=(PassageKind.ANSWER,)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thai sarn", MATERNITY),
        ("thai sa3n", MATERNITY),
        ("thaii sảnn", MATERNITY),
        ("thaisan", MATERNITY),
        ("THAISAN 6 thangs", MATERNITY),
        ("baohiem xahoi", DEBT),
        ("nowj bao hie63m", DEBT),
        ("lafm the6m giowf", OVERTIME),
        ("bhxh 1 lan", ONCE),
        ("mag thai k dc nghi ntn", MATERNITY),
        ("tang ca cn", OVERTIME),
    ],
)
def test_slips_of_the_keyboard(index: SearchIndex, text: str, found: Passage) -> None:
    assert first(index, text) == found


def test_what_the_archive_says_is_no_slip(empty: SearchIndex) -> None:
    mix = passage("tap-1", "speech", "", "Phối mix màu sơn cho xe máy.")
    boss = passage("tap-2", "speech", "", "Mĩ thuật là môn vẽ.")
    empty.rebuild([(p.episode, [p]) for p in (mix, boss)])
    assert [hit.passage for hit in empty.search(SearchQuery("mix")).hits] == [mix]
    empty.rebuild([(boss.episode, [boss])])
    assert [hit.passage for hit in empty.search(SearchQuery("mix")).hits] == [boss]


def counted(index: SearchIndex, text: str, **filters: object) -> dict[str, dict[str, int]]:
    facets = index.search(SearchQuery(text, facets=True, **filters)).facets  # type: ignore[arg-type]
    return {name: dict(values) for name, values in facets.items()}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("khoản 9 Điều 3", 3),
        ("điều 139 bộ luật lao động", 139),
        ("dieu 139", 139),
        ("nội dung điều 9 bộ luật lao động là gì", 9),
        ("bộ luật lao động điều một trăm ba mươi chín", 139),
    ],
)
def test_the_article_asked_for_comes_first(empty: SearchIndex, text: str, number: int) -> None:
    law = "Bộ luật Lao động nói: khoản 3, khoản 9 và khoản 139. Người lao động nghe điều đó, theo luật"
    said = {3: 139, 9: 3, 39: 9, 139: 39, 93: 93}  # each also names another number, with another word
    articles = [
        passage(
            f"luat-{n}", "speech", "", f"{law} số {other}. Đây là Điều {n} của bộ luật, khoản 9.", n, n + 1
        )
        for n, other in said.items()
    ]
    empty.rebuild([(p.episode, [p]) for p in articles])
    found = first(empty, text)
    assert found is not None
    assert found.episode == f"luat-{number}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bỏa hiểm xã họi nơi", "bảo hiểm xã hội nơi"),
        ("thái sàng", None),
        ("boa hiem", "bảo hiểm"),
        ("mag thai", "mang thai"),
        ("thai sản", None),
        ("xyzzy", None),
        ("", None),
        ("thai " * 40, None),
    ],
)
def test_did_you_mean(index: SearchIndex, typed: str, meant: str | None) -> None:
    query = SearchQuery(typed)
    assert suggestion(index, query, [index.search(query)]) == meant


def test_only_what_finds_more_is_meant(index: SearchIndex) -> None:
    query = SearchQuery("boa hiem", topic="thai-san")
    assert suggestion(index, query, [index.search(query)]) is None


@pytest.mark.parametrize(
    ("text", "partial"),
    [("thai sản", False), ("DECnet thai sản", True), ("xyzzy", True), ("", True), ("thai sarn", False)],
)
def test_partial_says_that_words_are_missing(index: SearchIndex, text: str, partial: bool) -> None:
    assert index.search(SearchQuery(text)).partial == partial


def test_facets_count_what_was_found(index: SearchIndex) -> None:
    assert counted(index, "bảo hiểm xã hội") == {
        "kind": {"answer": 2},
        "topic": {"bao-hiem": 2},
        "programme": {"diem-hen-cong-nhan": 2},
        "organisation": {"Công đoàn khu": 2, "Sở Lao động, Thương binh": 1},
        "year": {"2025": 2},
    }
    assert counted(index, "xyzzy") == {name: {} for name in FACETS}
    assert counted(index, "?") == {name: {} for name in FACETS}
    assert index.search(SearchQuery("bảo hiểm xã hội")).facets == {}


def test_a_facet_counts_as_if_it_were_not_chosen(index: SearchIndex) -> None:
    every = counted(index, "người")
    assert every["programme"] == {"diem-hen-cong-nhan": 1, "tu-van-phap-luat": 1}
    chosen = counted(index, "người", programme="tu-van-phap-luat")
    assert chosen["programme"] == every["programme"]
    assert chosen["kind"] == {"speech": 1}
    assert counted(index, "thai sản", kinds=(PassageKind.ANSWER,))["kind"] == {"answer": 1, "speech": 1}
    assert counted(index, "thai sản", year=2025)["year"] == {"2026": 1}
    assert counted(index, "thai sản", topic="\ud800")["kind"] == {}
    asked = counted(index, "bảo hiểm xã hội", organisation="Sở Lao động, Thương binh")
    assert asked["organisation"] == {"Công đoàn khu": 2, "Sở Lao động, Thương binh": 1}
    assert asked["kind"] == {"answer": 1}
    assert counted(index, "thai sản", organisation="\ud800")["kind"] == {}


def test_answers_before_chapters_before_speech(empty: SearchIndex) -> None:
    text = "Tiền lương làm đêm cao hơn ba mươi phần trăm."
    same = [
        passage(f"tap-{kind}", kind, "" if kind == "speech" else "Lương", text)
        for kind in ("speech", "chapter", "answer")
    ]
    empty.rebuild([(p.episode, [p]) for p in same])
    hits = empty.search(SearchQuery("lương làm đêm")).hits
    assert [hit.passage.kind for hit in hits] == ["answer", "chapter", "speech"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_newer_answer_comes_before_the_outdated_one(empty: SearchIndex) -> None:
    question, said = "Nghỉ thai sản được mấy tháng?", "Lao động nữ được nghỉ thai sản sáu tháng."
    old, new = (passage(episode, "answer", question, said) for episode in ("cu", "moi"))
    empty.rebuild([("cu", [replace(old, outdated=True)]), ("moi", [new])])
    first, second = empty.search(SearchQuery("nghỉ thai sản mấy tháng")).hits
    assert (first.passage.episode, second.passage.episode) == ("moi", "cu")
    assert second.score < first.score
    assert second.passage.outdated and not first.passage.outdated
    empty.replace("cu", [old])
    first, second = empty.search(SearchQuery("nghỉ thai sản mấy tháng")).hits
    assert second.score == pytest.approx(first.score)


def test_one_hit_for_one_moment(index: SearchIndex) -> None:
    assert [h.passage for h in index.search(SearchQuery("thai sản")).hits] == [MATERNITY]
    within = index.search(SearchQuery("thai sản", episode="tap-1")).hits
    assert {h.passage.id for h in within} == {MATERNITY.id, MATERNITY_RUN.id}
    assert first(index, "thai sản", kinds=(PassageKind.SPEECH,)) == MATERNITY_RUN


def test_the_last_word_goes_on_while_typing(index: SearchIndex) -> None:
    assert first(index, "rut bhx", typing=True) == ONCE
    assert first(index, "sa thả", typing=True) == FIRED
    assert first(index, "annual lea", typing=True) == ENGLISH


@pytest.mark.parametrize(
    ("filters", "episodes"),
    [
        ({"kinds": (PassageKind.ANSWER,)}, {"tap-1", "tap-2"}),
        ({"programme": "tu-van-phap-luat"}, {"tap-3"}),
        ({"topic": "bao-hiem"}, {"tap-2"}),
        ({"year": 2025}, {"tap-2"}),
        ({"episode": "tap-1"}, {"tap-1"}),
        ({"language": "en"}, {"tap-5"}),
        ({"topic": "bao-hiem", "year": 2026}, set()),
        ({"topic": "BAO-HIEM"}, set()),
        ({"organisation": "Công đoàn khu"}, {"tap-2"}),
        ({"organisation": 'Công đoàn khu" OR organisation = "'}, set()),
        ({"programme": "tu-van OR diem-hen"}, set()),
        ({"episode": "\ud800"}, set()),
        ({"year": 10**30}, set()),
    ],
)
def test_filters_are_exact(index: SearchIndex, filters: dict[str, object], episodes: set[str]) -> None:
    words = ["nghỉ", "giờ", "bảo", "hiểm", "công", "ty", "được", "người", "leave", "rút", "bạn"]
    found = {
        hit.passage.episode
        for word in words
        for hit in index.search(SearchQuery(word, **filters)).hits  # type: ignore[arg-type]
    }
    assert found == episodes


def test_highlights_are_the_words_found(index: SearchIndex) -> None:
    (hit, *_) = index.search(SearchQuery("mang thai sau thang")).hits
    assert hit.passage == MATERNITY
    assert [hit.passage.title[a:b] for a, b in hit.title_spans] == ["Mang thai", "tháng"]
    marked = [hit.passage.text[a:b] for a, b in hit.text_spans]
    assert "sáu tháng" in marked
    ends = [0, *(end for _, end in hit.text_spans)]
    assert all(a >= end for (a, _), end in zip(hit.text_spans, ends, strict=False))


def test_pages_follow_each_other(empty: SearchIndex) -> None:
    many = [passage("tap-9", "speech", "", f"tiền lương kỳ {n}", n, n + 1) for n in range(25)]
    empty.replace("tap-9", many)
    ids: list[str] = []
    for offset in (0, 10, 20, 30):
        page = empty.search(SearchQuery("tiền lương", offset=offset, limit=10))
        assert page.total == 25
        ids += [hit.passage.id for hit in page.hits]
    assert sorted(ids) == sorted(p.id for p in many)


@pytest.mark.parametrize(
    ("offset", "limit"), [(-1, 20), (0, 0), (0, -5), (0, PAGE_LIMIT + 1), (DEPTH_LIMIT - 5, 6), (10**12, 1)]
)
def test_paging_has_limits(index: SearchIndex, offset: int, limit: int) -> None:
    with pytest.raises(InvalidInput):
        index.search(SearchQuery("lương", offset=offset, limit=limit))
    assert index.search(SearchQuery("lương", offset=DEPTH_LIMIT - 20, limit=20)).hits == ()


NASTY = [
    "", " ", "\x00", "\ud800", "thai\ud800 sản\x07", "?!…", "👷‍♀️", '"', '"thai sản', "thai AND (OR", "NOT *",
    "text_folded:[a TO z]", "episode:tap-1 -kind:answer", "thai^1e99 sản~99", "/.*/", "*", "+", "\\", "a" * 10_000,
    "thai sản " * 1200, "mẹ bầu được nghỉ " * 600, "đ" * 10_000, "́" * 500, "a\u0301" * 5_000, "1 2 3 " * 2000,
    "ﷺ" * 1000, "İ" * 400,
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_bad_input_is_harmless(index: SearchIndex, text: str) -> None:
    for typing in (False, True):
        result = index.search(SearchQuery(text, typing=typing))
        assert len(result.hits) <= result.total
    assert isinstance(index.suggest(text), list)


@given(st.text(st.characters(), max_size=60), st.booleans())
def test_any_text_can_be_searched(index: SearchIndex, text: str, typing: bool) -> None:
    result = index.search(SearchQuery(text, typing=typing))
    for hit in result.hits:
        for spans, words in ((hit.title_spans, hit.passage.title), (hit.text_spans, hit.passage.text)):
            assert all(0 <= a < b <= len(words) for a, b in spans)
    index.suggest(text)


def test_suggestions_are_titles(index: SearchIndex) -> None:
    assert index.suggest("mang th") == [MATERNITY.title]
    assert index.suggest("rut b") == [ONCE.title]
    assert index.suggest("lam the") == [OVERTIME.title]
    assert index.suggest("bảo hiểm") == [DEBT.title]
    assert index.suggest("sa thải") == []
    assert len(index.suggest("m", limit=1)) == 1
    assert index.suggest("m", limit=0) == []


def test_what_begins_like_it_is_suggested_first(empty: SearchIndex) -> None:
    titles = ["Khi nào được tăng lương?", "Lương làm đêm tính sao?"]
    empty.replace("tap-1", [passage("tap-1", "answer", t, "", n, n + 1) for n, t in enumerate(titles)])
    assert empty.suggest("luong") == titles[::-1]


def test_replacing_changes_only_one_episode(own: SearchIndex) -> None:
    before = own.counts()
    assert before == {"tap-1": 3, "tap-2": 2, "tap-3": 1, "tap-4": 2, "tap-5": 1}
    own.replace("tap-2", [DEBT])
    assert own.counts() == before | {"tap-2": 1}
    assert first(own, "rút BHXH một lần") == DEBT
    assert first(own, "nợ BHXH") == DEBT
    own.replace("tap-2", [])
    own.replace("tap-2", [])
    assert own.counts() == {slug: n for slug, n in before.items() if slug != "tap-2"}
    assert first(own, "nợ bảo hiểm xã hội", topic="bao-hiem") is None


def test_rebuilding_forgets_the_rest(own: SearchIndex) -> None:
    own.rebuild([("tap-3", [FIRED]), ("tap-6", [])])
    assert own.counts() == {"tap-3": 1}
    assert own.current()
    assert first(own, "thai sản") is None
    own.rebuild([])
    assert own.counts() == {}
    assert own.search(SearchQuery("sa thải")).total == 0


def test_stored_passages_come_back_as_they_were(empty: SearchIndex) -> None:
    odd = passage(
        "tap-8", "answer", "Hỏi “lương” \\ 👷", "một\nhai\tba lương", 0.125, 3600.5, topics=("a", "b")
    )
    empty.replace("tap-8", [odd])
    assert first(empty, "lương") == odd


@pytest.mark.slow
def test_searching_while_others_write(own: SearchIndex) -> None:
    def write(number: int) -> None:
        own.replace(
            f"tap-moi-{number}", [passage(f"tap-moi-{number}", "speech", "", "tiền thưởng cuối năm")]
        )

    def read(_: int) -> int:
        return own.search(SearchQuery("thai sản")).total

    with ThreadPoolExecutor(6) as pool:
        writes = [pool.submit(write, n) for n in range(8)]
        totals = list(pool.map(read, range(60)))
        for write_done in writes:
            write_done.result()
    assert set(totals) == {1}
    assert own.search(SearchQuery("tiền thưởng cuối năm")).total == 8

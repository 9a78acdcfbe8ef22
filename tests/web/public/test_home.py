from __future__ import annotations

import re
from datetime import date

from starlette.testclient import TestClient

from tests.fakes.index_memory import MemoryIndex
from tests.web.groups import given
from tests.web.sample_archive import HOSTILE, LONG_TITLE, MATERNITY, QUESTIONS, WAGES, Archive, build
from web.app import create_app


def test_home_starts_with_search_and_lists_questions(client: TestClient) -> None:
    page = client.get("/").text
    assert page.index('role="search"') < page.index("Chương trình mới nhất")
    for question, *_ in QUESTIONS:
        assert question in page
    assert "55 giây" in page
    assert "0,8\u00a0MB" in page
    assert "15/3/2025" in page
    assert f'href="/episodes/{MATERNITY}?t=20&amp;until=75"' in page


def test_home_shows_what_is_played_most(archive: Archive, client: TestClient) -> None:
    assert "Được nghe nhiều" not in client.get("/").text
    answer = next(each for each in archive.transcripts.segments(WAGES) if each.question)
    archive.plays.count(WAGES, answer.id, date.today())
    page = client.get("/").text
    assert page.index("Được nghe nhiều") < page.rindex("Tăng ca ngày Chủ nhật")


def test_nothing_unpublished_is_anywhere(client: TestClient) -> None:
    for path in ("/", "/topics/thai-san", "/programmes/diem-hen", "/search?q=thai+san"):
        page = client.get(path).text
        assert "ban-nhap" not in page
        assert "da-go" not in page


def test_topics(client: TestClient) -> None:
    page = client.get("/topics").text
    assert re.search(r"Thai sản</span>\s*<span class=\"facts\">2 câu trả lời", page)
    topic = client.get("/topics/thai-san").text
    assert "Chồng tôi có được nghỉ" in topic
    assert "Đóng bảo hiểm chưa đủ" not in topic
    assert "nghỉ sinh, sinh con" in topic


def test_programme_lists_its_episodes_even_with_a_very_long_name(client: TestClient) -> None:
    page = client.get("/programmes/diem-hen").text
    assert LONG_TITLE in page
    assert "0 câu trả lời" in page


def test_hostile_text_is_only_text(client: TestClient) -> None:
    for path in (
        "/",
        "/programmes/diem-hen",
        "/episodes/chu-doc",
        "/search?q=script",
        "/episodes/chu-doc/transcript",
    ):
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "&lt;script&gt;" in re.sub("</?mark>", "", page), path
    assert client.get("/search", params={"q": HOSTILE}).text.count("<script>alert") == 0


def test_an_empty_archive_says_so() -> None:
    from tests.fakes.catalogue_memory import MemoryCatalogue
    from tests.fakes.plays_memory import MemoryPlays
    from tests.fakes.transcripts_memory import MemoryTranscripts

    catalogue = MemoryCatalogue()
    transcripts = MemoryTranscripts(catalogue)
    services = given(
        build().services,
        catalogue=catalogue,
        transcripts=transcripts,
        index=MemoryIndex(),
        plays=MemoryPlays(catalogue, transcripts),
    )
    client = TestClient(create_app(services))
    assert "Chưa có chương trình nào được đăng" in client.get("/").text
    assert "Chưa có chủ đề nào" in client.get("/topics").text


def test_pages_can_be_shared_and_read_by_machines(client: TestClient) -> None:
    page = client.get("/topics/thai-san").text
    assert "<title>Thai sản – Tualai</title>" in page
    assert '<link rel="canonical" href="https://tualai.example/topics/thai-san">' in page
    assert '<meta property="og:title" content="Thai sản – Tualai">' in page


def test_landmarks_and_ids_on_every_page(client: TestClient) -> None:
    for path in ("/", "/search?q=thai", "/topics", f"/episodes/{MATERNITY}", "/nowhere"):
        page = client.get(path).text
        for piece in (
            'class="skip" href="#main"',
            "<main",
            "<header",
            "<footer",
            'role="search"',
            'aria-live="polite"',
        ):
            assert page.count(piece) == 1 or piece == "<header", (path, piece)
        assert len(re.findall(r"<h1\b", page)) == 1, path
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path


def test_an_answer_is_on_the_topics_its_question_names() -> None:
    from media.archive.episodes import Topic
    from web.public.home import _names, _spelled

    topic = Topic("thai-san", "Thai sản", "Maternity", ("nghỉ sinh", "bầu"))
    for question in ("Nghi thai san bao lâu?", "Em đang BẦU bảy tháng", "nghỉ sinh, có lương không?"):
        assert _names(topic, _spelled(question)), question
    for question in ("Làm thêm giờ tối đa bao nhiêu?", "Thai nhi và sản phụ"):
        assert not _names(topic, _spelled(question)), question

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from media.errors import Unavailable
from search.index import Hit, SearchQuery, SearchResults
from tests.fakes.index_memory import MemoryIndex
from tests.web.sample_archive import MATERNITY, WAGES, Archive, build
from web.app import create_app
from web.domain.statistics.searches import Searched
from web.views.search_address import SearchParams


class BrokenIndex(MemoryIndex):
    """An index whose engine has gone away."""

    def search(self, query: SearchQuery) -> SearchResults:
        raise Unavailable("The search engine does not answer; start it again.")


def test_hits_of_all_kinds_stand_by_how_well_they_answer(archive: Archive, client: TestClient) -> None:
    page = client.get("/search?q=thai+san").text
    shown = re.findall(r'data-passage="([^"]*)"', page)
    assert shown == [hit.passage.id for hit in archive.index.search(SearchQuery("thai san")).hits]
    assert set(re.findall(r'data-hit data-kind="(\w+)"', page)) == {"answer", "chapter", "speech"}
    assert "<mark>thai" in page
    assert "Bà Trần Thị Mẫu trả lời" in page
    assert re.search(r"55 giây</span> *\n?.*0,8\u00a0MB", page)


def test_a_hit_can_be_played_in_place_and_without_scripts(archive: Archive, client: TestClient) -> None:
    page = client.get("/search?q=ch%E1%BB%93ng+t%C3%B4i").text
    hit = re.search(r'<li class="span" data-hit[^>]*>', page)
    assert hit is not None
    answer = next(
        each for each in archive.transcripts.segments(MATERNITY) if each.question.startswith("Chồng")
    )
    for piece in (
        f'data-episode="{MATERNITY}"',
        f'data-segment="{answer.id}"',
        'data-start="75"',
        'data-end="140"',
        'master.m3u8"',
        'audio/index.m3u8"',
    ):
        assert piece in hit.group()
    assert f'href="/episodes/{MATERNITY}?t=75&amp;until=140"' in page


def test_moments_are_gathered_by_episode(client: TestClient) -> None:
    page = client.get("/search?q=thai+san&kind=speech").text
    assert page.count(f'<a href="/episodes/{MATERNITY}?find=thai%20san">') == 1
    assert page.count('data-kind="speech"') > 3
    assert 'data-kind="answer"' not in page


def test_nothing_found(client: TestClient) -> None:
    page = client.get("/search", params={"q": "xyzzy <zz>"})
    assert page.status_code == 200
    assert "Chưa có câu trả lời cho “xyzzy &lt;zz&gt;”." in page.text


def test_nothing_asked(client: TestClient) -> None:
    page = client.get("/search")
    assert page.status_code == 200
    assert "Gõ vài chữ" in page.text


def test_the_fragment_is_the_same_results_without_the_page(client: TestClient) -> None:
    whole, part = client.get("/search?q=thai+san").text, client.get("/search?q=thai+san&fragment=1").text
    assert "<html" not in part
    assert part.strip() in whole


def test_typing_matches_beginnings(client: TestClient) -> None:
    assert "Thai sản và bảo hiểm" in client.get("/search?q=thai+s&fragment=1&typing=1").text


def test_filters_and_pages(client: TestClient) -> None:
    only = client.get("/search?q=tang+ca&kind=answer&topic=tien-luong").text
    assert "Tăng ca ngày Chủ nhật" in re.sub(r"</?mark>", "", only)
    assert "Chưa có câu trả lời" in client.get("/search?q=tang+ca&year=1999").text
    assert "Chưa có câu trả lời" in client.get("/search?q=tang+ca&programme=khac").text
    first = client.get("/search?q=lao+dong&kind=speech").text
    assert 'rel="next" href="/search?q=lao+dong&amp;kind=speech&amp;page=2"' in first
    assert 'rel="prev"' in client.get("/search?q=lao+dong&kind=speech&page=2").text


def test_a_better_spelling_is_one_tap_away(client: TestClient) -> None:
    page = client.get("/search", params={"q": "sinh đoi trơ lem", "kind": "answer"}).text
    found = re.search(r'data-meant href="([^"]+)">([^<]+)<', page)
    assert found is not None
    assert found.group(2) == "Có phải anh chị tìm “sinh đôi trở lên”?"
    better = client.get(html.unescape(found.group(1))).text
    assert 'data-kind="answer"' in better
    assert "data-meant" not in better
    assert "data-meant" not in client.get("/search?q=thai+san").text


def test_facets_count_and_narrow(client: TestClient) -> None:
    page = client.get("/search?q=lao+dong").text
    years = dict(re.findall(r'href="(/search[^"]*year=\d+)"[^>]*>\d+ <span class="number">([\d.]+)<', page))
    assert len(years) > 1
    for url, number in years.items():
        narrowed = client.get(html.unescape(url)).text
        total = re.search(r'data-count="([\d.]+) kết quả"', narrowed)
        assert total is not None
        assert total.group(1) == number
        assert "✓" in narrowed
        assert 'href="/search?q=lao+dong">Bỏ lọc' in narrowed
    assert "Thai sản" in page


def test_every_kind_says_how_much_it_has(client: TestClient) -> None:
    numbers = r'<a href="[^"]*"[^>]*>([^<]*) <span class="number">([\d.]+)<'
    for url in ("/search?q=thai+san", "/search?q=thai+san&kind=speech"):
        kinds = client.get(url).text.partition('<nav class="kinds"')[2].partition("</nav>")[0]
        found = {name: int(number.replace(".", "")) for name, number in re.findall(numbers, kinds)}
        assert found["Câu trả lời"] > 0
        every = sum(number for name, number in found.items() if name != "Tất cả")
        assert found["Tất cả"] < every, "moments within an answer count for the answer"
        for name, kind in (("Tất cả", ""), ("Câu trả lời", "answer"), ("Lời thoại", "speech")):
            page = client.get("/search?q=thai+san" + (kind and f"&kind={kind}")).text
            assert f'data-count="{found[name]} kết quả"' in page


def test_a_search_without_hits_can_be_unfiltered(client: TestClient) -> None:
    page = client.get("/search?q=tang+ca&year=1999").text
    assert 'href="/search?q=tang+ca">Bỏ lọc' in page
    assert re.search(r'href="/search\?q=tang\+ca&amp;year=2024"', page)


@pytest.mark.parametrize(
    "query",
    [
        "q=a&page=-1",
        "q=a&page=9999999999",
        "q=a&year=20x5",
        "q=a&kind=nonsense",
        "q=" + "a" * 5000,
        "q=%00",
    ],
)
def test_nonsense_in_the_address_does_no_harm(client: TestClient, query: str) -> None:
    assert client.get(f"/search?{query}", follow_redirects=True).status_code == 200


def test_when_the_engine_is_away_the_rest_works() -> None:
    client = TestClient(create_app(build(BrokenIndex()).services))
    for path in ("/search?q=thai", "/search?q=thai&fragment=1"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Tìm kiếm đang nghỉ" in answer.text
    assert client.get("/").status_code == 200
    assert client.get(f"/episodes/{MATERNITY}").status_code == 200


def test_addresses_of_searches() -> None:
    params = SearchParams("thai sản", kind="answer", page=3)
    assert params.url(page=1) == "/search?q=thai+s%E1%BA%A3n&kind=answer"
    assert params.url(kind="") == "/search?q=thai+s%E1%BA%A3n"
    assert SearchParams("").url() == "/search"


@pytest.mark.parametrize(
    ("given", "one"),
    [
        ("q=++thai++san+", "/search?q=thai+san"),
        ("q=thai+san&page=1", "/search?q=thai+san"),
        ("year=2025&kind=answer&q=thai+san", "/search?q=thai+san&kind=answer&year=2025"),
        ("q=khac&q=thai+san&utm_source=zalo", "/search?q=thai+san"),
        ("q=thai+san&kind=&topic=&lang=en", "/search?q=thai+san&lang=en"),
        ("q=+", "/search"),
        ("q=tha%CC%80", "/search?q=th%C3%A0"),
        ("q=%ED%A0%80a%00b", "/search?q=%EF%BF%BD%EF%BF%BD%EF%BF%BDa+b"),
    ],
)
def test_one_search_has_one_address(client: TestClient, given: str, one: str) -> None:
    answer = client.get(f"/search?{given}")
    assert (answer.status_code, answer.headers["location"]) == (301, one)
    again = client.get(one)
    assert again.status_code == 200
    assert (
        f'<link rel="canonical" href="https://tualai.example{one.removesuffix("&lang=en")}">'
        in html.unescape(again.text)
    )


def test_a_page_beyond_the_last_leads_to_the_last(client: TestClient) -> None:
    answer = client.get("/search?q=thai+san&kind=answer&page=400")
    assert (answer.status_code, answer.headers["location"]) == (302, "/search?q=thai+san&kind=answer")


def test_organisations_narrow_the_search(client: TestClient) -> None:
    page = client.get("/search?q=lao+dong").text
    assert "Cơ quan trả lời" in page
    (url,) = re.findall(r'href="(/search[^"]*organisation=[^"]*ph%C3%A1p[^"]*)"', page)
    narrowed = client.get(html.unescape(url))
    assert narrowed.status_code == 200
    assert set(re.findall(r'data-episode="([^"]*)"', narrowed.text)) == {WAGES}


def test_moments_of_an_episode_are_counted_marked_and_all_to_be_had(client: TestClient) -> None:
    page = client.get("/search?q=sinh+doi&kind=speech").text
    first = page.partition('<div class="moments">')[2].partition('<div class="moments">')[0]
    count = re.search(r"(\d+) đoạn (?:khớp nhất )?trong tập này", first)
    assert count is not None
    assert first.count('class="mark here"') == int(count[1])
    assert first.count("data-hit") == int(count[1])
    (url,) = re.findall(r'href="(/search[^"]*episode=[^"]*)"', first)
    inside = client.get(html.unescape(url)).text
    assert inside.count('data-kind="speech"') >= int(count[1])
    assert "Trong tập" in inside


def test_topics_that_are_named_are_offered(client: TestClient) -> None:
    assert (
        'href="/topics/thai-san">Chủ đề: Thai sản'
        in client.get("/search?q=nghi+si&fragment=1&typing=1").text
    )
    assert "Chủ đề:" not in client.get("/search?q=tang+ca").text


def test_nothing_found_leads_to_asking(client: TestClient) -> None:
    page = client.get("/search", params={"q": "visa & <zz>"}).text
    (url,) = re.findall(r'href="(/ask[^"]*)"', page)
    asking = client.get(html.unescape(url))
    assert asking.status_code == 200
    assert "“visa &amp; &lt;zz&gt;”" in asking.text
    assert "chưa gửi gì đi" in asking.text
    assert 'href="/topics/thai-san"' in asking.text
    assert client.get("/ask").status_code == 200


def test_one_search_is_counted_once(archive: Archive, client: TestClient) -> None:
    for path in (
        "/search?q=Thai+S%E1%BA%A3n",
        "/search?q=xyzzy",
        "/search?q=thai&fragment=1&typing=1",
        "/search?q=thai+s%E1%BA%A3n&fragment=1",
        "/search?q=thai+s%E1%BA%A3n&kind=speech",
        "/search?q=thai+s%E1%BA%A3n&kind=speech&page=2",
        "/search?q=thai+s%E1%BA%A3n&year=2025",
        "/search?q=+thai+s%E1%BA%A3n",
    ):
        client.get(path)
    client.get("/search?q=thai", headers={"user-agent": "Googlebot/2.1"})
    client.get("/search?q=thai", headers={"sec-purpose": "prefetch"})
    archive.counter.flush()
    assert archive.searches.searched(date.today()) == [
        Searched("thai sản", 1, 0, 0),
        Searched("xyzzy", 1, 1, 0),
    ]


class Weak(MemoryIndex):
    """What is found is only the nearest there is."""

    def search(self, query: SearchQuery) -> SearchResults:
        return replace(super().search(query), fits=False)


@pytest.mark.parametrize(
    ("language", "told"),
    [("vi", "Chưa có câu trả lời đúng ý; gần nhất là:"), ("en", "No answer fits yet; the nearest are:")],
)
def test_what_only_comes_near_is_said_to(language: str, told: str) -> None:
    client = TestClient(create_app(build(Weak()).services))
    page = client.get(f"/search?q=thai+san&lang={language}").text
    assert told in page
    assert "data-hit" in page
    assert 'href="/ask?text=thai%20san"' in page
    assert (
        told not in TestClient(create_app(build().services)).get(f"/search?q=thai+san&lang={language}").text
    )


class MeaningOnly(MemoryIndex):
    """Hits that were found by their meaning: no word is marked."""

    def search(self, query: SearchQuery) -> SearchResults:
        found = super().search(query)
        hits = tuple(Hit(hit.passage, 0.5, closeness=0.9) for hit in found.hits)
        return SearchResults(found.total, hits, "meaning", 0.0, found.facets)


def test_a_hit_without_a_word_marked_shows_how_it_begins() -> None:
    page = TestClient(create_app(build(MeaningOnly()).services)).get("/search?q=thai+san").text
    assert "<mark>" not in page
    assert re.search(r'<p class="excerpt" lang="vi">\s*[^<\s… ]', page)


odd_text = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    ["\ud800", "\x00", "a" * 10_000, "' OR 1=1", '"']
)
names = st.sampled_from(["q", "kind", "page", "topic", "programme", "organisation", "year", "episode", "limit", "offset", "lang", "facets", "fragment", "typing"])  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(names, odd_text), max_size=6),
    st.sampled_from(["/search", "/ask", "/api/v1/search", "/api/v1/suggest"]),
)
def test_no_address_breaks_the_search(client: TestClient, values: list[tuple[str, str]], path: str) -> None:
    query = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in values)
    answer = client.get(f"{path}?{query}", follow_redirects=True)
    assert answer.status_code in (200, 400)

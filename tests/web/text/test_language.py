from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from starlette.testclient import TestClient

import web
from web.http.origins import safe_next
from web.text.language import EXTRACTED_CALLS, choose, read_languages

FOLDER = Path(web.__file__).parent
LANGUAGES = read_languages()
FIELD = re.compile(r"%\((\w+)\)s")


@cache
def written_messages() -> set[str]:
    """Every message id in templates and code."""
    found = extract_from_dir(
        FOLDER,
        method_map=[("templates/**.html", "jinja2"), ("**.py", "python")],
        keywords=dict.fromkeys(EXTRACTED_CALLS),
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_every_sentence_has_its_english_with_the_same_fields() -> None:
    english = LANGUAGES["en"].catalog
    messages = written_messages()
    assert len(messages) > 100
    for message in messages:
        found = english.get(message)
        assert found is not None, f"no English for “{message}”"
        strings = found.string if isinstance(found.string, tuple) else (found.string,)
        for string in strings:
            assert string, f"no English for “{message}”"
            assert set(FIELD.findall(string)) == set(FIELD.findall(message)), message


def test_no_english_is_left_over() -> None:
    written = written_messages()
    kept = {
        each.id if isinstance(each.id, str) else each.id[0] for each in LANGUAGES["en"].catalog if each.id
    }
    assert kept <= written


def test_scripts_speak_only_in_words_that_the_page_gives_them() -> None:
    base = (FOLDER / "templates/base.html").read_text()
    for path in (FOLDER / "static").glob("*.js"):
        source = path.read_text()
        for name in re.findall(r"say\(\"(\w+)\"", source):
            assert f'"{name}":' in base, f"{path.name} says “{name}”"
        code = re.sub(r"//.*", "", source)
        assert not re.search(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]", code.replace('"đ"', "")), path.name


def test_counting_numbers_and_dates() -> None:
    vietnamese, english = LANGUAGES["vi"], LANGUAGES["en"]
    assert vietnamese.many("%(num)s câu trả lời", 1234) == "1.234 câu trả lời"
    assert english.many("%(num)s câu trả lời", 1) == "1 answer"
    assert english.many("%(num)s câu trả lời", 0) == "0 answers"
    assert vietnamese.number(1.25, 1) == "1,2"
    assert vietnamese.date(date(2025, 3, 15)) == "15/3/2025"
    assert english.date(date(2025, 3, 15)) == "15 March 2025"
    assert english.say("một câu không có trong danh sách") == "một câu không có trong danh sách"


@pytest.mark.parametrize(
    ("query", "cookie", "code"),
    [(None, None, "vi"), ("en", None, "en"), (None, "en", "en"), ("vi", "en", "vi"), ("xx", "yy", "vi")],
)
def test_the_language_is_chosen(query: str | None, cookie: str | None, code: str) -> None:
    assert choose(query, cookie) == code


def test_a_language_is_remembered(client: TestClient) -> None:
    assert 'lang="vi"' in client.get("/").text
    answer = client.get("/language", params={"to": "en", "next": "/topics?lang=vi&a=b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/topics?a=b")
    page = client.get("/topics")
    assert '<html lang="en">' in page.text
    assert "Maternity" in page.text
    assert page.headers["content-language"] == "en"
    assert "Thai sản" in client.get("/topics?lang=vi").text


def test_an_unknown_language_is_not_remembered(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/language?to=xx&next=/").headers


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/\t/evil.example",
        "\\\\evil",
    ],
)
def test_going_back_never_leaves_the_site(target: str) -> None:
    assert safe_next(target) == "/"

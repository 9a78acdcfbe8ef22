from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import media.errors
from media.probing.probe import NO_STREAMS
from web.text.error_messages import LONGEST, Telling, preferred
from web.text.language import read_languages

ROOT = Path(__file__).parents[3]
LANGUAGES = read_languages()
VIETNAMESE = LANGUAGES["vi"]
RAISES = re.compile(r"^\s*(raise|class \w+\(\w+\)|return [A-Z]\w+\()", re.MULTILINE)
"""What has none of these makes no error."""
FIELD = re.compile(r"%\((\w+)\)s")
FOR_PROGRAMS = re.compile(
    r"JSON|ETag|If-Match|Upload-|[Ii]dempotency|TUALAI_|Send the browser's subscription"
    r"|^“[\w{}\[\]]+” (is|are|has|must|have|names?)\b|^(A|An) (\w+ )?(\w+) is (an object|\[|a JSON|of a “|a pair)"
    r"|is an object|Send an object|A change is|given more than once|is no kind; use answer|1 to \{PAGE_LIMIT\}"
    r"|is the number of a version|Send the transcript|^Send \{|lists of cues|must be a number of bytes|what to look for as “q”|A confidence is|Seconds are numbers|A range is|This is too long to be counted"
)
"""What only a program that calls wrongly is told."""
ELSEWHERE = (
    "infra/maintenance/backup.py", "infra/assembly/engines.py", "infra/maintenance/import_export.py", "infra/db/jobs/queue_dbos.py", "infra/live/pull_sources.py",
    "infra/live/process.py", "infra/live/session.py", "infra/processes/reporting.py", "infra/configuration/settings.py", "infra/processes/site.py",
    "infra/jobs/slots.py", "infra/background/watched_folder.py", "infra/assembly/wiring.py", "infra/commands/", "infra/processes/runner.py",
    "infra/intake/recording.py", "infra/db/base/connecting.py", "infra/db/base/copying.py", "infra/db/base/database.py",
    "infra/db/migrations/", "infra/db/base/moving.py", "infra/db/base/read_only.py",
    "media/live/rtmp/amf0.py", "media/storage/copying.py", "media/ffmpeg/encoder.py", "media/live/containers/flv.py", "media/live/containers/codec_config.py",
    "media/ingest/ingest.py", "media/storage/keys.py", "media/live/segmenter.py", "media/live/rtmp/server.py", "media/live/srt_ports.py",
    "media/storage/local_copies.py", "media/ffmpeg/programs.py", "media/live/rtmp/chunk_stream.py", "media/live/rtmp/session.py",
    "media/ffmpeg/rungs.py", "media/ffmpeg/runner.py", "media/storage/s3/address.py", "media/storage/folder.py", "media/storage/s3/",
    "search/tantivy/builds.py", "search/diacritics/counts.py", "search/embedding/", "search/synonyms/tsv.py",
    "search/meilisearch/server.py", "search/meilisearch/settings.py", "search/meilisearch/writing.py",
    "transcribe/speech/",
    "web/domain/sending/fernet.py", "web/http/file_delivery.py", "web/public/health.py", "web/domain/sending/smtp.py",
    "web/http/static_files.py",
)  # fmt: skip
"""Whose errors are for the command line, the settings or the log; a page tells some of them nevertheless."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    for package in ("media", "transcribe", "search", "web", "infra"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not name.startswith(ELSEWHERE) and RAISES.search(source := path.read_text()):
                yield name, ast.parse(source)


def errors_in(parsed: list[tuple[str, ast.Module]]) -> set[str]:
    """The names of `ArchiveError` and all that derive from it."""
    known = {name for name, each in vars(media.errors).items() if isinstance(each, type)}
    classes = [node for _, tree in parsed for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _ in range(3):
        known |= {
            c.name for c in classes if any(isinstance(b, ast.Name) and b.id in known for b in c.bases)
        }
    return known


def text_of(node: ast.expr) -> str | None:
    """The sentence that an expression makes, with {what} is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{" + ast.unparse(part.value) + "}"  # type: ignore[attr-defined]
            for part in node.values
        )
    return None


@cache
def sentences() -> list[tuple[str, str]]:
    """(where, sentence) of all errors that a page may have to tell."""
    parsed = list(trees())
    known = errors_in(parsed)
    calls = (
        (f"{name}:{node.lineno}", text_of(node.args[0]))
        for name, tree in parsed
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in known
        and node.args
    )
    return [(where, text) for where, text in calls if text and not FOR_PROGRAMS.search(text)]


def test_every_error_of_a_page_has_its_vietnamese() -> None:
    assert len(sentences()) > 200
    missing = [
        f"{where}: {text}"
        for where, text in sentences()
        if VIETNAMESE.told(finished := re.sub(r"\{[^{}]+\}", "7", text.replace("{NO_STREAMS}", NO_STREAMS)))
        == finished
    ]
    assert not missing, "\n".join(missing)


def catalogue() -> list[tuple[str, str]]:
    assert VIETNAMESE.errors is not None
    return list(VIETNAMESE.errors.sentences)


def test_fields_of_the_vietnamese_are_filled_in_by_the_english() -> None:
    for english, vietnamese in catalogue():
        assert set(FIELD.findall(vietnamese)) <= set(FIELD.findall(english)), english
        assert not re.search(r"%(?!\()", vietnamese), vietnamese


@given(st.sampled_from(catalogue()), st.text("abcdeghinoạộữ 0123456789", min_size=1, max_size=40))
def test_a_finished_sentence_leads_back_to_its_own(pair: tuple[str, str], filling: str) -> None:
    english, vietnamese = pair
    said = VIETNAMESE.told(FIELD.sub(lambda _: filling, english))
    assert said == vietnamese % dict.fromkeys(FIELD.findall(english), filling)


@given(st.text(max_size=3 * LONGEST))
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert VIETNAMESE.told(text) == LANGUAGES["en"].told(text) == text
    assert VIETNAMESE.told(text, "Chưa được.") == "Chưa được."


def test_the_sentence_with_most_words_of_its_own_wins() -> None:
    telling = Telling([("%(what)s is full.", "%(what)s đầy."), ("The disk is full.", "Máy chủ hết chỗ.")])
    assert telling.tell("The disk is full.") == "Máy chủ hết chỗ."
    assert telling.tell("The 100% “%(x)s” box is full.") == "The 100% “%(x)s” box đầy."
    assert telling.tell("The disk is empty.") is None


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", None),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8", "vi"),
        ("en-GB, vi;q=0.9", "en"),
        ("en;q=0.2, vi;q=0.9", "vi"),
        ("fr, de;q=0.5", None),
        ("fr, vi;q=0.1", "vi"),
        ("vi;q=0, en;q=0.1", "en"),
        ("*", None),
        (";;;,,vi;q=zwei, en;level=1", None),
    ],
)
def test_the_language_that_is_liked_best(header: str, wanted: str | None) -> None:
    assert preferred(header, ("vi", "en")) == wanted


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert preferred(header, ("vi", "en")) in {"vi", "en", None}


def test_programs_are_told_in_the_language_they_ask_for(client: TestClient) -> None:
    url = "/api/v1/search?q=luong&offset=9999"
    assert client.get(url).json()["detail"].startswith("Only the first")
    assert (
        client.get(url, headers={"Accept-Language": "vi-VN,en;q=0.5"})
        .json()["detail"]
        .startswith("Chỉ xem được")
    )
    client.cookies.set("language", "vi")
    english = client.get(url, headers={"Accept-Language": "en-US, vi;q=0.5"})
    assert english.json()["detail"].startswith("Only the first")

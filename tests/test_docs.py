"""What the documents say is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import typer.main

from infra.commands.app import app
from infra.configuration.settings import Settings
from tests.test_architecture import LAYERS

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
# A command in code: `tualai word`, also after a path such as .venv/bin/.
MENTIONED = re.compile(r"(?:`|^|/)tualai ([a-z]+)((?: [a-z]+)?)((?: --?[a-z-]+)*)", re.MULTILINE)


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_commands_that_are_named_exist(file: Path) -> None:
    for match in MENTIONED.finditer(file.read_text("utf-8")):
        assert match[1] in COMMANDS, match[0]
        command = COMMANDS[match[1]]
        parts = getattr(command, "commands", {})
        if parts and match[2]:
            assert match[2].strip() in parts, match[0]
            command = parts[match[2].strip()]
        options = {name for parameter in command.params for name in parameter.opts}
        for option in match[3].split():
            assert option in options | {"--home", "--help"}, match[0]


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"`{name}`" not in text and f"tualai {name}" not in text] == []


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `TUALAI_([A-Z_]+)` \| ([^|]+) \|", text, re.MULTILINE))
    fields = Settings.model_fields
    assert sorted(name.lower() for name in rows) == sorted(fields)
    for name, field in fields.items():
        default = field.default
        if isinstance(default, int | float) or (isinstance(default, str) and default):
            shown = f"{default:g}" if isinstance(default, float) else str(default)
            assert f"`{shown}`" in rows[name.upper()], name


def test_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    text = "".join(file.read_text("utf-8") for file in DOCS)
    for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_files_and_links_that_are_named_exist(file: Path) -> None:
    text = file.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (file.parent / link).exists(), link
    for path in re.findall(r"`((?:media|transcribe|search|web|infra|tests|bench|tools)/[a-z_./]+)`", text):
        assert (ROOT / path).exists(), path


def test_no_registry_host_and_no_machines_path_is_in_the_tree() -> None:
    hosts = ("registry" + ".npmjs.org", "files." + "pythonhosted.org", "pypi" + ".org/simple")
    tracked = [ROOT / "package-lock.json", ROOT / "pyproject.toml", ROOT / ".npmrc", ROOT / "Makefile"]
    for file in tracked:
        text = file.read_text("utf-8")
        assert not [host for host in hosts if host in text], file


def test_modules_and_names_that_are_named_exist() -> None:
    """Whatever stands as `package.module.Name` in documents and docstrings."""
    packages = ("media", "transcribe", "search", "web", "infra")
    files = [*DOCS, *(file for package in packages for file in (ROOT / package).rglob("*.py"))]
    missing = [
        f"{file}: {dotted}"
        for file in files
        for dotted in re.findall(rf"`((?:{'|'.join(packages)})(?:\.\w+)+)", file.read_text("utf-8"))
        if not _exists(dotted.split("."))
    ]
    assert not missing, "\n".join(missing)


def _exists(parts: list[str]) -> bool:
    for depth in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:depth])
        for file in (module.with_suffix(".py"), module / "__init__.py"):
            if file.exists():
                return depth == len(parts) or bool(
                    re.search(rf"\b{parts[depth]}\b", file.read_text("utf-8"))
                )
    return False


def test_the_rooms_of_the_architecture_are_those_of_the_tree() -> None:
    """Every room with its purpose, in the order of its layer."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    written = re.findall(r"^\| `((?:\w+)/(?:\w+)(?:/|\.py))` \| (.+) \|$", text, re.MULTILINE)
    rooms = [
        (f"{package}/{room}{'/' if (ROOT / package / room).is_dir() else '.py'}")
        for package in LAYERS[""]
        for layer in LAYERS[package]
        for room in layer.split()
    ]
    assert written == [(room, _purpose(ROOT / room)) for room in rooms]


def _purpose(room: Path) -> str:
    """The first line of what a folder or module says of itself."""
    file = room / "__init__.py" if room.is_dir() else room
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n")[0]


def test_the_nouns_of_the_architecture_are_where_it_says() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Z].*?) \| (`[a-z].*`) \|$", text.split("## The nouns")[1], re.MULTILINE)
    assert len(rows) > 10
    for nouns, places in rows:
        source = "".join((ROOT / place).read_text("utf-8") for place in re.findall(r"`(.+?)`", places))
        for noun in re.findall(r"[A-Z]\w+", nouns.partition(":")[0]):
            assert re.search(rf"^class {noun.removesuffix('s')}s?\b", source, re.MULTILINE), noun

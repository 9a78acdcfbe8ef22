"""The product's own source, read once for all tests that look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("media", "transcribe", "search", "web", "infra")


@cache
def files() -> list[Path]:
    """Every module of the five packages."""
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


@cache
def nodes(file: Path) -> list[ast.AST]:
    """Everything in a module's syntax tree, parents before children."""
    return list(ast.walk(ast.parse(file.read_text("utf-8"))))

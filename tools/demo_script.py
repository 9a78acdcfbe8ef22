"""Reads the script of the demonstration archive: who says what, in which order."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

SPEAKERS = {
    "MC": "host",
    "HOST": "host",
    "HỎI": "asker",
    "ASKER": "asker",
    "KHÁCH": "guest",
    "GUEST": "guest",
}
# A full stop after one capital letter ("chị L.") belongs to a name, not to the sentence.
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b[A-ZĐ]\.)\s+")
INITIAL = re.compile(r"\b([A-ZĐ])\.(?=[,!?\s])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and who says it: `host`, `asker` or `guest`."""

    speaker: str
    text: str

    def spoken(self) -> str:
        """The text as a voice should get it: no full stop inside a sentence after an initial."""
        return INITIAL.sub(r"\1", self.text)


@dataclass(frozen=True, slots=True)
class Part:
    """An opening, one question with its answer, or a closing."""

    kind: str
    sentences: tuple[Sentence, ...]
    headline: str = ""
    asker: str = ""
    asker_voice: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptEpisode:
    """One episode as written."""

    slug: str
    title: str
    date: date
    language: str
    live: bool
    topics: tuple[str, ...]
    description: str
    guest: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def stem(self) -> str:
        """The name of its files, without suffix."""
        return f"{self.date}-english-edition" if self.live else f"{self.date}-{self.topics[0]}"


@dataclass(frozen=True, slots=True)
class Script:
    """The whole script; `programme`, `topics` and `demo` as they stand in the file."""

    programme: dict[str, str]
    topics: list[dict[str, Any]]
    demo: dict[str, Any]
    episodes: tuple[ScriptEpisode, ...]


def sentences(talk: str) -> tuple[Sentence, ...]:
    """Split turns ("MC: …", one a line) into sentences."""
    found = []
    for line in talk.strip().splitlines():
        label, _, words = line.partition(":")
        found += [Sentence(SPEAKERS[label.strip()], text) for text in SENTENCE_END.split(words.strip())]
    return tuple(found)


def _part(table: dict[str, Any]) -> Part:
    rest = {key: value for key, value in table.items() if key not in {"talk", "points"}}
    return Part(sentences=sentences(table["talk"]), points=tuple(table.get("points", ())), **rest)


def _episode(table: dict[str, Any]) -> ScriptEpisode:
    return ScriptEpisode(
        slug=table["slug"],
        title=table["title"],
        date=table["date"],
        language=table.get("language", "vi"),
        live=table.get("live", False),
        topics=tuple(table["topics"]),
        description=table["description"],
        guest=table["guest"],
        parts=tuple(_part(part) for part in table["parts"]),
    )


def read_script(path: Path) -> Script:
    """Read `script.toml`."""
    tables = tomllib.loads(path.read_text("utf-8"))
    return Script(
        programme=tables["programme"],
        topics=tables["topics"],
        demo=tables["demo"],
        episodes=tuple(_episode(table) for table in tables["episodes"]),
    )

"""The demonstration archive: a made-up programme, read from `infra/demo_archive/`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from infra.assembly.archive import Archive
from infra.intake.recording import IngestRequest, take
from media.archive.episodes import Guest, Programme, Topic

FOLDER = Path(__file__).parents[1] / "demo_archive"


@dataclass(frozen=True, slots=True)
class DemoEpisode:
    """A recording of the demonstration; `live`: it has no captions and is recognised before the user's eyes."""

    file: Path
    wanted: IngestRequest
    live: bool


@dataclass(frozen=True, slots=True)
class Demo:
    """All of the demonstration, and searches worth trying."""

    programme: Programme
    topics: tuple[Topic, ...]
    episodes: tuple[DemoEpisode, ...]
    searches: tuple[str, ...]


def read_demo(folder: Path = FOLDER) -> Demo:
    """Read the manifest `archive.toml`."""
    manifest = tomllib.loads((folder / "archive.toml").read_text("utf-8"))
    programme = Programme(**manifest["programme"])
    topics = tuple(Topic(**{**topic, "synonyms": tuple(topic["synonyms"])}) for topic in manifest["topics"])
    episodes = tuple(_episode(folder, programme.slug, entry) for entry in manifest["episodes"])
    return Demo(programme, topics, episodes, tuple(manifest["try_searches"]))


def build(archive: Archive, demo: Demo, bar: Callable[[str], Any], live: bool) -> list[str]:
    """Take in the episodes that are (`live`), or are not, to be recognised; known ones are left as they are.

    Args:
        archive: to fill.
        demo: what with.
        bar: gives a context with a `Progress` for a title.
        live: which ones.

    Returns:
        Their slugs.
    """
    archive.catalogue.save_programme(demo.programme)
    for topic in demo.topics:
        archive.catalogue.save_topic(topic)
    known = {episode.slug for episode in archive.catalogue.episodes()}
    chosen = [episode for episode in demo.episodes if episode.live is live]
    for episode in chosen:
        if episode.wanted.slug not in known:
            with bar(episode.wanted.title) as progress:
                take(archive, episode.file, episode.wanted, progress)
    return [episode.wanted.slug for episode in chosen]


def _episode(folder: Path, programme: str, entry: dict[str, Any]) -> DemoEpisode:
    day = entry["date"]
    captions = entry.get("captions")
    wanted = IngestRequest(
        programme=programme,
        title=entry["title"],
        date=day if isinstance(day, date) else date.fromisoformat(day),
        language=entry["language"],
        slug=entry["slug"],
        description=entry.get("description", ""),
        notice=entry.get("notice", ""),
        topics=tuple(entry["topics"]),
        guests=tuple(Guest(**guest) for guest in entry.get("guests", ())),
        captions=folder / captions if captions else None,
        publish=True,
    )
    return DemoEpisode(folder / entry["file"], wanted, bool(entry.get("live")))

"""The nouns of the archive: programmes, episodes, recordings, renditions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from media.errors import InvalidInput
from media.probing.media_info import MediaInfo

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80


class EpisodeState(StrEnum):
    """Where an episode stands on its way to the public."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    PROCESSING = "processing"
    REVIEW = "review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who makes programmes, such as a grassroots union; its officers contribute to these only."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A series of episodes. `organisation` is the slug of whose it is, "" for the archive's own."""

    slug: str
    title: str
    language: str = "vi"
    description: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject kept by editors, with its names and the words people use for it. `featured` ones stand on
    the home page; when none does, all do."""

    slug: str
    name_vi: str
    name_en: str
    synonyms: tuple[str, ...] = ()
    featured: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who answers on air."""

    name: str
    role: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """An ingested source file. `id` is the SHA-256 of its bytes, in hex."""

    id: str
    filename: str
    size_bytes: int
    storage_key: str
    info: MediaInfo


class RenditionKind(StrEnum):
    """What a rendition is for."""

    SOURCE = "source"  # remuxed, not re-encoded; HLS
    VIDEO = "video"  # a rung of the ladder; HLS
    AUDIO = "audio"  # audio only; HLS
    POSTER = "poster"
    STORYBOARD = "storyboard"
    WAVEFORM = "waveform"


@dataclass(frozen=True, slots=True)
class Rendition:
    """Something made from a recording.

    `path` is relative to the recording's rendition prefix (`renditions_prefix`); for HLS kinds it
    names the media playlist. `bandwidth` and `average_bandwidth` are in bit/s, `codecs` is an
    RFC 6381 string. `gain_db` is the loudness change applied to the sound.
    """

    name: str
    kind: RenditionKind
    path: str
    width: int = 0
    height: int = 0
    bandwidth: int = 0
    average_bandwidth: int = 0
    codecs: str = ""
    size_bytes: int = 0
    frame_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Episode:
    """One broadcast of a programme.

    `notice` is shown wherever the episode is (such as "the voice is synthetic"). With
    `publish_when_ready` the episode becomes public as soon as it can be played. `version` counts changes
    of its facts, from 1. `publish_at` (UTC, without a zone) is when it becomes public by itself,
    `withdrawn_reason` what is told of why it no longer is, `captions_read` the version of the transcript
    that a person has read (0 for none).
    """

    slug: str
    programme: str
    title: str
    date: date
    language: str = "vi"
    description: str = ""
    notice: str = ""
    state: EpisodeState = EpisodeState.PROCESSING
    publish_when_ready: bool = False
    recording: str | None = None
    guests: tuple[Guest, ...] = ()
    topics: tuple[str, ...] = ()
    created_at: datetime | None = field(default=None, compare=False)
    version: int = field(default=1, compare=False)
    publish_at: datetime | None = None
    withdrawn_reason: str = ""
    captions_read: int = 0


def recording_prefix(recording: str) -> str:
    """Storage prefix of everything that belongs to a recording."""
    return f"recordings/{recording}"


def renditions_prefix(recording: str) -> str:
    """Storage prefix of a recording's renditions; `Rendition.path` is relative to it."""
    return f"recordings/{recording}/renditions"


def slugify(text: str) -> str:
    """Make a slug from a title: lower case, no diacritics, đ as d, words joined by hyphens.

    Raises:
        InvalidInput: when nothing usable is left.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    ascii_only = "".join(c if c.isascii() else " " for c in decomposed if not unicodedata.combining(c))
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:SLUG_LENGTH].strip("-")
    if not slug:
        raise InvalidInput(
            "“%(text)s” has no letter or digit to make an address from; give a title with some.", text=text
        )
    return slug


def check_slug(slug: str) -> str:
    """Return `slug` when it is one.

    Raises:
        InvalidInput: otherwise, with the form expected.
    """
    if len(slug) > SLUG_LENGTH or not SLUG.fullmatch(slug):
        raise InvalidInput(
            "“%(slug)s” is not a slug; use lower-case letters a–z, digits and single hyphens, at most"
            " %(most)s characters, such as “diem-hen-cong-nhan”.",
            slug=slug,
            most=SLUG_LENGTH,
        )
    return slug

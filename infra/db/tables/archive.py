"""The tables. Changing them needs a migration beside this file."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_json = sa.JSON()


def ref(target: str, **options: object) -> sa.ForeignKey:
    """A reference that follows its row when it is renamed, and goes with it."""
    return sa.ForeignKey(target, ondelete="CASCADE", onupdate="CASCADE", **options)  # type: ignore[arg-type]


programmes = sa.Table(
    "programmes",
    metadata,
    sa.Column("slug", sa.String(80), primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("organisation", sa.String(80), nullable=False, server_default=""),
)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("slug", sa.String(80), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name_vi", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("synonyms", _json, nullable=False),
    sa.Column("featured", sa.Boolean, nullable=False, server_default=sa.false()),
)

recordings = sa.Table(
    "recordings",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("storage_key", sa.Text, nullable=False),
    sa.Column("info", _json, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

episodes = sa.Table(
    "episodes",
    metadata,
    sa.Column("slug", sa.String(80), primary_key=True),
    sa.Column("programme", sa.String(80), ref("programmes.slug"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False, index=True),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("notice", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("publish_when_ready", sa.Boolean, nullable=False),
    sa.Column("recording", sa.String(64), ref("recordings.id"), unique=True),
    sa.Column("guests", _json, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("publish_at", sa.DateTime),
    sa.Column("withdrawn_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("captions_read", sa.Integer, nullable=False, server_default="0"),
)

episode_topics = sa.Table(
    "episode_topics",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("topic", sa.String(80), ref("topics.slug"), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)

renditions = sa.Table(
    "renditions",
    metadata,
    sa.Column("recording", sa.String(64), ref("recordings.id"), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("bandwidth", sa.Integer, nullable=False),
    sa.Column("average_bandwidth", sa.Integer, nullable=False),
    sa.Column("codecs", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("frame_rate", sa.Float, nullable=False),
)

transcripts = sa.Table(
    "transcripts",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("engine", sa.Text, nullable=False),
    sa.Column("cues", _json, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("author", sa.String(120), nullable=False, server_default=""),
    sa.Column("changed_at", sa.DateTime),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cue_count", sa.Integer, nullable=False, server_default="0"),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("start", sa.Float, nullable=False),
    sa.Column("end", sa.Float, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("answerers", _json, nullable=False),
    sa.Column("answer_start", sa.Float),
    sa.Column("topics", _json, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("law_changed", sa.Date),
    sa.Column("law_note", sa.Text, nullable=False, server_default=""),
    sa.Column("superseded_by", sa.String(120), nullable=False, server_default=""),
    sa.Column("review_on", sa.Date),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column(
        "removed", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # kept for undo and for the machine
    sa.Column("machine_start", sa.Float),  # where the machine had it, once a person has moved it
    sa.Column("machine_end", sa.Float),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("episode", sa.String(80), primary_key=True),  # outlives the episode: its removal
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("settled", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

plays = sa.Table(
    "plays",
    metadata,
    sa.Column("segment", sa.String(120), ref("segments.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("step", sa.String(40), nullable=False),
    sa.Column("step_number", sa.Integer, nullable=False),
    sa.Column("step_count", sa.Integer, nullable=False),
    sa.Column("fraction", sa.Float, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("seconds_left", sa.Float),
    sa.Column("error", sa.Text),
    sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    sa.Column("started_at", sa.DateTime),
    sa.Column("finished_at", sa.DateTime),
    sa.Column("updated_at", sa.DateTime),
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("seen_at", sa.DateTime, nullable=False),
)

vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("digest", sa.String(32), primary_key=True),
    sa.Column("embedder", sa.String(80), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

embedded = sa.Table(
    "embedded",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("embedder", sa.String(80), nullable=False),
    sa.Column("until", sa.DateTime),  # taken for so long by a worker; null: all vectors are in the index
)

learnings = sa.Table(
    "learnings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("episodes", sa.Text, nullable=False),
    sa.Column("stale", sa.Boolean, nullable=False),
    sa.Column("anew_at", sa.Float, nullable=False),
    sa.Column("anew_seconds", sa.Float, nullable=False),
    sa.Column("model", sa.LargeBinary, nullable=False),
)

searches = sa.Table(
    "searches",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("text", sa.String(200), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("empty", sa.Integer, nullable=False),
)

hit_plays = sa.Table(
    "hit_plays",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("text", sa.String(200), primary_key=True),
    sa.Column("passage", sa.String(160), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

lexicon_entries = sa.Table(
    "lexicon_entries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("meant", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("since", sa.Integer, nullable=False),
    sa.Column("until", sa.Integer),
)

lexicon_versions = sa.Table(
    "lexicon_versions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

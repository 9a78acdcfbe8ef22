"""The tables of the studio: people, what they changed, organisations."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.tables.archive import metadata, ref

organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("slug", sa.String(80), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)

moved_addresses = sa.Table(
    "moved_addresses",
    metadata,
    sa.Column("subject", sa.String(16), primary_key=True),
    sa.Column("slug", sa.String(80), primary_key=True),
    sa.Column("leads_to", sa.String(80), nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("login", sa.String(120), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("organisation", sa.String(80), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(32), ref("accounts.id"), nullable=False, index=True),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(32), ref("accounts.id"), nullable=False, index=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("issuer", sa.String(254), primary_key=True),
    sa.Column("subject", sa.String(254), primary_key=True),
    sa.Column("account", sa.String(32), ref("accounts.id"), nullable=False, index=True),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account", sa.String(32), ref("accounts.id"), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("used_at", sa.DateTime),
)

replays = sa.Table(
    "replays",
    metadata,
    sa.Column("account", sa.String(32), ref("accounts.id"), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("headers", sa.JSON, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("key", sa.String(160), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("ends_at", sa.Float, nullable=False),
)

presence = sa.Table(
    "presence",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("account", sa.String(32), ref("accounts.id"), primary_key=True),
    sa.Column("what", sa.String(20), primary_key=True),
    sa.Column("since", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("actor", sa.String(120), nullable=False, index=True),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False, index=True),
    sa.Column("detail", sa.JSON, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account", sa.String(32), ref("accounts.id"), index=True),  # null: the archive's own
    sa.Column("actor", sa.String(120), nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("wish", sa.JSON, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("fraction", sa.Float, nullable=False),
    sa.Column("episode", sa.String(80), ref("episodes.slug")),
    sa.Column("known", sa.Boolean, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("completed_at", sa.DateTime),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

replacements = sa.Table(
    "replacements",
    metadata,
    sa.Column("job", sa.String(40), ref("jobs.id"), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), nullable=False),
    sa.Column("recording", sa.String(64), nullable=False),
    sa.Column("replaced", sa.String(64), nullable=False),
)

watched_files = sa.Table(
    "watched_files",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, primary_key=True),
    sa.Column(
        "changed_at", sa.BigInteger, primary_key=True
    ),  # nanoseconds since 1970, as the file system tells
    sa.Column("episode", sa.String(80), nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

view_days = sa.Table(
    "view_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("views", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
)

view_buckets = sa.Table(
    "view_buckets",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seconds", sa.Float, nullable=False),
)

search_days = sa.Table(
    "search_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("empty", sa.Integer, nullable=False),
)

transcript_edits = sa.Table(
    "transcript_edits",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("edits", sa.JSON, nullable=False),
)

glossary = sa.Table(
    "glossary",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("written", sa.String(120), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("heard", sa.JSON, nullable=False),
    sa.Column("by_sound", sa.Boolean, nullable=False),
)

"""People, organisations and the audit log"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _organisations()
    _people()
    _audit()
    _tokens()
    _publishing()
    _segment_editing()
    _uploads()
    _figures()
    _transcripts()


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug"),
    )
    op.add_column(
        "programmes", sa.Column("organisation", sa.String(length=80), nullable=False, server_default="")
    )
    op.add_column("topics", sa.Column("featured", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "moved_addresses",
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("leads_to", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("subject", "slug"),
    )


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("organisation", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_links_account", "links", ["account"])
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issuer", "subject"),
    )
    op.create_index("ix_identities_account", "identities", ["account"])
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("at", "actor", "subject"):
        op.create_index(f"ix_audit_{column}", "audit", [column])


def _publishing() -> None:
    for table, column in (
        ("episodes", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
        ("episodes", sa.Column("publish_at", sa.DateTime(), nullable=True)),
        ("episodes", sa.Column("withdrawn_reason", sa.Text(), nullable=False, server_default="")),
        ("episodes", sa.Column("captions_read", sa.Integer(), nullable=False, server_default="0")),
        ("segments", sa.Column("law_changed", sa.Date(), nullable=True)),
        ("segments", sa.Column("law_note", sa.Text(), nullable=False, server_default="")),
        ("segments", sa.Column("superseded_by", sa.String(length=120), nullable=False, server_default="")),
        ("segments", sa.Column("review_on", sa.Date(), nullable=True)),
    ):
        op.add_column(table, column)
    op.create_table(
        "presence",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode", "account", "what"),
    )


def _segment_editing() -> None:
    for column in (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("machine_start", sa.Float(), nullable=True),
        sa.Column("machine_end", sa.Float(), nullable=True),
    ):
        op.add_column("segments", column)


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fraction", sa.Float(), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=True),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("completed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_uploads_account", "uploads", ["account"])
    op.create_index("ix_uploads_state", "uploads", ["state"])
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "episode"),
    )
    op.create_table(
        "replacements",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=False),
        sa.Column("replaced", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job"),
    )
    op.create_table(
        "watched_files",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", "size_bytes", "changed_at"),
    )


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime()),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_api_tokens_account", "api_tokens", ["account"])
    op.create_table(
        "replays",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account", "key"),
    )


def _figures() -> None:
    op.create_table(
        "view_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("day", "episode"),
    )
    op.create_table(
        "view_buckets",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode", "bucket"),
    )
    op.create_table(
        "search_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )


def _transcripts() -> None:
    for column in (
        sa.Column("author", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("changed_at", sa.DateTime()),
        sa.Column("changed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("cue_count", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("transcripts", column)
    op.execute("UPDATE transcripts SET cue_count = json_array_length(cues)")
    op.create_table(
        "transcript_edits",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode", "version"),
    )
    op.create_table(
        "glossary",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("written", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("heard", sa.JSON(), nullable=False),
        sa.Column("by_sound", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("written"),
    )

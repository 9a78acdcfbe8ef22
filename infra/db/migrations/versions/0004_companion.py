"""The companion: events, questions, votes, contacts"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _blocked_devices()
    _events()
    _companions()
    _questions()
    _screens()
    _live_marks()
    _question_contacts()
    _question_votes()
    _answered_already()
    _watched_words()


def _blocked_devices() -> None:
    op.create_table(
        "blocked_devices",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("device"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_of_a_channel", "events", ["channel", "id"], unique=False)
    op.create_index(op.f("ix_events_at"), "events", ["at"], unique=False)


def _companions() -> None:
    op.create_table(
        "companions",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("hold", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode"),
    )


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=True),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("workplace", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("guest", sa.Text(), nullable=False),
        sa.Column("segment", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["merged_into"], ["questions.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt"),
    )
    op.create_index(op.f("ix_questions_created_at"), "questions", ["created_at"], unique=False)
    op.create_index(op.f("ix_questions_device"), "questions", ["device"], unique=False)
    op.create_index(op.f("ix_questions_episode"), "questions", ["episode"], unique=False)
    op.create_index(op.f("ix_questions_merged_into"), "questions", ["merged_into"], unique=False)
    op.create_index(op.f("ix_questions_state"), "questions", ["state"], unique=False)
    op.create_index(
        "questions_imported_once",
        "questions",
        ["source", "source_key"],
        unique=True,
        sqlite_where=sa.text("source_key != ''"),
        postgresql_where=sa.text("source_key != ''"),
    )


def _screens() -> None:
    op.create_table(
        "screens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index(op.f("ix_screens_episode"), "screens", ["episode"], unique=False)


def _live_marks() -> None:
    op.create_table(
        "live_marks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("guest", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("segment", sa.String(length=120), nullable=False),
        sa.Column("state_before", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_live_marks_episode"), "live_marks", ["episode"], unique=False)
    op.create_index(op.f("ix_live_marks_question"), "live_marks", ["question"], unique=False)


def _question_contacts() -> None:
    op.create_table(
        "question_contacts",
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question", "kind"),
    )
    op.create_index(
        op.f("ix_question_contacts_created_at"), "question_contacts", ["created_at"], unique=False
    )


def _question_votes() -> None:
    op.create_table(
        "question_votes",
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question", "voter"),
    )


def _answered_already() -> None:
    op.create_table(
        "answered_already",
        sa.Column("segment", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["segment"], ["segments.id"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("segment", "day"),
    )


def _watched_words() -> None:
    op.create_table(
        "watched_words",
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("word"),
    )

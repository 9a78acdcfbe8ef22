"""Alembic's entry: runs on the connection that `Database.migrate` hands over."""

from alembic import context

from infra.db import studio_tables  # noqa: F401 - known to the metadata by being imported
from infra.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()

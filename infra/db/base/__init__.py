"""The database itself: connections, schema, moving from one to another."""

"""Tables, migrations and stores on SQLAlchemy."""

"""Episodes, programmes, topics, documents and uploads in the database."""

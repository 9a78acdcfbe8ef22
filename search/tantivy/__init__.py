"""The embedded engine tantivy."""

"""Backup, checks, import and export, the demonstration archive."""

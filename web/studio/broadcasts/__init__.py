"""Broadcasts: planned, started, ended."""

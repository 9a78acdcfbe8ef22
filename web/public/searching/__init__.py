"""Searching and topics."""

"""Asking, receipts and notifications."""

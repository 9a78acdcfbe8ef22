"""Signing in, members, accounts and tokens."""

"""Accounts, tokens and presence in the database."""

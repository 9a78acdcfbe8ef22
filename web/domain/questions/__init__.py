"""Questions, votes, receipts, contacts, answers in writing."""

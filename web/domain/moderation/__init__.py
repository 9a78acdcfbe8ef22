"""The desk: what may move where, marks on air, screens."""

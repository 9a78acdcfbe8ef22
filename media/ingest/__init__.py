"""How recordings come in: from a path, in resumable uploads, by a link."""

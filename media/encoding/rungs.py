"""Names of what encoding hands to joining. Pure."""

from __future__ import annotations

from media.encoding.ladder import Rung

SOUND = "sound.mp4"


def chunk_file(rung: Rung) -> str:
    """The file of one rung's picture over a chunk."""
    return f"{rung.name}.mp4"

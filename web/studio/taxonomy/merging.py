"""What topics and programmes have alike in their calls: new addresses, and leading from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from typing_extensions import TypedDict

from web.http.json_schema import Schema, said
from web.http.typed_json import closed

NewSlug = Annotated[str, said("its address; made from the name without one")]
MERGING = "Everything on it is on `into` from now on, and its address leads there"
MOVED: Schema = {"308": {"description": "Merged into another one; Location has its address"}}


@closed
class Into(TypedDict):
    """Where something is merged into."""

    into: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did."""

    into: str
    episodes: Annotated[int, said("how many changed")]

"""The API's description: broadcasts. Pure."""

from __future__ import annotations

from media.live.broadcast import OnAir
from web.domain.accounts.permissions import Action
from web.openapi.vocabulary import (
    FLAG,
    NUMBER,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    list_of,
    one_of,
    path,
    placed,
    record,
    ref,
    said,
)

_BROADCAST = {
    "episode": TEXT,
    "state": one_of(*OnAir),
    "said": said(TEXT, "the same in a sentence"),
    "takes": said(WHOLE, "connections of the encoder so far"),
    "recorded": said(FLAG, "the recording has been made of it"),
    "trouble": said(TEXT, "why that failed"),
    "warning": said(TEXT, "such as that room is short"),
    "video_kbps": NUMBER,
    "audio_kbps": NUMBER,
    "frame_rate": NUMBER,
    "width": WHOLE,
    "height": WHOLE,
    "dropped": said(WHOLE, "frames missing since the encoder connected"),
    "delay": said(NUMBER, "seconds by which media come later than at their best"),
    "keyframes": said(NUMBER, "seconds between keyframes"),
    "viewers": WHOLE,
    "figures": said(list_of(record(key=TEXT, value=TEXT)), "these as people read them"),
}

PATHS: Schema = {
    "/api/v1/episodes/{slug}/broadcast": path(
        "broadcasts",
        [placed("slug")],
        get=Operation(
            "broadcast",
            "How an episode's broadcast does",
            ref("Broadcast"),
            Action.MODERATE,
            reads=True,
            problems=(404,),
        ),
    ),
}
SCHEMAS: Schema = {"Broadcast": record(**_BROADCAST)}

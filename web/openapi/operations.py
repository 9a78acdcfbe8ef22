"""Every call of the JSON API, as the rooms that answer them have them beside their routes."""

from __future__ import annotations

from collections.abc import Sequence

from web.access.operations import Operation
from web.public import json_api, play_counting, progress
from web.public.asking import push_pages, question_api
from web.public.live import event_api
from web.studio.broadcasts import api as broadcast_api
from web.studio.episodes import api as episode_api
from web.studio.episodes import jobs_api, stream
from web.studio.figures import pages as figures_pages
from web.studio.moderation import api as moderation_api
from web.studio.people import account_api
from web.studio.people import api as people_api
from web.studio.taxonomy import programme_api, synonym_api, topic_api
from web.studio.timeline import api as timeline_api
from web.studio.transcript import api as transcript_api
from web.studio.transcript import glossary_api
from web.studio.uploads import pages as upload_pages
from web.studio.uploads import tus_server

OPERATIONS: Sequence[Operation] = (
    *json_api.OPERATIONS,
    *play_counting.OPERATIONS,
    *progress.OPERATIONS,
    *question_api.OPERATIONS,
    *push_pages.OPERATIONS,
    *event_api.OPERATIONS,
    *episode_api.OPERATIONS,
    *stream.OPERATIONS,
    *jobs_api.OPERATIONS,
    *timeline_api.OPERATIONS,
    *transcript_api.OPERATIONS,
    *glossary_api.OPERATIONS,
    *tus_server.OPERATIONS,
    *upload_pages.OPERATIONS,
    *broadcast_api.OPERATIONS,
    *moderation_api.OPERATIONS,
    *figures_pages.OPERATIONS,
    *topic_api.OPERATIONS,
    *programme_api.OPERATIONS,
    *synonym_api.OPERATIONS,
    *people_api.OPERATIONS,
    *account_api.OPERATIONS,
)

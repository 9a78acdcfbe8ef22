"""What the site is given to work with."""

from __future__ import annotations

from dataclasses import dataclass

from media.catalogue import Catalogue
from media.jobs import Jobs
from media.storage import Storage
from search.index import SearchIndex
from transcribe.transcripts import Transcripts
from web.plays import Plays


@dataclass(frozen=True, slots=True)
class Services:
    """The ports the site uses. `site_name` is shown in the header, `base_url` ("" for none) makes
    absolute links in feeds and shares."""

    catalogue: Catalogue
    transcripts: Transcripts
    index: SearchIndex
    storage: Storage
    jobs: Jobs
    plays: Plays
    site_name: str = "Tualai"
    base_url: str = ""

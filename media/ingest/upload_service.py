"""What the studio needs to take uploads in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from media.ingest.upload_files import UploadFiles
from media.ingest.uploads import Quota, Uploads


@dataclass(frozen=True, slots=True)
class UploadService:
    """The uploads, their files, and the limits: `largest` one file in bytes, `expiry` how long what is not
    finished is kept after its last byte, `quota` per account. `links`: whether recordings may be fetched
    from an address. `stall_seconds` without a byte end a request (what arrived is kept)."""

    uploads: Uploads
    files: UploadFiles
    largest: int = 20_000_000_000
    expiry: timedelta = timedelta(hours=72)
    quota: Quota = field(default_factory=lambda: Quota(100_000_000_000))
    links: bool = False
    stall_seconds: float = 30.0

    def expires_at(self) -> datetime:
        """Until when something that arrives now is kept; UTC without a zone."""
        return datetime.now(UTC).replace(tzinfo=None, microsecond=0) + self.expiry

"""The one hierarchy of errors that people may see.

Every message is a sentence that says what happened and names the cure. Adapters translate
their engine's errors at the edge with `raise … from`; programming errors pass through.
"""


class ArchiveError(Exception):
    """Base of every error whose message is fit to be shown."""


class NotFound(ArchiveError):
    """What was asked for does not exist (or may not be seen)."""


class Withdrawn(NotFound):
    """What was public once and was taken back; `reason` is what its editors say about that, "" for nothing."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class Conflict(ArchiveError):
    """The change collides with what is stored already."""


class InvalidInput(ArchiveError):
    """The input cannot be used; the message says why and what would do."""


class Forbidden(ArchiveError):
    """The caller may not do this."""


class Unavailable(ArchiveError):
    """An engine cannot be reached or is busy; trying again later may help."""


class Cancelled(ArchiveError):
    """Somebody asked for the work to stop."""

"""Taking comments in as questions of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from media.errors import Conflict
from web.domain.comments.questions_in import Candidate
from web.domain.questions.questions import NewQuestion, Questions, ReceiptTaken
from web.domain.questions.receipts import digest, new_code
from web.domain.sending.encryption import Encryption

_DRAWS = 5


@dataclass(frozen=True, slots=True)
class ImportedComments:
    """How many questions were new, and how many were there already."""

    new: int
    known: int


def take_in(
    questions: Questions,
    encryption: Encryption,
    episode: str,
    source: str,
    chosen: Sequence[Candidate],
    *,
    held: bool,
) -> ImportedComments:
    """Ask what comments ask; `held`: a moderator looks at each before it is public.

    Taking the same file in again changes nothing. Names are never taken along. Raises as `Questions.ask`.
    """
    new = sum(_ask(questions, encryption, episode, source, each, held=held) for each in chosen)
    return ImportedComments(new, len(chosen) - new)


def _ask(
    questions: Questions, encryption: Encryption, episode: str, source: str, each: Candidate, *, held: bool
) -> bool:
    """Whether it was new."""
    own = uuid4().hex
    for _ in range(_DRAWS):
        asked = NewQuestion(
            episode=episode,
            original=each.text,
            shown=each.text,
            receipt=digest(encryption, new_code()),  # nobody holds it: whoever commented did so elsewhere
            held=held,
            source=source,
            source_key=each.source_key,
            id=own,
        )
        try:
            return questions.ask(asked).id == own
        except ReceiptTaken:
            continue
    raise Conflict("No free receipt code was found; import the rest again.")

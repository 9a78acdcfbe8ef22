"""The site with questions, over the fakes: import the fixture `asking_site` where it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.fakes.questions_memory import Kept, MemoryContacts, MemoryQuestions
from tests.web.domain.questions.solving import solve
from tests.web.groups import given
from tests.web.sample_archive import MATERNITY, Archive
from web.domain.questions.asking import Asking, AskingLimits
from web.domain.questions.questions import Question
from web.domain.questions.word_list import Watching
from web.domain.sending.fernet import FernetEncryption, new_key

OWN = {"sec-fetch-site": "same-origin"}


class MemoryWordList:
    def __init__(self) -> None:
        self.kept: list[str] = []

    def words(self) -> list[str]:
        return self.kept

    def change(self, added: list[str], removed: list[str]) -> list[str]:
        self.kept = sorted({*self.kept, *added} - {*removed})
        return self.kept


class MemoryAlreadyAnswered:
    def __init__(self) -> None:
        self.kept: list[tuple[str, date]] = []

    def count(self, segment: str, day: date) -> None:
        self.kept.append((segment, day))

    def counts(self, since: date, until: date) -> dict[str, int]:
        return {}


@dataclass
class AskingSite:
    """A client with the stores behind it."""

    client: TestClient
    app: Starlette
    archive: Archive
    asking: Asking
    kept: Kept
    already: MemoryAlreadyAnswered = field(default_factory=MemoryAlreadyAnswered)

    def proof(self) -> dict[str, str]:
        challenge = self.asking.proofs.challenge()
        return {"challenge": challenge, "nonce": solve(challenge)}

    def ask(self, text: str, *, solved: bool = True, **fields: str) -> str:
        """Ask by the form, having seen what is known; return the code."""
        sent = {
            "text": text,
            "seen": "1",
            "episode": MATERNITY,
            **fields,
            **(self.proof() if solved else {}),
        }
        answer = self.client.post("/ask", data=sent)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/questions/").partition("?")[0]

    def question(self, code: str) -> Question:
        from web.domain.questions.receipts import digest

        return self.asking.questions.by_receipt(digest(self.asking.encryption, code))

    def change(self, question: str, **values: object) -> None:
        """As the board would."""
        self.kept.questions[question] = replace(self.kept.questions[question], **values)  # type: ignore[arg-type]

    def another_device(self) -> TestClient:
        return TestClient(self.app, follow_redirects=False)


@pytest.fixture
def asking_site(built_app: Starlette, archive: Archive) -> Iterator[AskingSite]:
    kept, limits = Kept(), AskingLimits()
    questions = MemoryQuestions(archive.catalogue, kept, archive.transcripts)
    contacts, encryption = MemoryContacts(kept), FernetEncryption([new_key()])
    asking = Asking(questions, contacts, encryption, Watching(MemoryWordList()), limits)
    client = TestClient(built_app, follow_redirects=False)
    made = AskingSite(client, built_app, archive, asking, kept)
    services = given(
        archive.services,
        questions=questions,
        contacts=contacts,
        encryption=lambda: encryption,
        asking=lambda: asking,
        already_answered=made.already,
    )
    built_app.state.services = services
    yield made

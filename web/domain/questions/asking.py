"""Asking, voting and looking after one's question: the rules; pages and calls come here."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import uuid4

from media.errors import InvalidInput, NotFound
from web.domain.questions.contacts import Contacts
from web.domain.questions.drafts import Draft, prepare
from web.domain.questions.notify import Reach, encrypt_reach
from web.domain.questions.proof_of_work import Proofs
from web.domain.questions.public_view import public_view
from web.domain.questions.questions import (
    Hold,
    NewQuestion,
    PublicQuestion,
    Question,
    Questions,
    ReceiptTaken,
)
from web.domain.questions.receipts import digest, new_code, read_code
from web.domain.questions.word_list import Watching
from web.domain.sending.encryption import Encryption
from web.domain.throttle import Throttle, TooMany

DRAWS = 5
CONTACT_DAYS = 180
"""So long at most it is kept how an asker is reached."""
HOLD_FOR_THE_ARCHIVE = Hold.SUSPICIOUS
"""For questions without an episode, whose companion nobody sets."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the random cookie of their device, the address, which is never kept, and the code of the language
    they read."""

    device: str
    address: str
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class AcceptedQuestion:
    """A question that was taken, and the code to look after it, which is not kept anywhere."""

    question: Question
    code: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the holder of a code may see: their question, the public one that stands for it (None when it is not
    public, or its own), the address of the answer ("" for none), and the kinds of contact kept."""

    question: Question
    merged: PublicQuestion | None
    answer: str
    contacts: tuple[str, ...]


class AskingLimits:
    """How much one device and one address may send, in this process. A whole dormitory, or a whole network's
    phones, may share an address: that limit is wide."""

    def __init__(self, questions_a_minute: float = 120) -> None:
        """`questions_a_minute` of one address."""
        self.asking = Throttle(rate=1 / 60, burst=6)
        self.asking_by_address = Throttle(rate=questions_a_minute / 60, burst=questions_a_minute)
        self.voting = Throttle(rate=0.5, burst=60)
        self.voting_by_address = Throttle(rate=10, burst=400)
        self.missing = Throttle(rate=1 / 60, burst=20)


class Asking:
    """Workers' questions, over the stores. Safe to share between threads."""

    def __init__(
        self,
        questions: Questions,
        contacts: Contacts,
        encryption: Encryption,
        watching: Watching,
        limits: AskingLimits | None = None,
    ) -> None:
        self.questions, self.contacts, self.encryption = questions, contacts, encryption
        self.proofs = Proofs(encryption)
        self._watching = watching
        self._limits = limits or AskingLimits()

    def ask(
        self, draft: Draft, asker: Asker, episode: str | None, proof: tuple[str, str]
    ) -> AcceptedQuestion:
        """Take a question.

        Args:
            draft: what was typed.
            visitor: who asks.
            episode: the programme it goes to; None for the archive itself.
            proof: the page's challenge and what its script found; "" without a script.

        Raises:
            NotSendable: nothing of it can be shown.
            TooMany: of this device or address.
            NotFound, Conflict, Forbidden: as `Questions.ask`.
        """
        limits = self._limits
        if not (limits.asking_by_address.allow(asker.address) and limits.asking.allow(asker.device)):
            raise TooMany("Many questions came from here just now; wait a minute and send it again.")
        hold = self.questions.companion(episode).hold if episode else HOLD_FOR_THE_ARCHIVE
        made = prepare(draft, solved=self.proofs.solved(*proof), hold=hold, watched=self._watching.hits)
        own = uuid4().hex
        new = NewQuestion(
            episode=episode,
            original=made.original,
            shown=made.shown,
            receipt="",
            device=self.encryption.pseudonym("device", asker.device),
            name=made.name,
            workplace=made.workplace,
            held=made.held,
            contacts=tuple((kind, self._sealed(each, asker)) for kind, each in draft.contacts),
            voter=self._voter(own, asker.device),
            id=own,
        )
        return self._keep(new)

    def _keep(self, new: NewQuestion) -> AcceptedQuestion:
        for _ in range(DRAWS):
            code = new_code()
            try:
                return AcceptedQuestion(
                    self.questions.ask(replace(new, receipt=digest(self.encryption, code))), code
                )
            except ReceiptTaken:
                continue
        raise ReceiptTaken("No free code was found; send the question again.")

    def vote(self, question: str, asker: Asker, *, wanted: bool) -> int:
        """Add or take back the vote of a device; return the votes. Raises `NotFound`, `TooMany`."""
        limits = self._limits
        if not (limits.voting_by_address.allow(asker.address) and limits.voting.allow(asker.device)):
            raise TooMany("Many votes came from here just now; wait a minute and try again.")
        stands = self._standing(question)
        voted = self._voted_by(stands, asker.device)
        if wanted and voted:
            return stands.votes
        votes = stands.votes
        for each in [stands.id] if wanted else voted:
            change = self.questions.vote if wanted else self.questions.unvote
            votes = change(stands.id, self._voter(each, asker.device))
        return votes

    def voted(self, questions: Collection[str], device: str) -> set[str]:
        """Of public questions, those that a device votes for; none without a device."""
        if not device or not questions:
            return set()
        members = {key: [key, *merged] for key, merged in self._members(questions).items()}
        voters = {each: self._voter(each, device) for group in members.values() for each in group}
        found = self.questions.voted(voters)
        return {key for key, group in members.items() if not found.isdisjoint(group)}

    def open(self, episode: str | None) -> list[PublicQuestion]:
        """The public questions of an episode, or of the archive itself; most votes first."""
        found = self.questions.of_episode(episode, public_only=True)
        answers = self.questions.answers(found)
        return [public_view(each, answers.get(each.id, "")) for each in found]

    def receipt(self, code: str, asker: Asker) -> Receipt:
        """What the code's holder may see.

        Raises:
            InvalidInput: it cannot be a code, and says why.
            NotFound: there is no question with it.
            TooMany: too many codes were tried.
        """
        question = self.by_code(code, asker)
        stands = self.questions.question(question.merged_into) if question.merged_into else question
        answer = self.questions.answers([stands]).get(stands.id, "")
        merged = public_view(stands, answer) if stands is not question and stands.public else None
        return Receipt(question, merged, answer, tuple(self.contacts.kinds(question.id)))

    def by_code(self, code: str, asker: Asker) -> Question:
        """The question of a code. Raises as `receipt`."""
        digits, missing = read_code(code), self._limits.missing
        if missing.spent(asker.address):
            raise TooMany("Too many codes were tried from here; wait a few minutes.")
        try:
            return self.questions.by_receipt(digest(self.encryption, digits))
        except NotFound:
            missing.allow(asker.address)
            raise

    def add_contact(self, code: str, asker: Asker, kind: str, address: str) -> None:
        """Keep how the asker is told of the answer. Raises as `receipt`."""
        question = self.by_code(code, asker)
        self.contacts.add(question.id, kind, self._sealed(address, asker))

    def forget_contacts(self, code: str, asker: Asker) -> None:
        """Delete how the asker is reached. Raises as `receipt`."""
        self.contacts.forget(self.by_code(code, asker).id)

    def _sealed(self, address: str, asker: Asker) -> bytes:
        return encrypt_reach(self.encryption, Reach(address, asker.language))

    def _standing(self, question: str) -> Question:
        found = self.questions.question(question)
        return self.questions.question(found.merged_into) if found.merged_into else found

    def _voted_by(self, stands: Question, device: str) -> list[str]:
        """The ids in a question's group under which a device has voted."""
        group = [stands.id, *self.questions.merged([stands.id]).get(stands.id, [])]
        return list(self.questions.voted({each: self._voter(each, device) for each in group}))

    def _members(self, questions: Collection[str]) -> dict[str, list[str]]:
        merged = self.questions.merged(questions)
        return {key: merged.get(key, []) for key in questions}

    def _voter(self, question: str, device: str) -> str:
        """A device is another voter at every question, so that its votes cannot be put together."""
        return self.encryption.pseudonym("vote", question, device)


def new_device() -> str:
    """What a device that asks or votes for the first time is given as its cookie."""
    return secrets.token_urlsafe(18)


def check_device(cookie: str) -> str:
    """The cookie, when it can be one of ours, else ""."""
    plain = cookie.replace("-", "").replace("_", "")
    return cookie if len(cookie) == 24 and plain.isascii() and plain.isalnum() else ""


def read_id(text: object) -> str:
    """The id of a question. Raises `InvalidInput`."""
    if isinstance(text, str) and len(text) == 32 and text.isascii() and text.isalnum():
        return text
    raise InvalidInput("This is no question's id; take it from the list of questions.")

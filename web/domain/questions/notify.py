"""What an asker is told when their question was answered, and how that is sealed until then. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from web.domain.questions.questions import Question
from web.domain.sending.encryption import Encryption
from web.domain.sending.mail import Letter
from web.domain.sending.push import PushMessage
from web.text.language import Language

_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Reach:
    """How an asker is reached: an address of mail, a phone number, or a browser's subscription; and the code of
    the language to speak."""

    to: str
    language: str


def encrypt_reach(encryption: Encryption, reach: Reach) -> bytes:
    """Sealed, as it is kept."""
    return encryption.encrypt(json.dumps([reach.to, reach.language], ensure_ascii=False).encode())


def open_reach(encryption: Encryption, sealed: bytes) -> Reach:
    """Raises `InvalidInput` when it cannot be opened any more."""
    return Reach(*json.loads(encryption.decrypt(sealed)))


def letter(question: Question, to: str, address: str, site_name: str, language: Language) -> Letter:
    """The letter to who asked `question`; `address` is where the answer plays, with its host."""
    say = language.say
    lines = [
        say("Anh chị đã hỏi:"),
        f"“{question.shown}”",
        "",
        say("Câu này đã được trả lời. Xem câu trả lời ở đây:"),
        address,
        "",
        say("Địa chỉ email của anh chị đã được xoá khỏi trang; không có thư nào nữa."),
        site_name,
    ]
    return Letter(to, say("Câu hỏi của anh chị đã được trả lời"), "\n".join(lines))


def message(question: Question, address: str, language: Language) -> PushMessage:
    """What the asker's device shows; `address` is a path of the site."""
    shown = question.shown if len(question.shown) <= _SHOWN else question.shown[: _SHOWN - 1] + "…"
    return PushMessage(language.say("Câu hỏi của anh chị đã được trả lời"), shown, address)

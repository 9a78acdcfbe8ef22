"""Letters, sent to a real SMTP server (aiosmtpd)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from media.errors import InvalidInput, Unavailable
from web.domain.sending.mail import Letter
from web.domain.sending.smtp import SmtpMail

LETTER = Letter(
    "lan@example.vn", "Mời chị Lan", "Chào chị,\nđường dẫn: https://tualai.example/studio/link/abc\n"
)


class Box:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    handler = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def test_a_letter_arrives_as_written(box: tuple[Box, int]) -> None:
    handler, port = box
    SmtpMail(f"smtp://127.0.0.1:{port}", "tualai@example.vn").send(LETTER)
    (letter,) = handler.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        LETTER.to,
        "tualai@example.vn",
        LETTER.subject,
    )
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize("to", ["a@b\r\nBcc: c@d", "\n", "x\x00@y.vn"])
def test_an_address_cannot_add_headers(box: tuple[Box, int], to: str) -> None:
    handler, port = box
    with pytest.raises((InvalidInput, Unavailable)):
        SmtpMail(f"smtp://127.0.0.1:{port}", "tualai@example.vn").send(Letter(to, "s", "t"))
    assert handler.letters == []


def test_a_password_is_never_sent_in_the_open(box: tuple[Box, int]) -> None:
    handler, port = box
    with pytest.raises(Unavailable):
        SmtpMail(f"smtp://lan:secret@127.0.0.1:{port}", "tualai@example.vn").send(LETTER)
    assert handler.letters == []


def test_a_server_that_is_away() -> None:
    with pytest.raises(Unavailable, match="by hand"):
        SmtpMail("smtp://127.0.0.1:9", "tualai@example.vn").send(LETTER)


@pytest.mark.parametrize(
    ("url", "sender"), [("http://x", "a@b"), ("smtp://", "a@b"), ("smtp://host", "nobody")]
)
def test_settings_that_cannot_be_used(url: str, sender: str) -> None:
    with pytest.raises(InvalidInput):
        SmtpMail(url, sender)

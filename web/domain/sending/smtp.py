"""Mail by SMTP (RFC 5321), with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from media.errors import InvalidInput, Unavailable
from web.domain.sending.mail import Letter

TIMEOUT_SECONDS = 15.0


class SmtpMail:
    """Implements `web.domain.sending.mail.Mail`."""

    def __init__(self, url: str, sender: str) -> None:
        """Nothing is connected to before a letter is sent.

        Args:
            url: `smtp://user:password@host:587` (STARTTLS where the server offers it; demanded when there
                is a password), or `smtps://user:password@host` (TLS from the start).
            sender: the address letters come from.

        Raises:
            InvalidInput: the address of the server or of the sender cannot be used.
        """
        self._parts = urlsplit(url)
        if self._parts.scheme not in ("smtp", "smtps") or not self._parts.hostname:
            raise InvalidInput("TUALAI_SMTP_URL must look like smtp://user:password@host:587.")
        if "@" not in sender:
            raise InvalidInput("TUALAI_SMTP_SENDER must be the e-mail address letters come from.")
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """See `Mail.send`."""
        try:
            message = self._message(letter)
        except (ValueError, MessageError) as error:
            raise InvalidInput("This e-mail address can't be written to; check it.") from error
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(
                "The mail server did not take the letter; pass the link on by hand, or check TUALAI_SMTP_URL."
            ) from error

    def _message(self, letter: Letter) -> EmailMessage:
        if not letter.to.isprintable() or "@" not in letter.to:
            raise ValueError(letter.to)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = (
            formatdate(),
            make_msgid(domain=self._sender.split("@")[-1]),
        )
        message.set_content(letter.text)
        return message

    def _connected(self) -> smtplib.SMTP:
        parts, tls = self._parts, ssl.create_default_context()
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=tls
            )
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=tls)
            elif parts.password:
                server.close()
                raise smtplib.SMTPNotSupportedError("no TLS, so the password is not sent")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server

"""The port of web push (RFC 8030), and reading what a browser says of where it takes messages. Pure.

An endpoint's address comes from whoever sends it, so it is hostile: https on the usual port of a public host only;
what its name leads to is looked at again when something is sent.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from media.errors import InvalidInput
from media.ingest.links import LINK_LENGTH, check_link, is_public

_KEY_BYTES, _AUTH_BYTES = 65, 16
_PRIVATE_ENDS = ("localhost", ".local", ".internal", ".home.arpa", ".lan", ".test", ".onion")


@dataclass(frozen=True, slots=True)
class PushMessage:
    """What a device shows; tapping it opens `url`, a path of this site."""

    title: str
    body: str
    url: str


class Push(Protocol):
    """Sends messages to browsers."""

    @property
    def key(self) -> str:
        """The public key that browsers subscribe with (RFC 8292), in URL-safe base64."""
        ...

    def send(self, subscription: str, message: PushMessage) -> None:
        """Hand a message over, encrypted for the device (RFC 8291).

        Raises `InvalidInput` when the subscription is gone or never was one, `Unavailable`.
        """
        ...


def read_subscription(sent: object) -> str:
    """What a browser's PushSubscription.toJSON() says, as JSON to be sealed. Raises `InvalidInput`."""
    keys = sent.get("keys") if isinstance(sent, Mapping) else None
    if not isinstance(sent, Mapping) or not isinstance(keys, Mapping):
        raise InvalidInput("Send the browser's subscription as it is.")
    kept = {"p256dh": _key(keys.get("p256dh"), _KEY_BYTES), "auth": _key(keys.get("auth"), _AUTH_BYTES)}
    return json.dumps({"endpoint": check_endpoint(sent.get("endpoint")), "keys": kept})


def check_endpoint(sent: object) -> str:
    """A push service's address. Raises `InvalidInput` for anything but https of a public host."""
    if not isinstance(sent, str) or len(sent) > LINK_LENGTH:
        raise InvalidInput("This is no push service's address.")
    link = check_link(sent)
    host = (urlsplit(link).hostname or "").rstrip(".").lower()
    numeric = ":" in host or host.rpartition(".")[2].isdigit() or host.startswith("0x")
    private = "." not in host and ":" not in host
    if (
        urlsplit(link).scheme != "https"
        or not link.isascii()
        or (numeric and not is_public(host))
        or (private or host.endswith(_PRIVATE_ENDS))
    ):
        raise InvalidInput("This is no push service's address.")
    return link


def _key(sent: object, size: int) -> str:
    try:
        text = sent if isinstance(sent, str) and len(sent) < 200 else ""
        found = base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != size:
        raise InvalidInput("Send the browser's subscription as it is; a key of it can't be right.")
    return base64.urlsafe_b64encode(found).decode().rstrip("=")

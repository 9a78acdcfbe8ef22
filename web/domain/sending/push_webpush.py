"""The `Push` port by pywebpush: VAPID (RFC 8292), encryption (RFC 8291)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from media.errors import InvalidInput, Unavailable
from web.domain.sending.encryption import Encryption
from web.domain.sending.push import PushMessage, check_endpoint

KEPT_SECONDS = 3 * 24 * 3600
"""So long a push service keeps a message for a device that is switched off."""
_TIMEOUT_SECONDS = 15
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-4


class WebPush:
    """Implements `web.domain.sending.push.Push`. The key comes of the sealing key: machines that share that send alike."""

    def __init__(
        self, encryption: Encryption, contact: str, proxied: Callable[[], AbstractContextManager[str]]
    ) -> None:
        """Sends nothing yet.

        Args:
            sealing: whose key the sender's key comes of.
            contact: an https: or mailto: address at which push services reach who runs this.
            proxied: gives the address of a proxy that leads to public hosts only.
        """
        secret = int(encryption.pseudonym("vapid"), 16) % (_ORDER - 1) + 1
        self._vapid = Vapid02.from_raw(base64.urlsafe_b64encode(secret.to_bytes(32, "big")).rstrip(b"="))
        point = self._vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._key = base64.urlsafe_b64encode(point).decode().rstrip("=")
        self._contact, self._proxied = contact, proxied

    @property
    def key(self) -> str:
        """See `Push.key`."""
        return self._key

    def send(self, subscription: str, message: PushMessage) -> None:
        """See `Push.send`."""
        found = json.loads(subscription)
        check_endpoint(found["endpoint"])
        try:
            with self._proxied() as proxy, requests.Session() as session:
                session.trust_env, session.max_redirects = False, 0
                session.proxies = {"https": proxy}
                webpush(
                    found,
                    json.dumps(asdict(message), ensure_ascii=False),
                    vapid_private_key=self._vapid,
                    vapid_claims={"sub": self._contact},
                    ttl=KEPT_SECONDS,
                    timeout=_TIMEOUT_SECONDS,
                    requests_session=session,
                )
        except WebPushException as error:
            status = error.response.status_code if error.response is not None else 0
            if status == 429 or status >= 500:
                raise Unavailable("The browser's push service is busy; it is tried again later.") from error
            raise InvalidInput("The browser takes no more messages at this address.") from error
        except requests.TooManyRedirects as error:
            raise InvalidInput("The browser takes no more messages at this address.") from error
        except (requests.RequestException, OSError) as error:
            raise Unavailable(
                "The browser's push service does not answer; it is tried again later."
            ) from error
        except ValueError as error:  # a key that is on no curve
            raise InvalidInput("The browser takes no more messages at this address.") from error

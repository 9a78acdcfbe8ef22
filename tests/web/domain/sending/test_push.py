"""Web push: hostile subscriptions are refused, and only the device can read what is sent."""

from __future__ import annotations

import base64
import json
import os
from contextlib import nullcontext
from typing import Any

import http_ece
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from media.errors import InvalidInput, Unavailable
from media.ingest.guarded_proxy import CheckingProxy, serving
from web.domain.sending.fernet import FernetEncryption, new_key
from web.domain.sending.push import PushMessage, check_endpoint, read_subscription
from web.domain.sending.push_webpush import WebPush

MESSAGE = PushMessage("Câu hỏi của anh chị đã được trả lời", "Nghỉ sinh mấy tháng?", "/episodes/a?t=5")


def url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Device:
    """A browser's half of web push."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": url_safe(point), "auth": url_safe(self.auth)}
        self.says: dict[str, Any] = {
            "endpoint": "https://push.example/abc",
            "expirationTime": None,
            "keys": keys,
        }


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://10.0.0.1/a",
        "https://169.254.169.254/latest",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://localhost/a",
        "https://db.internal/a",
        "https://intranet/a",
        "https://push.example:8443/a",
        "https://lan:x@push.example/a",
        "file:///etc/passwd",
        "https://push.example/" + "a" * 2000,
        "",
        None,
        5,
    ],
)
def test_only_public_https_endpoints_are_taken(endpoint: object) -> None:
    with pytest.raises(InvalidInput):
        check_endpoint(endpoint)
    with pytest.raises(InvalidInput):
        read_subscription(Device().says | {"endpoint": endpoint})


def test_a_subscription_is_read_without_what_is_not_needed() -> None:
    says = Device().says
    kept = json.loads(read_subscription(says | {"name": "chị Lan"}))
    assert kept == {"endpoint": says["endpoint"], "keys": says["keys"]}
    for wrong in (None, [], {}, says | {"keys": None}, says | {"keys": {"auth": "a", "p256dh": "b"}}):
        with pytest.raises(InvalidInput):
            read_subscription(wrong)


def test_only_the_device_can_read_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    device, encryption, sent = Device(), FernetEncryption([new_key()]), []

    def take(
        self: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        sent.append((request, options, self.proxies))
        made = requests.Response()
        made.status_code = status
        return made

    monkeypatch.setattr(requests.Session, "send", take)
    push, status = WebPush(encryption, "https://tualai.example", lambda: nullcontext("http://proxy:1")), 201
    push.send(read_subscription(device.says), MESSAGE)
    [(request, _, proxies)] = sent
    assert request.url == "https://push.example/abc" and proxies == {"https": "http://proxy:1"}
    assert isinstance(request.body, bytes) and b"Ngh" not in request.body
    read = http_ece.decrypt(request.body, private_key=device.private, auth_secret=device.auth)
    assert json.loads(read) == {"title": MESSAGE.title, "body": MESSAGE.body, "url": MESSAGE.url}
    assert push.key in request.headers["authorization"]
    assert WebPush(encryption, "https://a.example", nullcontext).key == push.key  # the same after a restart
    for failed, error in ((410, InvalidInput), (404, InvalidInput), (429, Unavailable), (503, Unavailable)):
        status = failed
        with pytest.raises(error):
            push.send(read_subscription(device.says), MESSAGE)


def test_a_name_that_leads_inside_is_not_followed() -> None:
    proxy = CheckingProxy(1000, resolver=lambda host, port: ["127.0.0.1"], ports=frozenset({443}))
    push = WebPush(FernetEncryption([new_key()]), "https://tualai.example", lambda: serving(proxy))
    with pytest.raises(Unavailable):
        push.send(read_subscription(Device().says), MESSAGE)
    assert proxy.refusals == ["push.example"]

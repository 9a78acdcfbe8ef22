from __future__ import annotations

import pytest
from starlette.requests import Request

from web.http.client_address import sender


@pytest.mark.parametrize(
    ("direct", "told", "expected"),
    [
        ("113.160.0.1", "", "113.160.0.1"),
        ("113.160.0.1", "198.51.100.1", "113.160.0.1"),  # anybody can send the header
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "8.8.8.8, 198.51.100.1", "198.51.100.1"),  # the proxy's own word is the last
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "198.51.100.1", "198.51.100.1"),  # a Unix socket
        ("2001:db8:1:2:3:4:5:6", "", "2001:0db8:0001:0002"),
        ("127.0.0.1", "2001:db8:1:2::9", "2001:0db8:0001:0002"),
        ("::ffff:113.160.0.1", "", "113.160.0.1"),
    ],
)
def test_whom_to_hold_back(direct: str, told: str, expected: str) -> None:
    scope = {
        "type": "http",
        "headers": [(b"x-forwarded-for", told.encode())] if told else [],
        "client": (direct, 1) if direct else None,
    }
    assert sender(Request(scope)) == expected

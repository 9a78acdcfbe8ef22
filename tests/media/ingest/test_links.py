from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from media.ingest.links import check_link, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.9",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2001:db8::1",
        "localhost",
        "2130706433",
        "127.1",
        "0x7f.0.0.1",
        "256.1.1.1",
    ],
)
def test_private_addresses_in_every_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "203.162.4.190", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@given(
    st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16", "169.254.0.0/16"]),
    st.integers(0, 65535),
)
def test_no_form_of_a_private_address_is_public(network: str, number: int) -> None:
    address = ipaddress.ip_network(network)[number]
    forms = (
        str(address),
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"2002:{int(address):08x}"[:9] + f":{int(address) & 0xFFFF:x}::",
    )
    assert not any(is_public(form) for form in forms)


@pytest.mark.parametrize(
    "link",
    ["", "ftp://a.example/x", "file:///etc/passwd", "http://", "https://a.example:22/", "http://me:pw@a.example/",
     "https://a.example/ x", "javascript:alert(1)", "https://a.example:99999/", "http://[::1", "https://a/\x00", "x" * 3000],
)  # fmt: skip
def test_what_is_no_public_link(link: str) -> None:
    with pytest.raises(InvalidInput):
        check_link(link)


@pytest.mark.parametrize(
    "link", ["https://phim.example/buổi?x=1", "http://a.example:80/x", " https://a.example/v "]
)
def test_links(link: str) -> None:
    assert check_link(link) == link.strip()

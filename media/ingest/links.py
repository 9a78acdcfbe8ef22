"""Addresses that recordings may be fetched from: public ones only. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from media.errors import InvalidInput

LINK_LENGTH = 2000
PORTS = {"http": 80, "https": 443}


def check_link(link: str) -> str:
    """An address in the form it is fetched; who it belongs to is looked at when it is fetched.

    Raises:
        InvalidInput: no http(s) address on the usual port, or one with a name and password in it.
    """
    link = link.strip()
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError as error:
        raise InvalidInput(
            "This is no address; copy it whole from the browser, beginning with https://."
        ) from error
    if (
        parts.scheme not in PORTS
        or not parts.hostname
        or parts.username is not None
        or port not in (None, PORTS[parts.scheme])
        or len(link) > LINK_LENGTH
        or not link.isprintable()
        or " " in link
    ):
        raise InvalidInput(
            "This is no public address; copy it whole from the browser, beginning with https://."
        )
    return link


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the internet: not this machine's, not a private network's, not a
    link's, not a group's, nor an IPv6 form of one of these (mapped, 6to4, Teredo, NAT64)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _inside(found)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to (RFC 4291, 3056, 4380, 6052)."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    whole = int(address)
    if address in ipaddress.ip_network("64:ff9b::/96") or whole >> 32 == 0:
        return ipaddress.IPv4Address(whole & 0xFFFFFFFF)
    return None

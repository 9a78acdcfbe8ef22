"""Whom to hold back when too much is sent. Never stored, never logged."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.requests import Request


def sender(request: Request) -> str:
    """The sender's address.

    A proxy on this machine or network is believed about whom it speaks for: the last address in its
    X-Forwarded-For, which it wrote itself; what stands before that anybody may have sent. IPv6 senders are
    told apart by their /64 network, which is what one connection gets (RFC 6177).
    """
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    direct = request.client.host if request.client else ""
    return _network(told) or _network(direct) or direct if _nearby(direct) else _network(direct) or direct


def _nearby(address: str) -> bool:
    try:
        return ip_address(address).is_private  # loopback is among them
    except ValueError:
        return True  # a Unix socket has no address


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else found.exploded[:19]

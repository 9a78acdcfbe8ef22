"""AMF0, the notation of RTMP's commands. Pure. Format: Adobe, Action Message Format 0 (2007)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Any

from media.errors import InvalidInput

DEEPEST = 16
MOST_VALUES = 2000
_END = b"\x00\x00\x09"


def encode(*values: Any) -> bytes:
    """Numbers, truth values, texts, None and mappings of them, one after the other."""
    return b"".join(map(_value, values))


def decode(data: bytes) -> list[Any]:
    """All values in `data`. Undefined and null are None, dates are milliseconds since 1970.

    Raises:
        InvalidInput: it is cut off, nested too deep, or of a type that no encoder sends.
    """
    reader = _Reader(data)
    values = []
    try:
        while reader.at < len(data):
            values.append(reader.value(0))
    except (struct.error, IndexError) as error:
        raise InvalidInput("The encoder sent a command that is cut off.") from error
    return values


def _value(value: Any) -> bytes:  # noqa: PLR0911 - one for each type
    match value:
        case None:
            return b"\x05"
        case bool():
            return b"\x01" + bytes([value])
        case int() | float():
            return b"\x00" + struct.pack(">d", value)
        case str():
            text = value.encode()
            if len(text) > 0xFFFF:
                return b"\x0c" + struct.pack(">I", len(text)) + text
            return b"\x02" + _name(value)
        case Mapping():
            return b"\x03" + b"".join(_name(k) + _value(v) for k, v in value.items()) + _END
        case Iterable():
            values = list(value)
            return b"\x0a" + struct.pack(">I", len(values)) + encode(*values)
    raise TypeError(type(value))


def _name(name: str) -> bytes:
    text = name.encode()
    return struct.pack(">H", len(text)) + text


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self.at, self._values = data, 0, 0

    def value(self, depth: int) -> Any:  # noqa: PLR0911 - one for each type
        self._values += 1
        if depth > DEEPEST or self._values > MOST_VALUES:
            raise InvalidInput("The encoder sent a command that is too large.")
        kind = self._take(1)[0]
        match kind:
            case 0x00:
                return struct.unpack(">d", self._take(8))[0]
            case 0x01:
                return self._take(1) != b"\0"
            case 0x02:
                return self._text(2)
            case 0x03:
                return self._object(depth)
            case 0x05 | 0x06 | 0x0D:
                return None
            case 0x08:
                self._take(4)  # how many, approximately
                return self._object(depth)
            case 0x0A:
                count = struct.unpack(">I", self._take(4))[0]
                return [self.value(depth + 1) for _ in range(min(count, MOST_VALUES + 1))]
            case 0x0B:
                moment: float = struct.unpack(">d", self._take(8))[0]
                self._take(2)
                return moment
            case 0x0C | 0x0F:
                return self._text(4)
        raise InvalidInput("The encoder sent a value of type %(kind)s, which is not understood.", kind=kind)

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            name = self._text(2)
            if not name and self._data[self.at : self.at + 1] == b"\x09":
                self.at += 1
                return found
            found[name] = self.value(depth + 1)

    def _text(self, width: int) -> str:
        length = int.from_bytes(self._take(width), "big")
        return self._take(length).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        part = self._data[self.at : self.at + count]
        if len(part) < count:
            raise IndexError(count)
        self.at += count
        return part

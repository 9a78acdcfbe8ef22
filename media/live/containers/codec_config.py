"""What a decoder's configuration says: size of the picture from H.264's, rate and channels from AAC's. Pure.

Formats: ISO/IEC 14496-15 5.3.3 (avcC), ITU-T H.264 7.3.2.1 (sequence parameter set), ISO/IEC 14496-3 1.6.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.errors import InvalidInput

_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


@dataclass(frozen=True, slots=True)
class AvcConfig:
    """A picture's decoder configuration: the record itself, `width` and `height` in pixels."""

    record: bytes
    width: int
    height: int

    @property
    def codec(self) -> str:
        """RFC 6381."""
        return f"avc1.{self.record[1:4].hex().upper()}"


@dataclass(frozen=True, slots=True)
class AacConfig:
    """A sound's decoder configuration: AudioSpecificConfig itself, `rate` in Hz of frames of 1024 samples."""

    record: bytes
    rate: int
    channels: int
    kind: int

    @property
    def codec(self) -> str:
        """RFC 6381."""
        return f"mp4a.40.{self.kind}"


def avc_config(record: bytes) -> AvcConfig:
    """Read an AVCDecoderConfigurationRecord. Raises `InvalidInput`."""
    if len(record) < 8 or record[0] != 1 or record[5] & 31 == 0:
        raise InvalidInput("The encoder's H.264 configuration can't be read.")
    size = int.from_bytes(record[6:8], "big")
    try:
        width, height = _size(_Bits(_unescaped(record[9 : 8 + size])))
    except IndexError as error:
        raise InvalidInput("The encoder's H.264 configuration is cut off.") from error
    if not (16 <= width <= 8192 and 16 <= height <= 8192):
        raise InvalidInput(
            "The encoder sends a picture of %(width)s×%(height)s, which nothing can play.",
            width=width,
            height=height,
        )
    return AvcConfig(record, width, height)


def aac_config(record: bytes) -> AacConfig:
    """Read an AudioSpecificConfig. Raises `InvalidInput`."""
    bits = _Bits(record)
    try:
        kind = bits.read(5)
        if kind == 31:
            kind = 32 + bits.read(6)
        index = bits.read(4)
        rate = bits.read(24) if index == 15 else _RATES[index]
        channels = bits.read(4)
    except IndexError as error:
        raise InvalidInput("The encoder's AAC configuration can't be read.") from error
    if not 7000 <= rate <= 96000 or not 0 < channels < 8:
        raise InvalidInput(
            "The encoder sends sound of %(rate)s Hz and %(channels)s channels; use 48000 and 2.",
            rate=rate,
            channels=channels,
        )
    return AacConfig(record, rate, {7: 8}.get(channels, channels), kind)


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = value << 1 | self._data[self._at >> 3] >> (7 - (self._at & 7)) & 1
            self._at += 1
        return value

    def unsigned(self) -> int:
        """Exp-Golomb, ue(v) of 9.1."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > 32:
                raise IndexError(zeros)
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        value = self.unsigned()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def _unescaped(data: bytes) -> bytes:
    """Without the bytes that prevent start codes (7.4.1)."""
    return data.replace(b"\0\0\3", b"\0\0")


def _size(bits: _Bits) -> tuple[int, int]:
    """Width and height from a sequence parameter set after its first byte."""
    profile = bits.read(8)
    bits.read(16)
    bits.unsigned()
    chroma = _chroma(bits) if profile in _HIGH else 1
    bits.unsigned()  # log2_max_frame_num
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.read(1)
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned()):
            bits.signed()
    bits.unsigned()  # reference frames
    bits.read(1)
    width = 16 * (bits.unsigned() + 1)
    rows = bits.unsigned() + 1
    frames_only = bits.read(1)
    if not frames_only:
        bits.read(1)
    height = 16 * rows * (2 - frames_only)
    bits.read(1)
    if bits.read(1):
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
        across = 2 if chroma in (1, 2) else 1
        down = (2 if chroma == 1 else 1) * (2 - frames_only)
        width, height = width - across * (left + right), height - down * (top + bottom)
    return width, height


def _chroma(bits: _Bits) -> int:
    chroma = bits.unsigned()
    if chroma == 3:
        bits.read(1)
    bits.unsigned()
    bits.unsigned()
    bits.read(1)
    if bits.read(1):  # scaling lists
        for number in range(8 if chroma != 3 else 12):
            if bits.read(1):
                _skip_scaling(bits, 16 if number < 6 else 64)
    return chroma


def _skip_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last

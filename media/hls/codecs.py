"""Codec strings (RFC 6381) read from an MP4 initialisation section. Pure."""

from __future__ import annotations


def codecs_of(init: bytes) -> str:
    """The `CODECS` value for an initialisation section with H.264 and/or AAC, picture first.

    `avc1.PPCCLL` are the three bytes after the version in the `avcC` box (ISO/IEC 14496-15 5.3.3.1);
    `mp4a.40.N` takes the audio object type from the AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1).
    """
    return ",".join(name for name in (_avc(init), _aac(init)) if name)


def _avc(init: bytes) -> str:
    at = init.find(b"avcC")
    if at < 0 or len(init) < at + 8:
        return ""
    return f"avc1.{init[at + 5 : at + 8].hex().upper()}"


def _aac(init: bytes) -> str:
    at = init.find(b"esds")
    if at < 0:
        return ""
    config = _decoder_config(init[at + 8 : at + 80])
    if not config:
        return "mp4a.40.2"
    kind = config[0] >> 3
    if kind == 31 and len(config) > 1:  # escape: 32 plus the next six bits
        kind = 32 + ((config[0] & 7) << 3 | config[1] >> 5)
    return f"mp4a.40.{kind}"


def _decoder_config(descriptors: bytes) -> bytes:
    """The content of the DecoderSpecificInfo (tag 5) within ES (3) and DecoderConfig (4) descriptors."""
    at = 0
    skip = {3: 3, 4: 13}  # the fixed fields before what is nested
    while at < len(descriptors):
        tag = descriptors[at]
        at += 1
        length = 0
        while at < len(descriptors):
            length = length << 7 | descriptors[at] & 0x7F
            at += 1
            if descriptors[at - 1] < 0x80:
                break
        if tag == 5:
            return descriptors[at : at + length]
        if tag not in skip:
            return b""
        at += skip[tag]
    return b""

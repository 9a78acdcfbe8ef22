"""The text of caption files: bytes to characters, and markup to plain text."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

from media.errors import InvalidInput

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_VIETNAMESE = frozenset("ăđơưĂĐƠƯ")
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_WEBVTT_TAG = re.compile(r"<[^>]*(?:>|$)")
_SRT_TAG = re.compile(r"</?(?:b|i|u|s|font|c|v|span|lang|ruby|rt)(?:[ .][^<>]*)?>", re.IGNORECASE)
_STYLE = re.compile(r"\{\\[^{}]*\}")


def decoded(data: bytes) -> str:
    """Characters of a caption file, lines ended by LF, controls taken away, NFC.

    By byte order mark, else UTF-8, else UTF-16 when every other byte is nought, else Windows-1258
    when that gives Vietnamese letters, else Windows-1252.

    Raises `InvalidInput` when the bytes are no text.
    """
    text = _characters(data).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub("", text.replace("\0", "\ufffd"))
    return unicodedata.normalize("NFC", text)


def _characters(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    head = data[:4096]
    if head.count(0) > len(head) * 0.3:
        if len(head) >= 2 and (head[1::2].count(0) > len(head) * 0.3) != (
            head[::2].count(0) > len(head) * 0.3
        ):
            return data.decode(
                "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "replace"
            )
        raise InvalidInput("The captions file is not text; give a .vtt, .srt or .sbv file saved as UTF-8.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    vietnamese = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    # A UTF-8 file with a few broken bytes is likelier than an old code page full of them.
    loose = data.decode("utf-8", errors="replace")
    if loose.count("\ufffd") * 20 < sum(character > "\x7f" for character in loose):
        return loose
    if _VIETNAMESE & set(vietnamese):
        return vietnamese
    return data.decode("cp1252", errors="replace")


def plain_webvtt(text: str) -> str:
    """Cue text without tags, character references resolved."""
    return _tidy(html.unescape(_WEBVTT_TAG.sub("", text)))


def plain_srt(text: str) -> str:
    """Text without the HTML and `{\\an8}` marks that SRT files carry; other `<` and `&` stay."""
    return _tidy(_STYLE.sub("", _SRT_TAG.sub("", text)))


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in _CONTROLS.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)

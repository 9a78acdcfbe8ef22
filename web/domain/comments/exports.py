"""Comments exported from Facebook and YouTube, or in a table: what each says, and when. Pure.

Read are: Facebook's Graph API (a comment's `id`, `message`, `live_broadcast_timestamp`) and “Download your
information” (`comments_v2`), yt-dlp's `*.info.json` (`comments`) and `*.live_chat.json` (one action a line), and
CSV with any header. Who wrote a comment is never read: they did not choose to be named here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from media.errors import InvalidInput
from web.domain.comments.tables import read_table
from web.domain.questions.questions import TEXT_LENGTH
from web.text.masking import tidy_text

SIZE_MOST = 50_000_000
COMMENTS_MOST = 50_000
REPLIES_DEEP = 4
_OFFSET_MOST = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's tidy text; `key` names it in its source (a digest, "" for none); `at` seconds into the
    recording, None where the source does not tell."""

    text: str
    key: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Comments:
    """What a file has: its source, one of facebook, youtube, csv, and the comments in the file's order."""

    source: str
    comments: tuple[Comment, ...]


Row = tuple[object, object, object]
"""Text, id and offset in seconds as found: anything."""


def read_comments(data: bytes) -> Comments:
    """Read an export by what is in it.

    Raises `InvalidInput`: larger than SIZE_MOST bytes, none of these formats, or without a comment.
    """
    if len(data) > SIZE_MOST:
        raise InvalidInput(
            "The file is larger than %(most)s MB; export fewer comments at once.", most=SIZE_MOST // 1000000
        )
    text = _decoded(data)
    if text.lstrip()[:1] in ("{", "["):
        source, rows = _of_json(text)
    else:
        source, rows = "csv", iter(read_table(text))
    found: dict[str, Comment] = {}
    for number, row in enumerate(islice(rows, COMMENTS_MOST)):
        if (comment := _comment(source, *row)) is not None:
            found.setdefault(comment.key or f"{number}", comment)
    if not found:
        raise InvalidInput(
            "No comments were found in this file; give a JSON or CSV export of Facebook or YouTube comments."
        )
    return Comments(source, tuple(found.values()))


def _decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 by its byte-order mark, else UTF-8, else the code page of Vietnamese Windows."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace")


def _of_json(text: str) -> tuple[str, Iterator[Row]]:
    lines = [line for line in text.split("\n", 2)[:2] if line.strip()]
    first = _loaded(lines[0]) if len(lines) > 1 else None
    if isinstance(first, dict) or '"replayChatItemAction"' in text[:100_000]:
        values = (_loaded(line) for line in text.splitlines() if line.strip())
        return "youtube", (row for value in values for row in _of_chat(value))
    value = _loaded(text)
    if value is None:
        raise InvalidInput("The file looks like JSON but can't be read; export it anew.")
    if isinstance(value, dict) and _is_youtube(value):
        return "youtube", _of_info(value["comments"])
    return "facebook", _of_facebook(value)


def _loaded(text: str) -> Any:
    """None for what is no JSON, or nested too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_youtube(value: dict[str, Any]) -> bool:
    comments = value.get("comments")
    if not isinstance(comments, list):
        return False
    known = "extractor" in value or "extractor_key" in value or "webpage_url" in value
    return known or any(isinstance(each, dict) and "text" in each for each in comments[:20])


def _of_info(comments: list[Any]) -> Iterator[Row]:
    """Comments of yt-dlp; the channel's own are answers, not questions."""
    for each in comments:
        if isinstance(each, dict) and not each.get("author_is_uploader"):
            yield each.get("text"), each.get("id"), None


def _of_chat(value: object) -> Iterator[Row]:
    """One line of yt-dlp's live chat: an action with the messages it adds."""
    replay = _within(value, "replayChatItemAction")
    actions = _within(replay, "actions")
    offset = _within(replay, "videoOffsetTimeMsec") or _within(value, "videoOffsetTimeMsec")
    for action in actions if isinstance(actions, list) else ():
        item = _within(action, "addChatItemAction", "item")
        for kind in ("liveChatTextMessageRenderer", "liveChatPaidMessageRenderer"):
            message = _within(item, kind)
            runs = _within(message, "message", "runs")
            if isinstance(runs, list):
                said = "".join(str(_within(run, "text") or "") for run in runs)
                yield said, _within(message, "id"), _milliseconds(offset)


def _of_facebook(value: object, deep: int = 0) -> Iterator[Row]:
    """Comments of the Graph API with their replies, and of “Download your information”."""
    if isinstance(value, dict):
        for name in ("data", "comments_v2", "comments"):
            inner = value.get(name)
            yield from _of_facebook(inner, deep) if isinstance(inner, list | dict) else ()
        return
    for each in value if isinstance(value, list) else ():
        if not isinstance(each, dict):
            continue
        if "message" in each:
            yield _mended(each["message"]), each.get("id"), each.get("live_broadcast_timestamp")
        own = each.get("comment")
        if isinstance(own, dict):  # of “Download your information”; it has no ids
            yield _mended(own.get("comment")), None, None
        if deep < REPLIES_DEEP:
            for name in ("comments", "data"):
                if isinstance(each.get(name), dict | list):
                    yield from _of_facebook(each[name], deep + 1)


def _mended(text: object) -> object:
    """Facebook's download writes each byte of UTF-8 as a character of its own: “Cháº¿ Ä‘á»™”."""
    if isinstance(text, str) and any("\x80" <= c <= "\xff" for c in text):
        try:
            return text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return text
    return text


def _within(value: object, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _milliseconds(value: object) -> float | None:
    seconds = _seconds(value)
    return None if seconds is None else seconds / 1000


def _seconds(value: object) -> float | None:
    """A number, or a clock such as 1:02:03."""
    text = str(value).strip() if isinstance(value, str | int | float) and value is not True else ""
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", text):
        return float(text)
    if re.fullmatch(r"(?:\d{1,2}:)?\d{1,2}:\d\d", text):
        total = 0
        for part in text.split(":"):
            total = total * 60 + int(part)
        return float(total)
    return None


def _comment(source: str, text: object, id: object, at: object) -> Comment | None:
    said = tidy_text(text[: 4 * TEXT_LENGTH])[:TEXT_LENGTH].strip() if isinstance(text, str) else ""
    if not said:
        return None
    seconds = _seconds(at)
    named = str(id) if isinstance(id, str | int) and str(id).strip() else ""
    key = sha256(f"{source}\n{named}".encode("utf-8", "replace")).hexdigest()[:32] if named else ""
    return Comment(said, key, seconds if seconds is not None and seconds <= _OFFSET_MOST else None)

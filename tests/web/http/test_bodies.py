"""What is promised of bodies: bounded, refused in a sentence, nothing lost of what is a form."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from media.errors import InvalidInput
from web.http import bodies
from web.http.bodies import (
    FIELD_LIMIT,
    PART_BYTES,
    PART_LIMIT,
    read_body,
    read_form,
    read_json,
    read_multipart,
)

KIND = "multipart/form-data; boundary=b"
PIECE = 4096
UNREADABLE = "The form can't be read; reload the page and send it again."

Form = tuple[dict[str, list[str]], dict[str, bytes]]


class Sending:
    """A request whose body arrives in pieces of PIECE bytes; `asked` counts how many were asked for."""

    def __init__(self, body: bytes, kind: str = KIND) -> None:
        self._pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)] or [b""]
        self.asked = 0
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode("latin-1"))]}
        self.request = Request(scope, self._receive)

    async def _receive(self) -> Message:
        self.asked += 1
        return {
            "type": "http.request",
            "body": self._pieces[self.asked - 1],
            "more_body": self.asked < len(self._pieces),
        }

    def form(self, limit: int = bodies.BODY_LIMIT, seen: bodies.Seen | None = None) -> Form:
        lists, files = asyncio.run(read_multipart(self.request, limit, seen))
        found = {name: file.file.read() for name, file in files.items()}
        for file in files.values():
            file.file.close()
        return lists, found


def part(disposition: str, data: bytes = b"x") -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + data + b"\r\n"


def form_of(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--b--\r\n"


def refused(do: Callable[[], object], said: str = UNREADABLE) -> None:
    with pytest.raises(InvalidInput) as raised:
        do()
    assert str(raised.value) == said


def posted(data: bytes, field: str) -> Sending:
    request = httpx.Request("POST", "http://a", data={"do": field}, files={"file": ("bình.json", data)})
    return Sending(request.read(), request.headers["content-type"])


@given(
    st.binary(max_size=300), st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=50)
)
def test_any_file_and_field_come_through(data: bytes, field: str) -> None:
    assert posted(data, field).form() == ({"do": [field]}, {"file": data})


def test_a_long_file_is_not_held_in_memory() -> None:
    data = bytes(range(256)) * 8000
    lists, files = asyncio.run(read_multipart(posted(data, "read").request))
    with files["file"].file as file:
        assert file.name is not None  # SpooledTemporaryFile: None as long as it is in memory
        assert (lists, file.read()) == ({"do": ["read"]}, data)


def test_names_are_taken_as_they_are_written() -> None:
    sent = form_of(
        part('name="đã \\"chọn\\""', b"1"),
        part("name=bare", b"2"),
        part('name="file"; filename*=UTF-8\'\'kh%C3%A1c.json; filename="b\xecnh;=.json"', b"{}"),
        part('name="none"; filename=""', b""),
        part('name="again"', "một".encode()),
        part('name="again"', b"ha\0i"),
    )
    assert Sending(sent).form() == (
        {'đã "chọn"': ["1"], "bare": ["2"], "again": ["một", "hai"]},
        {"file": b"{}", "none": b""},
    )


def test_of_several_files_of_a_name_the_last() -> None:
    sent = form_of(part('name="file"; filename="a"', b"1"), part('name="file"; filename="b"', b"2"))
    assert Sending(sent).form() == ({}, {"file": b"2"})


def test_all_that_came_was_seen() -> None:
    body, seen = form_of(part('name="file"; filename="a"', b"-" * 10_000)), bytearray()
    Sending(body).form(seen=seen.extend)
    assert seen == body


GOOD = form_of(part('name="do"', b"read"), part('name="file"; filename="a"', b"abc"))


@pytest.mark.parametrize("cut", range(len(GOOD) - len(b"--\r\n") + 1))
def test_a_form_that_was_cut_off_is_refused(cut: int) -> None:
    refused(lambda: Sending(GOOD[:cut]).form())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", GOOD),
        ("multipart/form-data; boundary=", GOOD),
        ("multipart/form-data; boundary=other", GOOD),
        ("multipart/form-data; boundary=" + "b" * 300, GOOD),
        (KIND + ";" * 2000, GOOD),
        (KIND + "; charset=punycode", GOOD),
        (KIND, b"x" + GOOD),
        (KIND, form_of(b"--b\r\n\r\nx\r\n")),
        (KIND, form_of(part('filename="a"'))),
        (KIND, form_of(b"--b\r\nContent-Disposition\r\n\r\nx\r\n")),
        (KIND, form_of(*[part('name="a"')] * (PART_LIMIT + 1))),
        (KIND, form_of(*[part('name="a"; filename="a"')] * (PART_LIMIT + 1))),
        (KIND, form_of(part('name="a"', b"x" * (PART_BYTES + 1)))),
    ],
    ids=lambda value: repr(value[:60]),
)
def test_no_such_form(kind: str, body: bytes) -> None:
    refused(lambda: Sending(body, kind).form())


def test_forms_at_their_limits() -> None:
    sent = form_of(
        *[part('name="a"; filename="a"', b"")] * PART_LIMIT,
        *[part('name="b"', b"")] * (PART_LIMIT - 1),
        part('name="b"', b"x" * PART_BYTES),
    )
    lists, files = Sending(sent, KIND + "; charset=UTF-8").form()
    assert lists == {"b": [""] * (PART_LIMIT - 1) + ["x" * PART_BYTES]}
    assert files == {"a": b""}


HOSTILE = "x" * 3900  # as a head of a part, this took our own regular expression a tenth of a second


def test_long_heads_without_a_name_end_at_the_first() -> None:
    sending = Sending(form_of(*[part(HOSTILE)] * PART_LIMIT))
    refused(sending.form)
    assert sending.asked == 1


def test_long_heads_with_a_name_are_parts_like_others() -> None:
    sent = form_of(*[part(f'name="a"; {HOSTILE}')] * PART_LIMIT)
    assert len(sent) > 390_000
    assert Sending(sent).form() == ({"a": ["x"] * PART_LIMIT}, {})


def test_a_head_that_never_ends_is_not_waited_for() -> None:
    sending = Sending(form_of(part("x" * 400_000)))
    refused(sending.form)
    assert sending.asked <= 2


def test_no_more_is_taken_than_the_limit() -> None:
    too_much = "More than 1 MB were sent; send less at once."
    file, text = (
        Sending(form_of(part('name="a"; filename="a"', b"x" * 9_000_000))),
        Sending(b"x" * 9_000_000),
    )
    refused(lambda: file.form(1_000_000), too_much)
    refused(lambda: asyncio.run(read_body(text.request, 1_000_000)), too_much)
    assert file.asked == text.asked == 1_000_000 // PIECE + 1
    whole = b"x" * 1_000_000
    assert asyncio.run(read_body(Sending(whole).request, 1_000_000)) == whole


def test_a_form_without_files() -> None:
    assert read_form(b"a=1&a=%E1%BA%A1%00+2&b=&c=%FF") == {"a": ["1", "ạ 2"], "b": [""], "c": ["\ufffd"]}
    assert read_form(b"") == {}
    most = b"&".join([b"a="] * FIELD_LIMIT)
    assert read_form(most) == {"a": [""] * FIELD_LIMIT}
    for broken in (most + b"&a=", "a=ạ".encode()):
        refused(lambda sent=broken: read_form(sent))


def test_json_has_no_text_that_no_database_keeps() -> None:
    sent = {"a\0": ["b\0c", "\ud800d", 1, None], "e": {"f": "ạ"}}
    assert read_json(json.dumps(sent).encode()) == {"a": ["bc", "d", 1, None], "e": {"f": "ạ"}}
    assert read_json('{"a": "ạ"}'.encode()) == {"a": "ạ"}


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff", b"NaN", b"[Infinity]", b"[" * 100_000, b"9" * 10_000])
def test_no_such_json(sent: bytes) -> None:
    with pytest.raises(InvalidInput, match="can't be read"):
        read_json(sent)

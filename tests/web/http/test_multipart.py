from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from web.http.multipart import Sent, read_multipart


def _sent(data: bytes, field: str) -> tuple[str, bytes]:
    request = httpx.Request("POST", "http://a", data={"do": field}, files={"file": ("bình.json", data)})
    return request.headers["content-type"], request.read()


@given(
    st.binary(max_size=300), st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=50)
)
def test_any_file_and_field_come_through(data: bytes, field: str) -> None:
    fields, files = read_multipart(*_sent(data, field))
    assert files["file"].data == data
    assert fields["do"] == [field]


def test_no_such_form() -> None:
    kind, body = _sent(b"x", "read")
    for broken in (("multipart/form-data", body), (kind, b""), (kind, body[:-40]), (kind, b"x" + body)):
        with pytest.raises(InvalidInput):
            read_multipart(*broken)
    assert read_multipart(kind, body)[1] == {
        "file": Sent(read_multipart(kind, body)[1]["file"].filename, b"x")
    }

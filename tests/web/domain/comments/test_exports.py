from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from web.domain.comments import exports as module
from web.domain.comments.exports import Comment, read_comments
from web.domain.comments.questions_in import asks_something, candidates, picked

ASKED = "Cho em hỏi nghỉ thai sản được mấy tháng ạ?"


def _read(value: object) -> list[tuple[str, float | None]]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return [(each.text, each.at) for each in read_comments(data).comments]


def _chat(id: str, offset: object, *runs: object) -> dict[str, object]:
    renderer = {"id": id, "message": {"runs": list(runs)}, "authorName": {"simpleText": "Nguyễn Thị A"}}
    action = {"addChatItemAction": {"item": {"liveChatTextMessageRenderer": renderer}}}
    return {"replayChatItemAction": {"actions": [action], "videoOffsetTimeMsec": offset}}


def test_live_chat_of_yt_dlp() -> None:
    ticker = {"replayChatItemAction": {"actions": [{"addLiveChatTickerItemAction": {"item": {}}}]}}
    lines = [
        _chat(
            "a", "5250", {"text": "Lương tháng 13 "}, {"emoji": {"emojiId": "😀"}}, {"text": "khi nào có?"}
        ),
        ticker,
        _chat("a", "5250", {"text": "Lương tháng 13 khi nào có?"}),
        _chat("b", None, {"text": "Xin chào"}),
    ]
    data = "\n".join(json.dumps(line) for line in lines).encode()
    found = read_comments(data)
    assert found.source == "youtube"
    assert _read(data) == [("Lương tháng 13 khi nào có?", 5.25), ("Xin chào", None)]
    assert _read(json.dumps(lines[0]).encode()) == [("Lương tháng 13 khi nào có?", 5.25)], "one line alone"


def test_comments_of_yt_dlp_without_the_channels_own() -> None:
    info = {
        "extractor": "youtube",
        "comments": [
            {"id": "1", "text": ASKED, "author": "Chị B", "timestamp": 1},
            {"id": "2", "text": "Dạ 6 tháng ạ", "author_is_uploader": True},
        ],
    }
    assert _read(info) == [(ASKED, None)]
    assert read_comments(json.dumps(info).encode()).source == "youtube"


def test_comments_of_facebook() -> None:
    graph = {
        "data": [
            {
                "id": "10_1",
                "message": ASKED,
                "from": {"name": "Trần Văn C"},
                "live_broadcast_timestamp": 125,
                "comments": {"data": [{"id": "10_2", "message": "Em cũng hỏi câu này"}]},
            }
        ]
    }
    assert _read(graph) == [(ASKED, 125.0), ("Em cũng hỏi câu này", None)]
    broken = ASKED.encode().decode("latin-1")
    own = {"comments_v2": [{"timestamp": 1, "data": [{"comment": {"comment": broken, "author": "C"}}]}]}
    assert _read(own) == [(ASKED, None)]


@pytest.mark.parametrize(
    "text",
    [
        f"Tên;Nội dung;Giây\nLan;{ASKED};1:05\n",
        f"comment_id,message,offset\n7,{ASKED},65\n",
        f"\ufeffName,Comment text,Seconds\nLan,{ASKED},65.0\n",
    ],
)
def test_tables_with_a_header(text: str) -> None:
    assert _read(text.encode()) == [(ASKED, 65.0)]
    assert _read(text.encode("utf-16")) == [(ASKED, 65.0)]


def test_tables_without_a_header_or_sense() -> None:
    assert _read(f"Lan,{ASKED}\nHoa,Tăng ca tính sao?".encode()) == [
        (ASKED, None),
        ("Tăng ca tính sao?", None),
    ]
    assert _read(f"nội dung\n'=HYPERLINK(1)\n{ASKED}".encode())[0] == ("=HYPERLINK(1)", None)
    assert _read(f'nội dung\n"{ASKED}'.encode()) == [(ASKED, None)], "an open quotation mark"
    assert _read("nội dung\nLương bao nhiêu?".encode("cp1258", "ignore")), "another encoding"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"[" * 200_000, b'{"comments": 3}', b"\x00\xff\xfe", b"null"]
)
def test_what_is_no_export_is_refused_with_a_sentence(data: bytes) -> None:
    try:
        assert all(each.text for each in read_comments(data).comments)
    except InvalidInput as error:
        assert str(error).endswith(".")


def test_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE_MOST", 10)
    with pytest.raises(InvalidInput, match="larger"):
        read_comments(b"x" * 11)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "comments",
                    "comments_v2",
                    "message",
                    "comment",
                    "id",
                    "text",
                    "replayChatItemAction",
                    "actions",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_json | st.text().map(lambda text: text))
def test_anything_is_read_or_refused(value: object) -> None:
    data = value.encode("utf-8", "replace") if isinstance(value, str) else json.dumps(value).encode()
    try:
        found = read_comments(data).comments
    except InvalidInput:
        return
    assert all(each.text == each.text.strip() != "" and (each.at is None or each.at >= 0) for each in found)


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        (ASKED, True),
        ("nghi viec co can bao truoc ko ad", True),
        ("Công ty nợ lương 2 tháng thì kiện ở đâu", True),
        ("Chào cả nhà", False),
        ("Chương trình hay quá, cảm ơn anh chị", False),
        ("Hay không?", False),
        ("xem ngay https://a.vn?", False),
    ],
)
def test_which_comments_ask(text: str, is_question: bool) -> None:
    assert asks_something(text) == is_question


def test_candidates_are_masked_and_each_there_once() -> None:
    found = candidates(
        [
            Comment("Chào cả nhà mình nhé", "k0"),
            Comment("Lương tháng 13 khi nào có? Gọi em 0912345678", "k1", 5.0),
            Comment("lương THÁNG 13 khi nào có, gọi em 0987654321!", "k2"),
            Comment(ASKED, "k3"),
        ],
        known=[ASKED.upper()],
    )
    assert [(each.text, each.times, each.asks) for each in found] == [
        ("Lương tháng 13 khi nào có? Gọi em […]", 2, True),
        ("Chào cả nhà mình nhé", 1, False),
    ]
    assert found[0].source_key == "k1@5.0"
    assert len(found[1].source_key) <= 200


def test_what_a_form_sends_back() -> None:
    key = "a" * 32
    (one,) = picked([["Hỏi gì? 0912345678", key, 3]])
    assert (one.text, one.source_key) == ("Hỏi gì? […]", f"{key}@3.0")
    for wrong in (
        None,
        [],
        ["", "", None],
        ["a", "b", None],
        ["a", "", "1"],
        ["a", key, -1],
        ["a", key, float("inf")],
    ):
        with pytest.raises(InvalidInput):
            picked([wrong])

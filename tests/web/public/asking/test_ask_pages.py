"""`/ask`, receipts and votes, as a browser without scripts has them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from search.index import SearchQuery, SearchResults
from tests.web.public.asking.asking_site import OWN, AskingSite, asking_site
from tests.web.sample_archive import HOSTILE, MATERNITY, QUESTIONS
from web.domain.questions.notify import Reach, open_reach
from web.domain.questions.questions import Companion, Hold, QuestionState
from web.domain.questions.receipts import new_code, read_code, spoken

__all__ = ["asking_site"]
TEXT = "Công ty tôi không cho nghỉ giữa ca thì làm sao?"


def test_a_question_is_sent_and_looked_after(asking_site: AskingSite) -> None:
    page = asking_site.client.get("/ask", params={"text": TEXT})
    assert TEXT in page.text and page.headers["cache-control"] == "private, no-store"
    code = asking_site.ask(TEXT, name="chị Lành", show_name="1", workplace="Tổ 3")
    kept = asking_site.question(code)
    assert (kept.original, kept.shown, kept.name, kept.workplace, kept.held) == (
        TEXT,
        TEXT,
        "chị Lành",
        "",
        False,
    )
    assert kept.episode == MATERNITY
    receipt = asking_site.client.get(f"/questions/{code}")
    for part in (TEXT, spoken(code), "Đã nhận", "<svg", "noindex"):
        assert part in receipt.text
    assert receipt.headers["referrer-policy"] == "no-referrer"
    assert receipt.headers["cache-control"] == "private, no-store"
    assert receipt.headers["x-robots-tag"] == "noindex"


def test_the_archive_is_asked_first(asking_site: AskingSite) -> None:
    known = QUESTIONS[0][0]
    offered = asking_site.client.post("/ask", data={"text": known, "phone": "0912 345 678"})
    assert offered.status_code == 200 and "Có phải câu này?" in offered.text
    assert 'name="phone" value="0912 345 678"' in offered.text and not asking_site.kept.questions
    form = dict(re.findall(r'name="(episode|segment)" value="([^"]+)"', offered.text)[:2])
    ended = asking_site.client.post("/ask/answered", data=form)
    assert ended.status_code == 303 and ended.headers["location"].startswith(f"/episodes/{MATERNITY}?t=20")
    assert [segment for segment, _ in asking_site.already.kept] == [form["segment"]]
    sent = asking_site.client.post("/ask", data={"text": known, "phone": "0912 345 678", "seen": "1"})
    assert sent.headers["location"].startswith("/questions/") and len(asking_site.kept.questions) == 1
    assert known in asking_site.client.get("/ask/answers", params={"text": known}).text
    assert asking_site.client.post("/ask/answered", data=form | {"segment": "no"}).status_code == 404


def test_what_does_not_fit_is_not_said_to_be_known(
    asking_site: AskingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asking_site.archive.index.search

    def weak(query: SearchQuery) -> SearchResults:
        return replace(found(query), fits=False)

    monkeypatch.setattr(asking_site.archive.index, "search", weak)
    sent = asking_site.client.post("/ask", data={"text": QUESTIONS[0][0], **asking_site.proof()})
    assert sent.status_code == 303, "nobody is asked whether it is another question"
    assert "gần giống" not in sent.text


def test_without_a_script_somebody_looks_first(asking_site: AskingSite) -> None:
    assert asking_site.question(asking_site.ask(TEXT, solved=False)).held
    other = asking_site.client.get("/ask", params={"episode": MATERNITY})
    assert TEXT not in other.text


def test_holding_goes_by_the_episodes_choice(asking_site: AskingSite) -> None:
    proof, held = asking_site.proof(), []
    cases = [
        (Hold.NONE, "Câu thứ nhất của tôi", {}, False),
        (Hold.NONE, "Câu thứ hai của tôi", {"website": "x"}, True),
        (Hold.ALL, "Câu thứ ba của tôi", proof, True),
        (Hold.SUSPICIOUS, "Câu thứ tư của tôi", proof, True),  # used already
        (Hold.SUSPICIOUS, "Đồ chó má này là sao", asking_site.proof(), True),
        (Hold.SUSPICIOUS, "Xem example.com nhé anh chị", asking_site.proof(), True),
    ]
    for hold, text, fields, _ in cases:
        asking_site.kept.companions[MATERNITY] = Companion(MATERNITY, hold=hold)
        held.append(asking_site.question(asking_site.ask(text, solved=False, **fields)).held)
    assert held == [each[3] for each in cases]


def test_what_is_private_is_masked_and_links_are_gone(asking_site: AskingSite) -> None:
    code = asking_site.ask(
        "Gọi 0912345678 giúp em, xem https://example.com/a", name="Lan 079190001234", show_name="1"
    )
    kept = asking_site.question(code)
    assert (kept.shown, kept.name) == ("Gọi […] giúp em, xem", "Lan […]")
    assert kept.original.startswith("Gọi 0912345678")
    assert "0912345678" not in asking_site.client.get(f"/questions/{code}").text


def test_what_cannot_be_sent_comes_back(asking_site: AskingSite) -> None:
    cases = [
        ({"text": " "}, "chưa viết"),
        ({"text": "a" * 1001}, "dài quá"),
        ({"text": "https://example.com"}, "bằng lời"),
        ({"text": TEXT, "email": "lan@"}, "Địa chỉ email"),
        ({"text": TEXT, "phone": "không có"}, "Số điện thoại chưa đúng"),
    ]
    for form, told in cases:
        answer = asking_site.client.post("/ask", data=form | {"seen": "1", "workplace": "Tổ 9"})
        assert answer.status_code == 400 and told in answer.text, form
        assert "Tổ 9" in answer.text
    assert not asking_site.kept.questions


def test_a_device_that_sends_too_much_waits(asking_site: AskingSite) -> None:
    asking_site.client.get("/ask")
    for number in range(6):
        asking_site.ask(f"Câu hỏi thứ {number} của tôi", solved=False)
    answer = asking_site.client.post("/ask", data={"text": "Câu nữa của tôi", "seen": "1"})
    assert answer.status_code == 429 and "Câu nữa của tôi" in answer.text
    other = asking_site.another_device().post("/ask", data={"text": "Câu nữa của tôi", "seen": "1"})
    assert other.status_code == 303


def test_sending_twice_is_one_question(asking_site: AskingSite) -> None:
    asking_site.client.get("/ask")
    first, second = asking_site.ask(TEXT), asking_site.ask(TEXT)
    assert len(asking_site.kept.questions) == 1
    assert asking_site.client.get(f"/questions/{first}").status_code == 404
    assert asking_site.client.get(f"/questions/{second}").status_code == 200


def test_a_closed_programme_leads_to_the_archive(asking_site: AskingSite) -> None:
    asking_site.kept.companions[MATERNITY] = Companion(MATERNITY, open=False)
    page = asking_site.client.get("/ask", params={"episode": MATERNITY})
    assert "đã ngừng nhận câu hỏi" in page.text
    assert asking_site.question(asking_site.ask(TEXT)).episode is None


def test_other_sites_cannot_ask_or_vote(asking_site: AskingSite) -> None:
    code = asking_site.ask(TEXT)
    own = asking_site.question(code).id
    headers = {"sec-fetch-site": "cross-site"}
    posts = {"/ask": {"text": "a b"}, "/ask/votes": {"question": own}, f"/questions/{code}/forget": {}}
    for path, form in posts.items():
        assert asking_site.client.post(path, data=form, headers=headers).status_code == 403
    calls = asking_site.client
    assert calls.put(f"/api/v1/questions/{own}/vote").status_code == 403
    assert calls.post("/api/v1/questions", json={"text": "a b"}).status_code == 403


def test_me_too_counts_once_a_device_and_is_taken_back(asking_site: AskingSite) -> None:
    own = asking_site.question(asking_site.ask(TEXT)).id
    other = asking_site.another_device()
    for _ in range(2):
        voted = other.post("/ask/votes", data={"question": own, "next": f"/ask?episode={MATERNITY}"})
        assert voted.headers["location"] == f"/ask?episode={MATERNITY}"
        assert asking_site.asking.questions.question(own).votes == 2
    page = other.get("/ask", params={"episode": MATERNITY}).text
    assert 'aria-pressed="true"' in page and 'name="take_back"' in page
    other.post("/ask/votes", data={"question": own, "take_back": "1", "next": "https://evil.example"})
    assert asking_site.asking.questions.question(own).votes == 1
    assert other.post("/ask/votes", data={"question": "f" * 32}).status_code == 404


def test_votes_follow_a_merge(asking_site: AskingSite) -> None:
    first = asking_site.question(asking_site.ask(TEXT)).id
    second = asking_site.question(asking_site.ask("Sao không được nghỉ giữa ca vậy?")).id
    other = asking_site.another_device()
    vote = f"/api/v1/questions/{second}/vote"
    assert other.put(vote, headers=OWN).json() == {"votes": 2, "voted": True}
    asking_site.change(second, merged_into=first)
    assert other.get(f"/api/v1/episodes/{MATERNITY}/questions").json()["questions"][0]["voted"]
    assert other.put(vote, headers=OWN).json()["votes"] == 1  # as before the merge's recount
    assert other.delete(vote, headers=OWN).json() == {"votes": 2, "voted": False}  # who asked the two
    assert not other.get(f"/api/v1/episodes/{MATERNITY}/questions").json()["questions"][0]["voted"]


def test_codes_are_found_and_mistakes_told(asking_site: AskingSite) -> None:
    code = asking_site.ask(TEXT)
    found = asking_site.client.post("/questions", data={"code": f" {spoken(code)}"})
    assert found.headers["location"] == f"/questions/{code}"
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert "Có số bị sai" in asking_site.client.post("/questions", data={"code": wrong}).text
    assert "Mã có 11 số" in asking_site.client.post("/questions", data={"code": "123"}).text
    missing = new_code()
    assert "Chưa thấy" in asking_site.client.get(f"/questions/{missing}").text
    for _ in range(25):
        last = asking_site.client.get(f"/questions/{new_code()}")
    assert last.status_code == 429
    assert asking_site.client.get(f"/questions/{code}").status_code == 429  # nor is a right guess told


def test_a_receipt_tells_what_became_of_it(asking_site: AskingSite) -> None:
    code = asking_site.ask(TEXT)
    own, path = asking_site.question(code).id, f"/questions/{code}"
    states = {
        QuestionState.SHORTLISTED: "Đã chọn",
        QuestionState.ON_AIR: "Đang trả lời",
        QuestionState.LATER: "Để trả lời sau",
        QuestionState.ANSWERED: "Đoạn ghi lại sẽ có ở đây",
        QuestionState.REFUSED: "Không nhận câu này",
    }
    for state, told in states.items():
        asking_site.change(own, state=state)
        assert told in asking_site.client.get(path).text
    segment = next(each for each in asking_site.archive.transcripts.segments(MATERNITY) if each.question)
    asking_site.change(own, state=QuestionState.ANSWERED, segment=segment.id)
    assert "/episodes/" + MATERNITY + "?t=20" in asking_site.client.get(path).text
    into = asking_site.question(asking_site.ask("Nghỉ giữa ca bao nhiêu phút?")).id
    asking_site.change(own, merged_into=into)
    merged = asking_site.client.get(path).text
    assert "gộp thành một câu" in merged and "Nghỉ giữa ca bao nhiêu phút?" in merged
    asking_site.change(into, held=True)
    assert "Nghỉ giữa ca bao nhiêu phút?" not in asking_site.client.get(path).text


def test_contacts_are_sealed_and_deleted_on_request(asking_site: AskingSite) -> None:
    code = asking_site.ask(TEXT, email="lan@example.com", phone="0912 345 678")
    own = asking_site.question(code).id
    sealed = dict(asking_site.asking.contacts.of(own))
    assert b"lan@" not in sealed["email"]
    assert open_reach(asking_site.asking.encryption, sealed["phone"]) == Reach("0912345678", "vi")
    page = asking_site.client.get(f"/questions/{code}").text
    assert "email, số điện thoại" in page and "lan@example.com" not in page
    assert asking_site.client.post(f"/questions/{code}/forget").status_code == 303
    assert asking_site.asking.contacts.of(own) == []


def test_hostile_texts_come_out_as_text(asking_site: AskingSite) -> None:
    sent = {"name": HOSTILE, "workplace": HOSTILE, "show_name": "1", "show_workplace": "1"}
    code = asking_site.ask(f"Hỏi {HOSTILE}", **sent)
    pages = [f"/questions/{code}", f"/ask?episode={MATERNITY}", "/ask?text=" + HOSTILE.replace("&", "%26")]
    pages += ["/questions/" + HOSTILE.replace("/", ""), "/ask/answers?text=" + HOSTILE.replace("&", "%26")]
    for path in pages:
        assert "<script>alert" not in asking_site.client.get(path).text, path
    back = asking_site.client.post(
        "/ask", data={"text": HOSTILE, "email": HOSTILE, "seen": "1", "episode": HOSTILE}
    )
    assert back.status_code == 400 and "<script>alert" not in back.text
    assert "&lt;script&gt;" in asking_site.client.get(f"/questions/{code}").text


def test_the_calls_do_what_the_forms_do(asking_site: AskingSite) -> None:
    calls = asking_site.client
    work = calls.get("/api/v1/questions/challenge").json()
    assert work["bits"] == 15
    sent = {"text": TEXT, "name": "Lan", "email": "lan@example.com", **asking_site.proof()}
    asked = calls.post(f"/api/v1/episodes/{MATERNITY}/questions", json=sent, headers=OWN)
    assert asked.status_code == 201 and asked.headers["location"] == asked.json()["url"]
    body = asked.json()
    assert (body["shown"], body["held"]) == (TEXT, False) and read_code(body["code"]) == body["code"]
    listed = calls.get(f"/api/v1/episodes/{MATERNITY}/questions").json()
    assert listed["open"] and listed["questions"] == [
        {
            "id": body["id"], "episode": MATERNITY, "shown": TEXT, "name": "Lan", "workplace": "",
            "state": "incoming", "votes": 1, "answer": "", "voted": True,
        }
    ]  # fmt: skip
    receipt = calls.post("/api/v1/receipts", json={"code": spoken(body["code"])}, headers=OWN).json()
    assert (receipt["shown"], receipt["words"], receipt["contacts"]) == (TEXT, "Đã nhận", ["email"])
    archive = calls.post("/api/v1/questions", json={"text": "Không có chương trình nào à?"}, headers=OWN)
    assert archive.json()["held"] and calls.get("/api/v1/questions").json() == {
        "open": True,
        "questions": [],
    }
    for wrong in ({"text": 5}, {}, [], {"text": "a b", "name": ["x"]}):
        assert calls.post("/api/v1/questions", json=wrong, headers=OWN).status_code == 400
    asking_site.kept.companions[MATERNITY] = Companion(MATERNITY, open=False)
    assert calls.post(f"/api/v1/episodes/{MATERNITY}/questions", json=sent, headers=OWN).status_code == 409

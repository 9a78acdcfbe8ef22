"""Drafts, proofs of work and the word list: pure parts of asking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from tests.web.domain.questions.solving import solve
from tests.web.public.asking.asking_site import MemoryWordList
from web.domain.questions.drafts import NotSendable, Unfit, prepare, read_draft, read_email, read_phone
from web.domain.questions.proof_of_work import BITS, GOOD_SECONDS, Proofs
from web.domain.questions.questions import Hold
from web.domain.questions.word_list import DEFAULT, Watching, read_words
from web.domain.sending.fernet import FernetEncryption, new_key


@pytest.mark.parametrize(
    ("text", "kept"),
    [("", ""), (" lan@example.com ", "lan@example.com"), ("a.b+c@d-e.vn", "a.b+c@d-e.vn")],
)
def test_addresses_of_mail(text: str, kept: str) -> None:
    assert read_email(text) == kept


@pytest.mark.parametrize(
    "text", ["lan", "lan@", "@example.com", "a@b", "a b@c.vn", "a@b.vn\nBcc: x@y.vn", "a@b.vn,c@d.vn"]
)
def test_what_is_no_address_of_mail(text: str) -> None:
    with pytest.raises(NotSendable) as caught:
        read_email(text)
    assert caught.value.why is Unfit.EMAIL


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("0912 345.678", "0912345678"),
        ("+84 (912) 345-678", "+84912345678"),
        ("０９１２３４５６７８", "0912345678"),
    ],
)
def test_phone_numbers(text: str, kept: str) -> None:
    assert read_phone(text) == kept


@pytest.mark.parametrize("text", ["123", "không có", "0912345678 gọi tối", "1" * 16])
def test_what_is_no_phone_number(text: str) -> None:
    with pytest.raises(NotSendable):
        read_phone(text)


@given(
    st.dictionaries(
        st.sampled_from(["text", "name", "workplace", "show_name", "email", "phone"]), st.text()
    )
)
def test_any_form_is_read_or_told(fields: dict[str, str]) -> None:
    try:
        made = prepare(read_draft(fields), solved=True, hold=Hold.SUSPICIOUS, watched=lambda _: False)
    except InvalidInput:
        return
    assert made.shown and "\n" not in made.shown + made.original
    assert made.name == "" or fields["show_name"]


def test_a_challenge_is_good_once_and_for_a_while() -> None:
    moment = [1_000_000.0]
    proofs = Proofs(FernetEncryption([new_key()]), lambda: moment[0])
    challenge = proofs.challenge()
    nonce = solve(challenge)
    assert len(f"{challenge}:{nonce}") <= 55, "the page's script hashes one block"
    wrong = str(int(nonce) + 1)
    assert not proofs.solved(challenge, wrong if wrong != nonce else "0")
    assert (
        not proofs.solved("", "") and not proofs.solved(challenge, "") and not proofs.solved("a.b.c", nonce)
    )
    other = Proofs(FernetEncryption([new_key()]), lambda: moment[0])
    assert not other.solved(challenge, nonce)
    assert proofs.solved(challenge, nonce) and not proofs.solved(challenge, nonce)
    late = proofs.challenge()
    moment[0] += GOOD_SECONDS + 1
    assert not proofs.solved(late, solve(late))
    assert BITS >= 15


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Đồ chó má", True),
        ("ĐÙ MÀ MƯA vẫn đi làm", False),
        ("dit me may", True),
        ("địt mẹ", True),
        ("đụ", True),
        ("du lịch với các anh chị", False),
        ("kèo nhà cái uy tín", True),
        ("nhà cai thầu", True),
        ("cạc cặc", True),
        ("lon bia, con lợn", False),
        ("Lương tháng này của các anh chị", False),
        ("", False),
    ],
)
def test_words_are_found_as_they_are_listed(text: str, hit: bool) -> None:
    assert Watching(MemoryWordList()).hits(text) == hit


def test_editors_keep_their_own_list() -> None:
    kept, clock = MemoryWordList(), [0.0]
    watching = Watching(kept, lambda: clock[0])
    assert watching.hits("casino") and "casino" in DEFAULT
    kept.change(["sa thải"], [])
    assert watching.hits("casino")
    clock[0] += 60
    assert not watching.hits("casino") and watching.hits("bị Sa  Thải") and not watching.hits("sa thai")
    assert read_words(" A  b \n\na B\nđụ") == ["a b", "đụ"]

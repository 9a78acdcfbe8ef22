from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from web.domain.sending.fernet import FernetEncryption, new_key

OLD, NEW = new_key(), new_key()
SEALING = FernetEncryption([OLD])
ROTATED = FernetEncryption([NEW, OLD])


@given(st.binary(max_size=300))
def test_what_is_sealed_is_read_again_also_after_a_new_key(secret: bytes) -> None:
    sealed = SEALING.encrypt(secret)
    assert len(secret) < 4 or secret not in sealed
    assert SEALING.decrypt(sealed) == secret == ROTATED.decrypt(sealed)
    assert SEALING.encrypt(secret) != sealed


def test_without_its_key_or_changed_it_is_refused() -> None:
    sealed = ROTATED.encrypt(b"0912 345 678")
    other = b"B" if sealed[20:21] == b"A" else b"A"
    for wrong in (sealed[:-3], sealed[:20] + other + sealed[21:], b"", "ệ".encode()):
        with pytest.raises(InvalidInput):
            ROTATED.decrypt(wrong)
    with pytest.raises(InvalidInput, match="old key"):
        SEALING.decrypt(sealed)


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, ""]])
def test_keys_that_are_none(keys: list[str]) -> None:
    with pytest.raises(InvalidInput):
        FernetEncryption(keys)


def test_pseudonyms_stay_with_a_new_key_and_tell_parts_apart() -> None:
    assert SEALING.pseudonym("vote", "q1", "device") == ROTATED.pseudonym("vote", "q1", "device")
    named = {SEALING.pseudonym(*parts) for parts in (("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c"))}
    assert len(named) == 4
    assert all(len(name) == 64 for name in named)
    assert FernetEncryption([NEW]).pseudonym("a") != SEALING.pseudonym("a")

from __future__ import annotations

import pytest

from web.domain.accounts.accounts import Account, Role
from web.domain.accounts.permissions import Action, may

TABLE = """
action                                   admin editor moderator contributor
see the studio                           yes   yes    yes       yes
keep one's own account                   yes   yes    yes       yes
upload                                   yes   yes    no        own
edit an episode                          yes   yes    no        own
publish and withdraw                     yes   yes    no        no
keep topics, programmes and the lexicon  yes   yes    no        no
moderate questions                       yes   yes    yes       no
see figures                              yes   yes    yes       no
keep people                              yes   no     no        no
read the audit log                       yes   no     no        no
"""
ROWS = [
    (Action(line[:41].strip()), role, answer)
    for line in TABLE.strip().splitlines()[1:]
    for role, answer in zip(
        (Role.ADMIN, Role.EDITOR, Role.MODERATOR, Role.CONTRIBUTOR), line[41:].split(), strict=True
    )
]


def test_the_table_is_whole() -> None:
    assert {(action, role) for action, role, _ in ROWS} == {(a, r) for a in Action for r in Role}


@pytest.mark.parametrize(("action", "role", "answer"), ROWS)
def test_who_may_do_what(action: Action, role: Role, answer: str) -> None:
    account = Account("1", "x", "X", role, "bien-hoa" if role is Role.CONTRIBUTOR else "")
    everybody_s = action in (Action.SEE_STUDIO, Action.OWN_ACCOUNT)
    assert may(account, action) is (answer != "no")
    assert may(account, action, "bien-hoa") is (answer != "no")
    if not everybody_s:
        assert may(account, action, "long-thanh") is (answer == "yes")
        assert may(account, action, "") is (answer == "yes")


def test_who_is_locked_out_may_nothing() -> None:
    assert not any(may(Account("1", "x", "X", Role.ADMIN, active=False), action) for action in Action)

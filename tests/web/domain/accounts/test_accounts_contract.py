"""What every store of accounts promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import SqlAudit
from infra.db.people import accounts as accounts_sql
from infra.db.people.accounts import SqlAccounts
from media.errors import Conflict, NotFound
from web.domain.accounts.accounts import SESSION_IDLE, SESSION_LONGEST, Account, LinkPurpose, Role
from web.domain.accounts.actor import acting

LAN = Account("", "lan@example.vn", "Nguyễn Thị Lan", Role.EDITOR)


@pytest.fixture
def database(any_database: Database) -> Database:
    return any_database


@pytest.fixture
def accounts(database: Database) -> SqlAccounts:
    return SqlAccounts(database)


def test_an_account_is_found_by_login_and_by_mail(accounts: SqlAccounts) -> None:
    lan = accounts.add(replace(LAN, login="lan", email="lan@example.vn"))
    assert lan.id
    assert accounts.account(lan.id) == lan
    assert accounts.by_login("lan") == accounts.by_login("lan@example.vn") == lan
    assert accounts.by_login("") is None
    assert accounts.secret(lan.id) == ""
    assert accounts.accounts() == [lan]


def test_a_login_or_mail_belongs_to_one(accounts: SqlAccounts) -> None:
    accounts.add(replace(LAN, login="lan", email="lan@example.vn"))
    for taken in (LAN, replace(LAN, login="lan"), replace(LAN, login="an", email="lan@example.vn")):
        with pytest.raises(Conflict):
            accounts.add(taken)
    other = accounts.add(replace(LAN, login="an"))
    with pytest.raises(Conflict):
        accounts.save(replace(other, login="lan@example.vn"))
    assert len(accounts.accounts()) == 2


def test_unknown_accounts(accounts: SqlAccounts) -> None:
    for call in (
        lambda: accounts.account("x"),
        lambda: accounts.secret("x"),
        lambda: accounts.set_secret("x", "s"),
        lambda: accounts.save(replace(LAN, id="x")),
        lambda: accounts.start_session("x", "d", ""),
        lambda: accounts.add_link("x", "d", LinkPurpose.RESET),
        lambda: accounts.bind("x", "i", "s"),
    ):
        with pytest.raises(NotFound):
            call()
    assert accounts.session("x") is None
    assert accounts.link("x") is None


def test_sessions_end_by_sign_out_password_and_locking(accounts: SqlAccounts) -> None:
    lan = accounts.add(LAN)
    for digest in ("a", "b", "c"):
        accounts.start_session(lan.id, digest, "Firefox")
    accounts.end_session("a")
    assert accounts.session("a") is None
    found = accounts.session("b")
    assert found is not None
    assert (found.account, found.agent) == (lan, "Firefox")
    accounts.set_secret(lan.id, "new", keep="b")
    assert [s.id for s in accounts.sessions(lan.id)] == ["b"]
    accounts.save(replace(lan, active=False))
    assert accounts.session("b") is None
    assert accounts.sessions(lan.id) == []


@pytest.mark.parametrize(
    ("seen", "started", "good"),
    [
        (SESSION_IDLE - timedelta(minutes=5), timedelta(days=20), True),
        (SESSION_IDLE + timedelta(minutes=5), timedelta(days=20), False),
        (timedelta(0), SESSION_LONGEST + timedelta(minutes=5), False),
    ],
)
def test_sessions_end_by_time(
    accounts: SqlAccounts, monkeypatch: pytest.MonkeyPatch, seen: timedelta, started: timedelta, good: bool
) -> None:
    lan, present = accounts.add(LAN), now()
    monkeypatch.setattr(accounts_sql, "now", lambda: present - max(seen, started))
    accounts.start_session(lan.id, "d", "")
    if started > seen:  # it was used again and again until `seen` ago
        step = present - started
        while step < present - seen:
            step = min(step + timedelta(days=10), present - seen)
            monkeypatch.setattr(accounts_sql, "now", lambda step=step: step)
            accounts.session("d")
    monkeypatch.setattr(accounts_sql, "now", lambda: present)
    assert (accounts.session("d") is not None) is good


def test_a_link_is_good_once_and_for_a_while(
    accounts: SqlAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan, present = accounts.add(LAN), now()
    accounts.add_link(lan.id, "one", LinkPurpose.INVITATION)
    accounts.add_link(lan.id, "two", LinkPurpose.RESET)
    assert accounts.link("one") is None
    assert accounts.link("two") == (lan, LinkPurpose.RESET)
    monkeypatch.setattr(accounts_sql, "now", lambda: present + timedelta(hours=3))
    assert accounts.link("two") is None
    accounts.add_link(lan.id, "three", LinkPurpose.RESET)
    accounts.set_secret(lan.id, "hash")
    assert accounts.link("three") is None


def test_an_identity_belongs_to_one_account(accounts: SqlAccounts) -> None:
    lan, an = accounts.add(LAN), accounts.add(replace(LAN, login="an"))
    accounts.bind(lan.id, "https://login.example", "42")
    assert accounts.by_subject("https://login.example", "42") == lan
    assert accounts.by_subject("https://other.example", "42") is None
    with pytest.raises(Conflict):
        accounts.bind(an.id, "https://login.example", "42")


def test_every_change_is_in_the_audit_log(accounts: SqlAccounts, database: Database) -> None:
    with acting("chief"):
        lan = accounts.add(LAN)
        accounts.save(replace(lan, role=Role.ADMIN))
        accounts.set_secret(lan.id, "argon2 hash")
        accounts.add_link(lan.id, "digest", LinkPurpose.RESET)
    accounts.end_sessions(lan.id)
    audit = SqlAudit(database)
    entries = audit.entries()
    assert [(e.actor, e.action) for e in reversed(entries)] == [
        ("chief", "account.add"),
        ("chief", "account.change"),
        ("chief", "account.password"),
        ("chief", "account.reset"),
        ("system", "account.sign-out-everywhere"),
    ]
    assert {e.subject for e in entries} == {LAN.login}
    assert entries[3].detail == {"role": "admin"}
    assert "argon2" not in str(entries) and "digest" not in str(entries)
    assert [e.actor for e in audit.entries(actor="system")] == ["system"]
    assert len(audit.entries(action="account.")) == 5
    assert audit.entries(action="account_") == []
    assert len(audit.entries(before=entries[0].id, limit=2)) == 2
    today = now().date()
    assert len(audit.entries(since=today, until=today)) == 5
    assert audit.entries(until=today - timedelta(days=1)) == []

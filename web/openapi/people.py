"""The API's description: people, one's own account, tokens, the audit log. Pure."""

from __future__ import annotations

from web.domain.accounts.accounts import PASSWORD_LENGTHS, LinkPurpose, Role
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import Scope
from web.openapi.vocabulary import (
    DAY,
    FLAG,
    MOMENT,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    list_of,
    one_of,
    or_null,
    path,
    placed,
    record,
    ref,
    said,
    sent,
)
from web.studio.people.api import AUDIT_MOST

_PEOPLE, _OWN = Action.KEEP_PEOPLE, Action.OWN_ACCOUNT
_ID = [placed("id")]
_ROLE = one_of(*(each.value for each in Role))
_PERSON = {
    "name": TEXT,
    "role": _ROLE,
    "organisation": said(TEXT, "the slug of a contributor's organisation"),
    "email": TEXT,
}
_LINK = {
    "link": said(TEXT, "one-time; it is told only here"),
    "purpose": one_of(*(each.value for each in LinkPurpose)),
    "mailed": FLAG,
}
_SCOPES = list_of(one_of(*(each.value for each in Scope)))
_TOKEN = {"id": TEXT, "name": TEXT, "scopes": _SCOPES, "made_at": MOMENT, "used_at": or_null(MOMENT)}
_NEW_PASSWORD: Schema = {
    "type": "string",
    "minLength": PASSWORD_LENGTHS[0],
    "maxLength": PASSWORD_LENGTHS[1],
}

PATHS: Schema = {
    "/api/v1/people": path(
        "people",
        get=Operation(
            "people", "By name", record(people=list_of(ref("Person"))), _PEOPLE, reads=True, etag=True
        ),
        post=Operation(
            "invite",
            "Add somebody; the answer has a one-time link for choosing a password",
            record(person=ref("Person"), **_LINK),
            _PEOPLE,
            body=sent(["login", "name", "role"], login=TEXT, **_PERSON),
            status=201,
            etag=True,
        ),
    ),
    "/api/v1/people/{id}": path(
        "people",
        _ID,
        get=Operation("person", "One of them", ref("Person"), _PEOPLE, reads=True, etag=True),
        patch=Operation(
            "changePerson",
            "Change some of it; who is not active can't sign in",
            ref("Person"),
            _PEOPLE,
            body=sent(**_PERSON, active=FLAG),
            match=True,
            etag=True,
        ),
    ),
    "/api/v1/people/{id}/link": path(
        "people",
        _ID,
        post=Operation("makeLink", "A new one-time link for choosing a password", record(**_LINK), _PEOPLE),
    ),
    "/api/v1/people/{id}/sign-out": path(
        "people", _ID, post=Operation("signOutPerson", "Sign out on all devices", None, _PEOPLE)
    ),
    "/api/v1/audit": path(
        "people",
        get=Operation(
            "audit",
            "Who changed what, newest first",
            record(entries=list_of(ref("AuditEntry"))),
            Action.SEE_AUDIT,
            [
                asked("actor", TEXT, "a login"),
                asked("action", TEXT, "or the beginning of one, such as “episode.”"),
                asked("subject", TEXT),
                asked("since", DAY),
                asked("until", DAY),
                asked("before", {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}, "an entry's id"),
                asked("limit", {"type": "integer", "minimum": 0, "maximum": AUDIT_MOST, "default": 100}),
            ],
            reads=True,
            problems=(400,),
        ),
    ),
    "/api/v1/account": path(
        "account",
        get=Operation(
            "account",
            "Who one is, and what this session or token may do",
            record(person=ref("Person"), actions=list_of(one_of(*(each.name.lower() for each in Action)))),
            Action.SEE_STUDIO,
            reads=True,
        ),
    ),
    "/api/v1/account/password": path(
        "account",
        post=Operation(
            "changePassword",
            "Change one's password; signs out all other devices",
            None,
            _OWN,
            body=sent(["old", "new"], old=TEXT, new=_NEW_PASSWORD),
        ),
    ),
    "/api/v1/account/sign-out": path(
        "account", post=Operation("signOut", "Sign out on all devices", None, _OWN)
    ),
    "/api/v1/tokens": path(
        "account",
        get=Operation(
            "tokens", "One's own, newest first", record(tokens=list_of(record(**_TOKEN))), _OWN, reads=True
        ),
        post=Operation(
            "addToken",
            "Make a token for a program",
            record(**_TOKEN, token=said(TEXT, "the token itself; it is told only here")),
            _OWN,
            body=sent(["name", "scopes"], name=TEXT, scopes={**_SCOPES, "minItems": 1}),
            status=201,
        ),
    ),
    "/api/v1/tokens/{id}": path(
        "account", _ID, delete=Operation("removeToken", "Remove a token", None, _OWN)
    ),
}

SCHEMAS: Schema = {
    "Person": record(id=TEXT, login=TEXT, **_PERSON, active=FLAG),
    "AuditEntry": record(
        id=WHOLE, at=MOMENT, actor=TEXT, action=TEXT, subject=TEXT, detail={"type": "object"}
    ),
}

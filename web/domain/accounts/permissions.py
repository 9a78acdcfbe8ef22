"""Who may do what: one table, asked by every page and every call."""

from __future__ import annotations

from enum import StrEnum

from web.domain.accounts.accounts import Account, Role


class Action(StrEnum):
    """What can be permitted. Those on episodes are limited to their own organisation for contributors."""

    SEE_STUDIO = "see the studio"
    UPLOAD = "upload"
    EDIT_EPISODE = "edit an episode"
    PUBLISH = "publish and withdraw"
    KEEP_TOPICS = "keep topics, programmes and the lexicon"
    MODERATE = "moderate questions"
    SEE_FIGURES = "see figures"
    KEEP_PEOPLE = "keep people"
    SEE_AUDIT = "read the audit log"
    OWN_ACCOUNT = "keep one's own account"


_EVERYBODY = frozenset(Role)
_EDITORS = frozenset({Role.ADMIN, Role.EDITOR})
_ADMINS = frozenset({Role.ADMIN})

PERMITTED: dict[Action, frozenset[Role]] = {
    Action.SEE_STUDIO: _EVERYBODY,
    Action.OWN_ACCOUNT: _EVERYBODY,
    Action.UPLOAD: _EDITORS | {Role.CONTRIBUTOR},
    Action.EDIT_EPISODE: _EDITORS | {Role.CONTRIBUTOR},
    Action.PUBLISH: _EDITORS,
    Action.KEEP_TOPICS: _EDITORS,
    Action.MODERATE: _EDITORS | {Role.MODERATOR},
    Action.SEE_FIGURES: _EDITORS | {Role.MODERATOR},
    Action.KEEP_PEOPLE: _ADMINS,
    Action.SEE_AUDIT: _ADMINS,
}


def may(account: Account, action: Action, organisation: str | None = None) -> bool:
    """Whether `account` may do `action`.

    Args:
        account: who wants to.
        action: what.
        organisation: of the programme it is done to; None where no single programme is concerned.
    """
    if not account.active or account.role not in PERMITTED[action]:
        return False
    if account.role is not Role.CONTRIBUTOR or organisation is None:
        return True
    return bool(account.organisation) and account.organisation == organisation

"""Services for tests: some stores of a site put in place of its own, each in the group that names it."""

from __future__ import annotations

from dataclasses import fields, replace

from infra.assembly.groups import companion_services
from infra.db.base.database import Database
from infra.db.questions.board import SqlBoard
from web.domain.matching.matching import QuestionMatching
from web.domain.questions.asking import AskingLimits
from web.domain.sending.encryption import Encryption
from web.domain.sending.fernet import FernetEncryption, new_key
from web.services import CompanionServices, LiveServices, Services, StudioServices

_GROUPS = {"studio": StudioServices, "companion": CompanionServices, "live": LiveServices}


class Absent:
    """In the place of a store of which a test does not speak: a page that asks it fails the test."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"This test's site has no “{self._name}”, which was asked for “{name}”.")

    def __call__(self) -> object:
        raise AssertionError(f"This test's site has no “{self._name}”.")


def given(services: Services, **stores: object) -> Services:
    """`services` with `stores` in their groups. Of a group that was not there the others are `Absent`."""
    groups: dict[str, object] = {}
    for name in ("settings", "archive", *_GROUPS):
        kept = getattr(services, name)
        names = [each.name for each in fields(kept if kept is not None else _GROUPS[name])]
        own = {each: stores.pop(each) for each in names if each in stores}
        if own and kept is not None:
            groups[name] = replace(kept, **own)
        elif own:
            groups[name] = _GROUPS[name](**{each: Absent(each) for each in names} | own)  # type: ignore[arg-type]
    return replace(services, **groups, **stores)  # type: ignore[arg-type]


def companion_on(
    database: Database, encryption: Encryption | None = None, questions_a_minute: float = 120
) -> CompanionServices:
    """Questions in `database`, matched by words alone; without `encryption` by a key of its own."""
    key = encryption or FernetEncryption([new_key()])
    limits = AskingLimits(questions_a_minute)
    return companion_services(database, lambda: key, QuestionMatching(), SqlBoard(database), limits)

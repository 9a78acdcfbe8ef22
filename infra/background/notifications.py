"""A worker's duty: who asked is told once that the answer is there, and then forgotten."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from infra.assembly.archive import Archive
from infra.assembly.engines import make_mail, make_push
from media.errors import ArchiveError, InvalidInput, Unavailable
from web.domain.questions.asking import CONTACT_DAYS
from web.domain.questions.contacts import PendingNotification
from web.domain.questions.notify import letter, message, open_reach
from web.domain.sending.mail import Mail
from web.domain.sending.push import Push
from web.text.language import DEFAULT, Language, read_languages

log = logging.getLogger("tualai.worker")

_CLAIM_SECONDS = 600.0
"""Whoever tries to tell has so long; a worker that died meanwhile does no harm."""
_SWEEP_SECONDS = 3600.0


class NotificationTask:
    """Tells by mail and web push, where they are set up; forgets what has been kept too long."""

    def __init__(self) -> None:
        self._ways: tuple[Mail | None, Push | None] | None = None
        self._languages: dict[str, Language] = {}
        self._swept = float("-inf")

    def __call__(self, archive: Archive, _name: str) -> None:
        if time.monotonic() - self._swept > _SWEEP_SECONDS:
            self._swept = time.monotonic()
            if count := archive.companion.contacts.sweep(timedelta(days=CONTACT_DAYS)):
                log.info("%d contacts were kept for %d days and are forgotten", count, CONTACT_DAYS)
        if self._ways is None:
            self._ways = (
                make_mail(archive.settings),
                make_push(archive.settings, archive.companion.encryption()),
            )
        self.tell(archive, *self._ways)

    def tell(self, archive: Archive, mail: Mail | None, push: Push | None) -> None:
        """Tell everybody whose answer is public."""
        kinds = [
            kind for kind, way in (("email", mail and archive.settings.base_url), ("push", push)) if way
        ]
        waiting = archive.companion.contacts.answered(kinds) if kinds else []
        answers = archive.companion.questions.answers([each.question for each in waiting])
        for each in waiting:
            address = answers.get(each.question.id, "")
            if address and archive.companion.contacts.claim(each.asked, each.kind, _CLAIM_SECONDS):
                self._tell_one(archive, each, address, mail, push)

    def _tell_one(
        self,
        archive: Archive,
        each: PendingNotification,
        address: str,
        mail: Mail | None,
        push: Push | None,
    ) -> None:
        try:
            reach = open_reach(archive.companion.encryption(), each.sealed)
            self._languages = self._languages or read_languages()
            language = self._languages.get(reach.language, self._languages[DEFAULT])
            asked = archive.companion.questions.question(each.asked)
            if each.kind == "email" and mail is not None:
                whole = archive.settings.base_url.rstrip("/") + address
                mail.send(letter(asked, reach.to, whole, archive.settings.site_name, language))
            elif each.kind == "push" and push is not None:
                push.send(reach.to, message(asked, address, language))
        except Unavailable as error:
            log.warning("An asker is told later: %s", error)
            return
        except InvalidInput as error:
            log.info("An asker cannot be told: %s", error)
        except ArchiveError:
            log.exception("An asker was not told")
            return
        archive.companion.contacts.forget(each.asked, each.kind)

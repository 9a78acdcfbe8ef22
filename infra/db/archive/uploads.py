"""The `Uploads` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.tables.studio import uploads as t
from media.errors import Conflict, Message, NotFound
from media.ingest.uploads import Quota, TooLarge, Upload, UploadKind, UploadRequest, UploadState

Enqueue = Callable[[sa.Connection, str, int], None]
"""Called inside the transaction with an upload's id and the number of the attempt, to queue taking it."""

_UNDER_WAY = (UploadState.WAITING, UploadState.TAKING)


class SqlUploads:
    """Implements `media.ingest.uploads.Uploads`."""

    def __init__(self, database: Database, enqueue: Enqueue) -> None:
        self._db, self._enqueue = database, enqueue

    def add(self, upload: Upload, quota: Quota) -> None:
        """See `Uploads.add`."""
        state = UploadState.WAITING if upload.link else UploadState.ARRIVING
        with self._db.write(f"account/{upload.account}", f"upload/{upload.id}") as c:
            if upload.account:
                self._check_quota(c, upload, quota)
            c.execute(t.insert().values(**_row(upload), state=state, created_at=now()))
            note(
                c, "upload.begin", upload.filename, bytes=upload.length, kind=upload.kind, link=upload.link
            )
            if upload.link:
                self._queue(c, upload.id, 0)

    def upload(self, id: str) -> Upload:
        """See `Uploads.upload`."""
        with self._db.read() as c:
            return _one(c, id)

    def of_account(self, account: str, limit: int = 50) -> list[Upload]:
        """See `Uploads.of_account`."""
        whose = t.c.account == account if account else t.c.account.is_(None)
        return self._all(sa.select(t).where(whose).order_by(t.c.created_at.desc(), t.c.id).limit(limit))

    def arriving(self) -> list[Upload]:
        """See `Uploads.arriving`."""
        return self._all(sa.select(t).where(t.c.state == UploadState.ARRIVING))

    def touch(self, id: str, expires_at: datetime) -> None:
        """See `Uploads.touch`."""
        with self._db.write(f"upload/{id}") as c:
            _set(c, id, expires_at=expires_at)

    def complete(self, id: str) -> Upload:
        """See `Uploads.complete`."""
        with self._db.write(f"upload/{id}") as c:
            found = _one(c, id)
            if found.state is UploadState.ARRIVING:
                _set(c, id, state=UploadState.WAITING, completed_at=now())
                note(c, "upload.complete", found.filename, bytes=found.length)
                if found.taken_alone:
                    self._queue(c, id, found.attempt)
            return _one(c, id)

    def begin(self, id: str) -> Upload:
        """See `Uploads.begin`."""
        with self._db.write(f"upload/{id}") as c:
            found = _one(c, id)
            if found.state in _UNDER_WAY:
                _set(c, id, state=UploadState.TAKING, error="")
            return _one(c, id)

    def report(self, id: str, fraction: float) -> None:
        """See `Uploads.report`."""
        with self._db.write(f"upload/{id}") as c:
            _set(c, id, fraction=fraction)

    def fetched(self, id: str, filename: str, length: int) -> None:
        """See `Uploads.fetched`."""
        with self._db.write(f"upload/{id}") as c:
            _set(c, id, filename=filename, length=length)

    def taken(self, id: str, episode: str, known: bool) -> None:
        """See `Uploads.taken`."""
        with self._db.write(f"upload/{id}") as c:
            found = _one(c, id)
            _set(c, id, state=UploadState.TAKEN, episode=episode, known=known, error="", fraction=1.0)
            note(c, "upload.taken", episode, file=found.filename, kind=found.kind, known=known)

    def refuse(self, id: str, error: Message) -> None:
        """See `Uploads.refuse`."""
        with self._db.write(f"upload/{id}") as c:
            _set(c, id, state=UploadState.REFUSED, error=error.dumps())

    def retry(self, id: str) -> Upload:
        """See `Uploads.retry`."""
        with self._db.write(f"upload/{id}") as c:
            found = _one(c, id)
            if found.state is not UploadState.REFUSED:
                raise Conflict("This file was not refused; there is nothing to try again.")
            _set(c, id, state=UploadState.WAITING, error="", fraction=0.0, attempt=found.attempt + 1)
            note(c, "upload.retry", found.filename)
            self._queue(c, id, found.attempt + 1)
            return _one(c, id)

    def remove(self, id: str) -> None:
        """See `Uploads.remove`."""
        with self._db.write(f"upload/{id}") as c:
            found = _one(c, id)
            if found.state in _UNDER_WAY and found.taken_alone:
                raise Conflict("This file is being taken into the archive; wait until that is done.")
            c.execute(t.delete().where(t.c.id == id))
            if found.state is not UploadState.TAKEN:
                note(c, "upload.remove", found.filename, bytes=found.length)

    def expired(self, at: datetime) -> list[Upload]:
        """See `Uploads.expired`."""
        found = self._all(sa.select(t).where(t.c.expires_at < at))
        return [each for each in found if each.state not in _UNDER_WAY or not each.taken_alone]

    def _check_quota(self, c: sa.Connection, upload: Upload, quota: Quota) -> None:
        mine = sa.and_(t.c.account == upload.account, t.c.state != UploadState.TAKEN)
        length, count = c.execute(
            sa.select(sa.func.coalesce(sa.func.sum(t.c.length), 0), sa.func.count()).where(mine)
        ).one()
        under_way = int(length)  # a server's sum of big integers is a decimal
        if under_way + upload.length > quota.bytes or count >= quota.count:
            raise TooLarge(
                "You have %(count)s files (%(size)s GB) on their way already; an account may have %(most)s"
                " and %(most_size)s GB. Finish or remove some first.",
                count=count,
                size=f"{under_way / 1e9:.1f}",
                most=quota.count,
                most_size=f"{quota.bytes / 1e9:.0f}",
            )

    def _queue(self, c: sa.Connection, id: str, attempt: int) -> None:
        self._enqueue(c, id, attempt)

    def _all(self, query: sa.Select[Any]) -> list[Upload]:
        with self._db.read() as c:
            return [_upload(row) for row in c.execute(query).mappings()]


def _one(c: sa.Connection, id: str) -> Upload:
    row = c.execute(sa.select(t).where(t.c.id == id)).mappings().first()
    if row is None:
        raise NotFound("There is no such upload; it may have expired. Choose the file again.")
    return _upload(row)


def _set(c: sa.Connection, id: str, **values: Any) -> None:
    c.execute(t.update().where(t.c.id == id).values(**values))


def _row(upload: Upload) -> dict[str, Any]:
    row = {each.name: getattr(upload, each.name) for each in fields(Upload)}
    for name in ("state", "created_at", "upload_request"):
        del row[name]
    upload_request = asdict(upload.upload_request)
    upload_request["date"] = upload.upload_request.date.isoformat() if upload.upload_request.date else None
    return {
        **row,
        "wish": upload_request,
        "error": upload.error.dumps() if upload.error else "",
        "account": upload.account or None,
        "episode": upload.episode or None,
    }


def _upload(row: sa.RowMapping) -> Upload:
    values = dict(row)
    upload_request = dict(values.pop("wish"))
    upload_request["date"] = date.fromisoformat(upload_request["date"]) if upload_request["date"] else None
    return Upload(
        **{
            **values,
            "upload_request": UploadRequest(**upload_request),
            "kind": UploadKind(row["kind"]),
            "state": UploadState(row["state"]),
            "account": row["account"] or "",
            "episode": row["episode"] or "",
            "error": Message.loads(row["error"]) if row["error"] else None,
        }
    )

"""Writing to a Meilisearch index: whole builds swapped in, episodes replaced in one task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any

from media.errors import Unavailable
from search.meilisearch.documents import documents, gone
from search.meilisearch.filters import coded, equals
from search.meilisearch.server import Missing, Server
from search.meilisearch.settings import SETTINGS, is_of, uid_of
from search.passages.passage import Passage

BATCH = 1000
"""Documents sent at once."""
_UNFINISHED = 8
"""Batches the server may be behind."""
ABANDONED_SECONDS = 60.0
"""A new build that nobody has written to for so long is taken for that of a killed process."""
_EPISODE_MOST = 100_000


class IndexWriter:
    """Writes to the index of the archive `name`."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        self._uid = uid_of(name)
        self._next = f"{self._uid}--next"

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        """Put an episode's passages in the place of its old ones, in one task.

        Old ones that have no new version are overwritten by documents nothing finds, which go afterwards.
        """
        self._check_idle()
        try:
            old = self._ids(episode)
        except Missing:
            self.rebuild([])
            old = []
        new = list(documents(passages))
        stale = sorted(set(old) - {document["id"] for document in new})
        if not new and not stale:
            return
        with self._server.client() as client:
            index = client.index(self._uid)
            if new:
                self._server.finish(index.add_documents([*new, *map(gone, stale)], "id").task_uid)
            if stale:
                removing = client.http.post(f"indexes/{self._uid}/documents/delete-batch", stale)
                self._server.finish(removing["taskUid"])

    def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """Write a new index beside the one in use and swap them."""
        self._check_idle()
        self._start()
        try:
            self._fill(episodes)
            self._swap()
        except BaseException:
            with suppress(Missing, Unavailable):
                self._remove(self._next)
            raise
        for uid in self._server.indexes():
            if uid != self._uid and is_of(self._name, uid):
                self._remove(uid)

    def _check_idle(self) -> None:
        age = self._server.age(self._next)
        if age is not None and age < ABANDONED_SECONDS:
            raise Unavailable("Another program is rebuilding the search index; it is tried again shortly.")

    def _start(self) -> None:
        """Make the new index; only one process can, so it is a lock too."""
        with suppress(Missing):
            if self._server.has(self._next):
                self._remove(self._next)
        with self._server.client() as client:
            self._server.finish(client.create_index(self._next, {"primaryKey": "id"}).task_uid)
            self._server.finish(client.index(self._next).update_settings(SETTINGS).task_uid)

    def _fill(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        tasks: list[int] = []
        written = chain.from_iterable(documents(passages) for _, passages in episodes)
        while batch := list(islice(written, BATCH)):
            with self._server.client() as client:
                tasks.append(client.index(self._next).add_documents(batch, "id").task_uid)
            if len(tasks) > _UNFINISHED:
                self._server.finish(tasks.pop(0))
        self._server.finish(*tasks)

    def _swap(self) -> None:
        swap: dict[str, Any] = {"indexes": [self._uid, self._next]}
        if not self._server.has(self._uid):
            swap = {"indexes": [self._next, self._uid], "rename": True}
        with self._server.client() as client:
            self._server.finish(client.swap_indexes([swap]).task_uid)

    def _ids(self, episode: str) -> list[str]:
        asked = {"filter": equals("episode", coded(episode)), "fields": ["id"], "limit": _EPISODE_MOST}
        return [document["id"] for document in self._server.fetch(self._uid, asked)["results"]]

    def _remove(self, uid: str) -> None:
        with self._server.client() as client:
            self._server.finish(client.index(uid).delete().task_uid)

"""A Meilisearch server: its errors told in sentences, its tasks waited for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
from meilisearch import Client
from meilisearch._httprequests import HttpRequests
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from media.errors import Message, Unavailable

TIMEOUTS = (2.0, 30.0)
"""Seconds to connect, and between bytes of an answer."""
TASK_SECONDS = 900.0
"""How long a task may take before it is given up."""
MISSING = "index_not_found"


class _Prompt(HTTPConnection):
    """Acknowledges at once what comes.

    The server writes head and body of an answer apart and waits (Nagle's algorithm) for the head to be
    acknowledged, which a connection that stays open puts off for 40 ms.
    """

    def getresponse(self) -> Any:
        if self.sock is not None and hasattr(socket, "TCP_QUICKACK"):  # Linux
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return super().getresponse()


class _PromptSecurely(_Prompt, HTTPSConnection):
    """The same over TLS."""


class _PromptPool(HTTPConnectionPool):
    ConnectionCls = _Prompt


class _PromptSecurePool(HTTPSConnectionPool):
    ConnectionCls = _PromptSecurely


class _Prompting(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PromptPool, "https": _PromptSecurePool}


class _OpenConnections(HttpRequests):
    """Requests over connections that stay open: the client's own opens one for each."""

    def __init__(self, client: Client) -> None:
        super().__init__(client.config)
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Prompting())

    def send_request(self, http_method: Any, *args: Any, **kwargs: Any) -> Any:
        """See the client's."""
        return super().send_request(getattr(self._session, http_method.__name__), *args, **kwargs)


class Missing(Exception):
    """There is no such index."""


class Server:
    """Safe to share between threads: the client is not, so each has its own."""

    def __init__(self, url: str, key: str) -> None:
        """Nothing is asked of the server before it is needed."""
        self._url = url
        self._key = key
        self._own = threading.local()

    @contextmanager
    def client(self) -> Iterator[Client]:
        """The client, its errors as `Unavailable`; `Missing` for an index that is not there."""
        with self._translated():
            if not hasattr(self._own, "client"):
                client = Client(self._url, self._key or None, timeout=TIMEOUTS)  # type: ignore[arg-type]
                client.http = _OpenConnections(client)
                self._own.client = client
            yield self._own.client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except MeilisearchApiError as error:
            if error.code == MISSING:
                raise Missing from error
            raise Unavailable(self._sentence(error)) from error
        except (MeilisearchError, requests.exceptions.RequestException, ValueError) as error:
            raise Unavailable(
                "The search server at %(url)s can't be reached; start Meilisearch there, or mend"
                " TUALAI_INDEX_URL.",
                url=self._url,
            ) from error

    def _sentence(self, error: MeilisearchApiError) -> Message:
        if error.status_code in (401, 403):
            return Message(
                "The search server at %(url)s refuses the key; put one with all rights on this archive's"
                " indexes into TUALAI_INDEX_KEY.",
                url=self._url,
            )
        if error.code is None:
            return Message(
                "What answers at %(url)s is not Meilisearch; mend TUALAI_INDEX_URL.", url=self._url
            )
        return Message(
            "The search server refuses (%(why)s); run “tualai reindex” to build the index anew.",
            why=error.message,
        )

    def search(self, uid: str, queries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The results of several searches, asked in one request. Raises `Missing`."""
        with self.client() as client:
            found = client.multi_search([{"indexUid": uid, **query} for query in queries])
        results: list[dict[str, Any]] = found["results"]
        return results

    def fetch(self, uid: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Documents by id or filter. Raises `Missing`."""
        with self.client() as client:
            found: dict[str, Any] = client.http.post(f"indexes/{uid}/documents/fetch", parameters)
        return found

    def finish(self, *tasks: int) -> None:
        """Wait for the tasks. Raises `Unavailable` with what one failed of, `Missing`."""
        until = time.monotonic() + TASK_SECONDS
        for task in tasks:
            pause = 0.004
            while (error := self._outcome(task)) is None:
                if time.monotonic() > until:
                    raise Unavailable("The search server is very busy; it is tried again shortly.")
                time.sleep(pause)
                pause = min(pause * 1.5, 0.25)
            if error.get("code") == MISSING:
                raise Missing
            if error:
                raise Unavailable(
                    "The search server could not finish its work (%(why)s); look at its log, then run"
                    " “tualai reindex”.",
                    why=error.get("message"),
                )

    def _outcome(self, task: int) -> dict[str, Any] | None:
        """The error of a finished task, empty for none; None while it is under way."""
        with self.client() as client:
            found = client.http.get(f"tasks/{task}")
        if found["status"] in ("enqueued", "processing"):
            return None
        if found["status"] == "canceled":
            return {"message": "somebody cancelled it"}
        return found.get("error") or {}

    def indexes(self) -> list[str]:
        """The names of all indexes."""
        with self.client() as client:
            return [row["uid"] for row in client.http.get("indexes?limit=100000")["results"]]

    def age(self, uid: str) -> float | None:
        """Seconds since the index changed, by this machine's clock; None when there is none."""
        try:
            with self.client() as client:
                updated = client.http.get(f"indexes/{uid}")["updatedAt"]
        except Missing:
            return None
        changed = datetime.fromisoformat(updated[:19]).replace(tzinfo=UTC)
        return max(0.0, (datetime.now(UTC) - changed).total_seconds())

    def has(self, uid: str) -> bool:
        """Whether there is such an index."""
        return self.age(uid) is not None

"""The contract of `VectorStore`, over the fake and SQLite."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.db.base.database import Database
from infra.db.search.vectors import SqlVectors
from media.archive.episodes import EpisodeState
from search.embedder import Vector
from search.embedding.vector_store import DIGEST_CHARACTERS, digest_of, packed, unpacked
from tests.stores import Stores

ONE = "e/1"


def vector(seed: int, size: int = 48) -> Vector:
    drawn = np.random.default_rng(seed).standard_normal(size).astype(np.float32)
    return drawn / np.linalg.norm(drawn)


def publish(stores: Stores, slug: str, day: int = 1) -> str:
    stores.add(slug, date=date(2026, 3, day))
    stores.catalogue.set_state(slug, EpisodeState.PUBLISHED)
    return slug


def test_what_was_put_is_known_under_its_embedder_only(stores: Stores) -> None:
    some = {digest_of(f"câu {n}"): vector(n) for n in range(1200)}
    stores.vectors.put(ONE, some)
    found = stores.vectors.known(ONE, [*some, digest_of("chưa có")])
    assert found.keys() == some.keys()
    for digest, kept in found.items():
        assert kept.dtype == np.float32
        assert np.linalg.norm(kept) == pytest.approx(1.0, abs=1e-5)
        assert float(kept @ some[digest]) > 0.9999
    assert stores.vectors.known("e/2", some) == {}
    assert stores.vectors.known(ONE, []) == {}


def test_a_vector_is_replaced(stores: Stores) -> None:
    stores.vectors.put(ONE, {"a": vector(1)})
    stores.vectors.put(ONE, {"a": vector(2), "b": vector(3)})
    found = stores.vectors.known(ONE, ["a", "b"])
    assert float(found["a"] @ vector(2)) > 0.9999 and len(found) == 2
    stores.vectors.put(ONE, {})


def test_only_what_is_used_or_new_is_kept(stores: Stores) -> None:
    stores.vectors.put(ONE, {"a": vector(1), "b": vector(2)})
    stores.vectors.put("e/2", {"a": vector(1), "c": vector(2)})
    assert stores.vectors.keep_only([], grace=60.0) == 0
    assert stores.vectors.keep_only(["a"], grace=0.0) == 2
    assert stores.vectors.known(ONE, "abc").keys() == {"a"}
    assert stores.vectors.known("e/2", "abc").keys() == {"a"}


def test_the_newest_published_episodes_wait_until_they_are_complete(stores: Stores) -> None:
    for day, slug in ((2, "hai"), (9, "chin"), (5, "nam")):
        publish(stores, slug, day)
    stores.add("an")
    assert stores.vectors.waiting(ONE) == ["chin", "nam", "hai"]
    stores.vectors.complete(ONE, ["nam", "chin", "khong-co"])
    assert stores.vectors.waiting(ONE) == ["hai"]
    assert stores.vectors.waiting("e/2") == ["chin", "nam", "hai"]
    stores.vectors.incomplete(["nam", "khong-co"])
    assert stores.vectors.waiting(ONE) == ["nam", "hai"]
    stores.catalogue.set_state("nam", EpisodeState.WITHDRAWN)
    assert stores.vectors.waiting(ONE) == ["hai"]
    stores.vectors.complete(ONE, [])
    stores.vectors.incomplete([])


def test_an_episode_is_taken_once(stores: Stores) -> None:
    publish(stores, "hai", 2)
    publish(stores, "chin", 9)
    assert [stores.vectors.take(ONE, 60.0) for _ in range(3)] == ["chin", "hai", None]
    assert stores.vectors.waiting(ONE) == ["chin", "hai"]
    stores.vectors.hold("hai", 0.0)
    assert stores.vectors.take(ONE, 0.0) == "hai"
    assert stores.vectors.take(ONE, 60.0) == "hai"
    stores.vectors.incomplete(["chin"])
    assert stores.vectors.take(ONE, 60.0) == "chin"


def test_holding_does_not_undo_what_the_index_said(stores: Stores) -> None:
    publish(stores, "hai")
    assert stores.vectors.take(ONE, 60.0) == "hai"
    stores.vectors.complete(ONE, ["hai"])
    stores.vectors.hold("hai", 30.0)
    assert stores.vectors.waiting(ONE) == []
    assert stores.vectors.take("e/2", 60.0) == "hai"
    stores.vectors.incomplete(["hai"])
    stores.vectors.hold("hai", 30.0)
    assert stores.vectors.take(ONE, 60.0) == "hai"


def test_two_workers_in_two_processes_take_different_episodes(any_stores: Stores) -> None:
    assert any_stores.database is not None
    for number in range(4):
        publish(any_stores, f"tap-{number}", number + 1)
    other = Database(any_stores.database.url)
    taken = [store.take(ONE, 60.0) for store in (any_stores.vectors, SqlVectors(other)) for _ in range(2)]
    assert len(set(taken)) == 4
    other.close()


@given(st.text(), st.text())
def test_a_digest_names_a_text(one: str, other: str) -> None:
    assert len(digest_of(one)) == DIGEST_CHARACTERS
    import unicodedata

    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (digest_of(one) == digest_of(other)) == same


def test_composed_and_decomposed_letters_have_one_digest() -> None:
    assert digest_of("thai sa\u0309n") == digest_of("thai sản") != digest_of("thai san")
    assert digest_of("\ud800") != digest_of("\ud801")


@given(st.integers(0, 10_000), st.integers(1, 1024))
def test_packing_keeps_the_direction(seed: int, size: int) -> None:
    whole = vector(seed, size)
    kept = unpacked(packed(whole))
    assert len(packed(whole)) == 2 * size
    assert float(kept @ whole) > 0.9995

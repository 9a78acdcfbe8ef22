"""The contract of `Changes`, over the fake and SQLite."""

from __future__ import annotations

from media.archive.episodes import EpisodeState
from tests.stores import Stores


def test_a_new_episode_is_pending_until_settled(stores: Stores) -> None:
    stores.add("mot")
    stores.add("hai")
    pending = stores.changes.pending()
    assert {slug for slug, _ in pending} == {"mot", "hai"}
    stores.changes.settle(*pending[0])
    assert stores.changes.pending() == pending[1:]
    assert len(stores.changes.pending(limit=1)) == 1


def test_a_change_made_meanwhile_stays_pending(stores: Stores) -> None:
    stores.add("mot")
    seen = stores.changes.pending()
    stores.catalogue.set_state("mot", EpisodeState.PUBLISHED)
    stores.changes.settle(*seen[0])
    ((slug, number),) = stores.changes.pending()
    assert slug == "mot" and number > seen[0][1]
    stores.changes.settle(slug, number)
    assert stores.changes.pending() == []


def test_what_two_processes_indexed_crosswise_is_indexed_again(stores: Stores) -> None:
    stores.add("mot")
    ((slug, older),) = stores.changes.pending()
    stores.catalogue.set_state("mot", EpisodeState.PUBLISHED)
    ((slug, newer),) = stores.changes.pending()
    stores.changes.settle(slug, newer)
    assert stores.changes.pending() == []
    stores.changes.settle(slug, older)
    ((slug, last),) = stores.changes.pending()
    assert last > newer
    stores.changes.settle(slug, last)
    stores.changes.settle(slug, last)
    assert stores.changes.pending() == []


def test_an_episode_is_indexed_again_once(stores: Stores) -> None:
    stores.add("mot")
    ((slug, number),) = stores.changes.pending()
    stores.changes.again(slug)
    assert stores.changes.pending() == [(slug, number)]
    stores.changes.settle(slug, number)
    stores.changes.again(slug)
    stores.changes.again(slug)
    ((slug, next_number),) = stores.changes.pending()
    assert next_number > number

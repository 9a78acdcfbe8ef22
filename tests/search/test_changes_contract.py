"""The contract of `Changes`, over the fake and SQLite."""

from __future__ import annotations

from media.episodes import EpisodeState
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

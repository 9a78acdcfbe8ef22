"""The plan of pieces: nothing before what it needs, everything in the end, whatever comes in whatever order."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.jobs.plan import KINDS, Key, Spec, due

TALL = {"name": "480p", "height": 480}
SOUND = {"name": "audio", "height": 0}
LADDER = {"drop": True, "rungs": [TALL, SOUND], "chunks": [[0, 100], [100, None]], "sound": True}
REMUXED = {
    "recording": "r",
    "replacing": False,
    "language": None,
    "rungs": [],
    "chunks": [],
    "sound": False,
}
ENCODED = REMUXED | {"rungs": [TALL], "chunks": [[0, 100], [100, None]], "sound": True}
WORDS = {0: 0, 1: 0, 2: 7, 3: 5, 4: 9}


def result(spec: Spec, start: dict[str, Any], captions: bool) -> Any:
    match spec.key.name:
        case "playable":
            return start
        case "captions":
            return captions
        case "listen":
            return {"windows": [[0, 1]] * 5, "place": "p"}
        case "hear":
            return {"language": "vi" if spec.key.number > 1 else "und", "words": WORDS[spec.key.number]}
        case "measure":
            return LADDER | {"sound": not start["rungs"]}
        case _:
            return {}


def run(start: dict[str, Any], captions: bool, seed: int) -> tuple[list[Key], dict[Key, Spec]]:
    """Do whatever is due in a random order; return that order, and every piece there was."""
    chance, done, order, known = random.Random(seed), {}, [], {}
    while todo := [spec for spec in due(done) if spec.key not in done]:
        for spec in todo:
            known.setdefault(spec.key, spec)
        spec = known[chance.choice(todo).key]
        done[spec.key] = result(spec, start, captions)
        order.append(spec.key)
    return order, known


@given(st.sampled_from([REMUXED, ENCODED]), st.booleans(), st.integers(0, 10_000))
def test_any_order_comes_to_the_same_end(start: dict[str, Any], captions: bool, seed: int) -> None:
    order, known = run(start, captions, seed)
    first, specs = run(start, captions, 1)
    assert set(order) == set(first) and order[0] == Key("playable") and order[-1] == Key("tidy")
    assert {key: spec.wanted for key, spec in known.items()} == {k: s.wanted for k, s in specs.items()}
    at = {key: place for place, key in enumerate(order)}
    for place, key in at.items():
        if place.name == "join" and place.number == 0:
            assert all(at[Key("encode", n)] < key for n in (0, 1))
    if Key("early-join") in at:
        assert at[Key("early-join")] < at[Key("segments")]
    assert len(order) == len(set(order)) and all(key.name in KINDS for key in order)


def test_the_shares_make_up_the_whole() -> None:
    for start in (REMUXED, ENCODED):
        _, known = run(start, False, 3)
        assert sum(spec.share for spec in known.values()) == pytest.approx(1.0, abs=0.05)


def test_the_language_is_decided_before_windows_are_heard_side_by_side() -> None:
    order, known = run(REMUXED, False, 5)
    heard = [key.number for key in order if key.name == "hear"]
    assert heard[:3] == [0, 1, 2]
    assert [known[Key("hear", n)].wanted["language"] for n in range(5)] == [None, None, None, "vi", "vi"]
    _, told = run(REMUXED | {"language": "en"}, False, 5)
    assert {told[Key("hear", n)].wanted["language"] for n in range(5)} == {"en"}


def test_words_of_a_recording_that_takes_anothers_place_wait_until_it_can_be_seen() -> None:
    done = {Key("playable"): ENCODED | {"replacing": True}}
    assert {spec.key.name for spec in due(done)} == {"playable", "early", "early-sound", "pictures"}
    assert "captions" in {spec.key.name for spec in due({Key("playable"): ENCODED})}


def test_what_makes_an_episode_playable_goes_before_all_else() -> None:
    assert KINDS["early"].priority < KINDS["pictures"].priority < KINDS["hear"].priority
    assert KINDS["hear"].priority < KINDS["sound"].priority < KINDS["encode"].priority

"""The chain of roles against every course of roles there is."""

from itertools import pairwise, product

import numpy as np
import pytest

from transcribe.segmenting.dialogue.chain import ALLOWED, FIRST, FOLLOWS, Chain, Role, role_probabilities


@pytest.mark.parametrize("count", [1, 2, 4])
def test_probabilities_are_those_of_all_courses_of_roles(count: int) -> None:
    random = np.random.default_rng(count)
    scores = random.normal(0, 2, (count, len(Role)))
    transition = random.normal(0, 1, (len(Role), len(Role))) + ALLOWED
    wanted = np.zeros_like(scores)
    for course in product(Role, repeat=count):
        weight = np.exp(
            FIRST[course[0]]
            + sum(scores[at, role] for at, role in enumerate(course))
            + sum(transition[a, b] for a, b in pairwise(course))
        )
        wanted[np.arange(count), course] += weight
    wanted /= wanted.sum(1, keepdims=True)
    assert role_probabilities(scores, transition) == pytest.approx(wanted, abs=1e-9)


def test_what_cannot_follow_never_does() -> None:
    """However much a lone unit looks like the middle of an answer, nothing is answered that nobody asked."""
    scores = np.zeros((3, len(Role)))
    scores[0, Role.ANSWERING] = 50
    found = role_probabilities(scores, ALLOWED)
    assert found[0, Role.ANSWERING] == pytest.approx(0, abs=1e-9)
    assert found.sum(1) == pytest.approx(1)


def test_every_role_is_left_and_reached() -> None:
    reached = {role for roles in FOLLOWS.values() for role in roles}
    assert reached == set(Role) == set(FOLLOWS)


def test_features_far_from_all_that_was_learnt_count_no_more() -> None:
    ones = np.ones(1)
    chain = Chain(ones * 0, ones, np.eye(1, len(Role)), np.zeros(len(Role)), np.zeros((5, 5)))
    near, far = (chain.probabilities(np.full((2, 1), value, np.float32)) for value in (5, 5000))
    assert near == pytest.approx(far)


def test_a_long_programme_does_not_overflow() -> None:
    scores = np.tile(np.linspace(-40, 40, len(Role)), (5000, 1))
    assert np.isfinite(role_probabilities(scores, ALLOWED)).all()
